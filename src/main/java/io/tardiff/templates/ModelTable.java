package io.tardiff.templates;

import io.tardiff.training.TarDiffModel;
import java.util.Arrays;
import java.util.Locale;

/** Formats the epochs of the target classifier for the terminal. */
final class ModelTable {
  /**
   * Warn below this cosine between the guidance directions of the two halves of the guidance set.
   */
  static final double LOW_SIGNAL = 0.3;

  private ModelTable() {}

  static String of(TarDiffModel model) {
    StringBuilder table = new StringBuilder();
    append(table, "epoch  tuning loss  tuning AUROC  tuning AUPRC  guidance signal%n");
    for (TarDiffModel.ClassifierEpoch epoch : model.classifierEpochs()) {
      append(
          table,
          "%5d  %11.4f  %12.3f  %12.3f  %15.2f%s%n",
          epoch.epoch(),
          epoch.tuningLoss(),
          epoch.tuningAuroc(),
          epoch.tuningAuprc(),
          epoch.guidanceSignal(),
          epoch.epoch() == model.bestEpoch() ? "  best" : "");
    }
    if (model.trainUnlabelled() > 0) {
      append(
          table,
          "%nThe denoiser learned from %,d windows without a label beside %,d with one.%n",
          model.trainUnlabelled(),
          Arrays.stream(model.trainLabels()).sum());
    }
    return table.append(warning(model, model.bestEpoch())).toString();
  }

  /**
   * Returns a warning if the guidance direction at an epoch is mostly noise, else an empty string.
   */
  static String warning(TarDiffModel model, int epoch) {
    double signal = model.classifierEpochs().get(epoch - 1).guidanceSignal();
    if (signal >= LOW_SIGNAL) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "Warning: the guidance signal at epoch %d is %.2f. The guidance directions of two halves of"
            + " the tuning split hardly agree, so guidance is mostly noise; an earlier epoch"
            + " (--guidanceAt) may have a stronger signal.%n",
        epoch,
        signal);
  }

  private static void append(StringBuilder table, String format, Object... arguments) {
    table.append(String.format(Locale.ROOT, format, arguments));
  }
}
