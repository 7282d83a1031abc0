package io.tardiff.files;

import java.util.Iterator;
import java.util.function.Function;

/**
 * Records streamed from a file: one in memory at a time. Close it, best with try-with-resources.
 */
public interface CloseableIterator<T> extends Iterator<T>, AutoCloseable {

  /** Releases the file. */
  @Override
  void close();

  /** The same records, each passed through {@code function}. */
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
