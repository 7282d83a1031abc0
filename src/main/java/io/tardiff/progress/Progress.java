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
 * Shows how far a long phase has come and when it will end: as a bar on a terminal, elsewhere as a
 * log line from time to time, and as one line when it is done.
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
 * <p>logs at the end
 *
 * <pre>{@code Training the denoiser: 7,500 steps in 10m 12s (12.3 steps/s), loss 0.3100}</pre>
 *
 * <p>The line of a phase that is closed before its total is reached, usually by an exception, says
 * so ("stopped at 1,200 of 7,500 steps after 1m 38s"). If a phase may end early, call {@link
 * #finish} before closing it. Thread-safe; several phases may run at once. Numbers are formatted by
 * {@link Locale#ROOT}.
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
  private long lastNanos;
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
   * Starts a phase. If its total is unknown, it is shown as log lines, and its last line is left
   * out if it was short.
   *
   * @param phase what is being done, such as "Training the denoiser"
   * @param total total number of units; 0 if unknown
   * @param unit name of the units in the plural, such as "steps"
   */
  public static Progress start(String phase, long total, String unit) {
    Display display =
        total > 0 && onTerminal() ? new BarDisplay(phase, total, unit) : new LogDisplay(LOG::info);
    return new Progress(phase, total, unit, System::nanoTime, display, LOG::info);
  }

  /** Adds {@code count} units done. */
  public synchronized void advance(long count) {
    checkArgument(count >= 0, "count must be at least 0, was %s", count);
    done += count;
    lastNanos = nanoClock.getAsLong() - startNanos;
    show();
  }

  /** Adds units that were done before now, when the phase may have been over for long. */
  synchronized void addLate(long count) {
    done += count;
  }

  /**
   * Adds {@code count} units done by an earlier run that this one resumes. They count towards the
   * total but not the rate.
   */
  public synchronized void skip(long count) {
    checkArgument(count >= 0, "count must be at least 0, was %s", count);
    skipped += count;
    done += count;
    show();
  }

  /**
   * Sets a short note shown with the progress, such as the current loss. The final line shows the
   * last one.
   */
  public synchronized void note(String format, Object... arguments) {
    note = String.format(Locale.ROOT, format, arguments);
    show();
  }

  /**
   * Shows that a call is running that takes long and cannot report itself, with the time that it
   * has taken, until the result is closed.
   *
   * <pre>{@code
   * try (Progress.Working fitting = progress.working("fitting gru, seed 3")) {
   *   model = trainer.fit(train);
   * }
   * }</pre>
   */
  public Working working(String what) {
    return new Working(what);
  }

  private synchronized void showWorking(String what, long nanos) {
    if (!closed) {
      display.show(state().withNote(what + " for " + ProgressState.duration(nanos / 1e9)));
    }
  }

  /** A call that is running. */
  public final class Working implements AutoCloseable {
    private static final long MILLIS = 1_000;

    private final Thread thread;

    private Working(String what) {
      long start = nanoClock.getAsLong();
      thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    Thread.sleep(MILLIS);
                    showWorking(what, nanoClock.getAsLong() - start);
                  }
                } catch (InterruptedException e) {
                  // The call has ended.
                }
              },
              "progress of " + phase);
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }

  /** Returns whether all units are done; false if their number is unknown. */
  public synchronized boolean isComplete() {
    return total > 0 && done >= total;
  }

  /**
   * Marks the phase as complete although not all units were needed, as when training stops early.
   */
  public synchronized void finish() {
    finished = true;
  }

  /** Ends the phase and logs its last line. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    display.end();
    if (total > 0) {
      log.accept(state().lastLine(finished));
    } else if (lastNanos >= LogDisplay.FIRST) {
      // Whoever does not know the total notices the end late.
      log.accept(state(lastNanos).lastLine(finished));
    }
  }

  private void show() {
    if (!closed) {
      display.show(state());
    }
  }

  private ProgressState state() {
    return state(nanoClock.getAsLong() - startNanos);
  }

  private ProgressState state(long nanos) {
    return new ProgressState(phase, unit, total, done, skipped, nanos, note);
  }

  /** Returns whether standard error is a terminal. */
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
