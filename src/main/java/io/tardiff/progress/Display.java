package io.tardiff.progress;

/** Shows the progress of a phase while it runs. Called by one thread at a time. */
interface Display {
  void show(ProgressState state);

  /** Cleans up at the end of the phase, before its last line is logged. */
  void end();
}
