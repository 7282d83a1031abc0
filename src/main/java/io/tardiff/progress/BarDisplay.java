package io.tardiff.progress;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows a bar with rate and ETA on the terminal, and removes it when the phase ends. */
final class BarDisplay implements Display {
  private final ProgressBar bar;

  BarDisplay(String phase, long total, String unit) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(phase)
            // The library uses -1 for an unknown total.
            .setInitialMax(total == 0 ? -1 : total)
            .setUnit(" " + unit, 1)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(500)
            // Ours excludes the work of an earlier run.
            .hideEta()
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void show(ProgressState state) {
    bar.stepTo(state.done());
    bar.setExtraMessage(state.pace());
  }

  @Override
  public void end() {
    bar.close();
  }
}
