package io.tardiff.files;

import java.util.Iterator;
import java.util.function.Function;

/**
 * Streams records from a file, holding one in memory at a time. Must be closed, preferably by
 * try-with-resources.
 */
public interface CloseableIterator<T> extends Iterator<T>, AutoCloseable {

  /** Closes the file. */
  @Override
  void close();

  /** Returns an iterator over the results of {@code function}; closing it closes this one. */
  default <R> CloseableIterator<R> map(Function<? super T, ? extends R> function) {
    CloseableIterator<T> source = this;
    return new CloseableIterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public R next() {
        return function.apply(source.next());
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }
}
