package io.tardiff.templates;

import io.tardiff.progress.Printable;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the programs print, and nothing else does: what goes through is {@link Printable}, so that
 * neither a control character nor a password of an input or an option reaches a terminal.
 */
public final class Console {

  private Console() {}

  /** Standard output. */
  public static PrintStream out() {
    return printable(System.out);
  }

  /** Standard error. */
  public static PrintStream err() {
    return printable(System.err);
  }

  /** Makes the logger of this process, which writes to standard error, print the same way. */
  static void guardLogs() {
    System.setErr(err());
  }

  /** A stream whose lines come out printable; an unfinished line comes out when it is flushed. */
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
        release();
      }
    }

    @Override
    public void flush() {
      release();
      target.flush();
    }

    private void release() {
      if (line.size() > 0) {
        target.print(Printable.lines(line.toString(StandardCharsets.UTF_8)));
        line.reset();
      }
    }
  }
}
