package io.tardiff.progress;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a person how far a long phase is and when it will end: a bar on a terminal, a log line now
 * and then elsewhere, one line when done.
 *
 * <pre>{@code
 * try (Progress progress = Progress.start("Training the denoiser", steps, "steps")) {
 *   for (int step = 0; step < steps; step++) {
 *     progress.note("loss %.4f", loss);
 *     progress.advance(1);
 *   }
 * }
 * }</pre>
 *
 * <p>ends with
 *
 * <pre>{@code Training the denoiser: 7,500 steps in 10m 12s (12.3 steps/s), loss 0.3100}</pre>
 *
 * <p>A phase closed before its total was reached was cut short, most often by an exception, and its
 * line says so ("stopped at 1,200 of 7,500 steps after 1m 38s"); a phase that may rightly end early
 * calls {@link #finish} before it is closed. Safe for use by several threads, and several phases
 * may run at once. Formats follow {@link Locale#ROOT}, so that logs read the same everywhere.
 */
public final class Progress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

  private final String phase;
  private final long total;
  private final String unit;
  private final LongSupplier nanoClock;
  private final Display display;
  private final Consumer<String> log;
  private final long startNanos;

  private long done;
  private long skipped;
  private String note = "";
  private boolean finished;
  private boolean closed;

  Progress(
      String phase,
      long total,
      String unit,
      LongSupplier nanoClock,
      Display display,
      Consumer<String> log) {
    checkArgument(total >= 0, "total must be at least 0, was %s", total);
    this.phase = phase;
    this.total = total;
    this.unit = unit;
    this.nanoClock = nanoClock;
    this.display = display;
    this.log = log;
    this.startNanos = nanoClock.getAsLong();
  }

  /**
   * Starts a phase.
   *
   * @param phase what is being done, as a sentence would begin: "Training the denoiser"
   * @param total units there are; 0 where that is unknown
   * @param unit what is counted, in the plural: "steps"
   */
  public static Progress start(String phase, long total, String unit) {
    Display display = onTerminal() ? new BarDisplay(phase, total, unit) : new LogDisplay(LOG::info);
    return new Progress(phase, total, unit, System::nanoTime, display, LOG::info);
  }

  /** {@code count} more units are done. */
  public synchronized void advance(long count) {
    checkArgument(count >= 0, "count must be at least 0, was %s", count);
    done += count;
    show();
  }

  /**
   * {@code count} more units were already done by an earlier run that this one resumes: they count
   * towards the total, not towards the rate.
   */
  public synchronized void skip(long count) {
    checkArgument(count >= 0, "count must be at least 0, was %s", count);
    skipped += count;
    done += count;
    show();
  }

  /**
   * A short remark beside the bar, such as the present loss. The last one stays in the final line.
   */
  public synchronized void note(String format, Object... arguments) {
    note = String.format(Locale.ROOT, format, arguments);
    show();
  }

  /** Whether all units there are have been done; never where their number is unknown. */
  public synchronized boolean isComplete() {
    return total > 0 && done >= total;
  }

  /** The phase is complete although not all units were needed, as when training stops early. */
  public synchronized void finish() {
    finished = true;
  }

  /** Ends the phase and prints its one line. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    display.end();
    log.accept(state().lastLine(finished));
  }

  private void show() {
    if (!closed) {
      display.show(state());
    }
  }

  private ProgressState state() {
    return new ProgressState(
        phase, unit, total, done, skipped, nanoClock.getAsLong() - startNanos, note);
  }

  /** Whether what is written to standard error is read on a terminal. */
  private static boolean onTerminal() {
    Path standardError = Path.of("/proc/self/fd/2");
    if (Files.isSymbolicLink(standardError)) {
      try {
        String target = Files.readSymbolicLink(standardError).toString();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      } catch (IOException e) {
        return false;
      }
    }
    return System.console() != null;
  }
}
