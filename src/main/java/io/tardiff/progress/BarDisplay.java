package io.tardiff.progress;

import com.google.common.base.Strings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.InteractiveConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows a bar with rate and ETA on the terminal, and removes it when the phase ends. */
final class BarDisplay implements Display {
  private final ProgressBar bar;

  BarDisplay(String phase, long total, String unit) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(phase)
            .setInitialMax(total)
            .setUnit(" " + unit, 1)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(500)
            // Ours excludes the work of an earlier run.
            .hideEta()
            // The raw stream: programs sanitise standard error, which would escape the bar.
            .setConsumer(consumer(new PrintStream(new FileOutputStream(FileDescriptor.err))))
            .clearDisplayOnFinish()
            .build();
  }

  private static ProgressBarConsumer consumer(PrintStream terminal) {
    String type = Strings.nullToEmpty(System.getenv("TERM"));
    return type.isEmpty() || type.equals("dumb")
        ? new ConsoleProgressBarConsumer(terminal)
        : new InteractiveConsoleProgressBarConsumer(terminal);
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
