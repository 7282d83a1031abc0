package io.tardiff.templates;

import io.tardiff.progress.Printable;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The standard output and error of the programs. Nothing else prints.
 *
 * <p>Output is sanitised by {@link Printable}, so that no control character and no password from an
 * input or an option reaches a terminal.
 */
public final class Console {

  private Console() {}

  /** Returns sanitised standard output. */
  public static PrintStream out() {
    return printable(System.out);
  }

  /** Returns sanitised standard error. */
  public static PrintStream err() {
    return printable(System.err);
  }

  /** Sanitises the logs of this process, which the logger writes to standard error. */
  static void guardLogs() {
    System.setErr(err());
  }

  /**
   * Returns a stream that sanitises whole lines, since a pattern may span several writes. Flushing
   * writes an unfinished line.
   */
  static PrintStream printable(PrintStream target) {
    return new PrintStream(new Lines(target), /* autoFlush= */ true, StandardCharsets.UTF_8);
  }

  private static final class Lines extends OutputStream {
    private final PrintStream target;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(PrintStream target) {
      this.target = target;
    }

    @Override
    public void write(int b) {
      line.write(b);
      if (b == '\n') {
        writeLine();
      }
    }

    @Override
    public void flush() {
      writeLine();
      target.flush();
    }

    private void writeLine() {
      if (line.size() > 0) {
        target.print(Printable.lines(line.toString(StandardCharsets.UTF_8)));
        line.reset();
      }
    }
  }
}
