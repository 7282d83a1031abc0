package io.tardiff.progress;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on the terminal, with rate and ETA, that disappears when the phase ends. */
final class BarDisplay implements Display {
  private final ProgressBar bar;

  BarDisplay(String phase, long total, String unit) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(phase)
            // The library's word for an unknown total.
            .setInitialMax(total == 0 ? -1 : total)
            .setUnit(" " + unit, 1)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(500)
            // Ours leaves out what an earlier run did.
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
