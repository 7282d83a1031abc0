package io.tardiff.progress;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Logs a line after 5 s and then every 15 s, at the next progress of the phase. A phase shorter
 * than 5 s logs only its last line.
 */
final class LogDisplay implements Display {
  static final long FIRST = TimeUnit.SECONDS.toNanos(5);
  private static final long RHYTHM = TimeUnit.SECONDS.toNanos(15);

  private final Consumer<String> sink;
  private long due = FIRST;

  LogDisplay(Consumer<String> sink) {
    this.sink = sink;
  }

  @Override
  public void show(ProgressState state) {
    if (state.nanos() < due) {
      return;
    }
    sink.accept(state.line());
    due += (1 + (state.nanos() - due) / RHYTHM) * RHYTHM;
  }

  @Override
  public void end() {}
}
