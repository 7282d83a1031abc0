package io.tardiff.progress;

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
 */
public final class Progress implements AutoCloseable {

  private Progress() {}

  /** Starts a phase of {@code total} units; 0 where the total is unknown. */
  public static Progress start(String phase, long total, String unit) {
    return new Progress();
  }

  /** {@code count} more units are done. */
  public void advance(long count) {}

  /** A short remark beside the bar, such as the present loss. */
  public void note(String format, Object... arguments) {}

  /** Ends the phase and prints its one line. */
  @Override
  public void close() {}
}
