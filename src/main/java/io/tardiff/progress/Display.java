package io.tardiff.progress;

/** Where the progress of one phase is shown while it runs. Called by one thread at a time. */
interface Display {
  void show(ProgressState state);

  /** The phase has ended: leave the place clean for its last line. */
  void end();
}
