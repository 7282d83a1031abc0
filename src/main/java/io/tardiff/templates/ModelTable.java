package io.tardiff.templates;

import io.tardiff.training.TarDiffModel;
import java.util.Locale;

/** How training went, as a person reads it. */
final class ModelTable {
  /** Below this cosine, G on one half of the guidance set says little about the other half. */
  static final double LOW_SIGNAL = 0.3;

  private ModelTable() {}

  static String of(TarDiffModel model) {
    StringBuilder table = new StringBuilder();
    append(table, "epoch  tuning AUROC  tuning AUPRC  guidance signal%n");
    for (TarDiffModel.ClassifierEpoch epoch : model.classifierEpochs()) {
      append(
          table,
          "%5d  %12.3f  %12.3f  %15.2f%s%n",
          epoch.epoch(),
          epoch.tuningAuroc(),
          epoch.tuningAuprc(),
          epoch.guidanceSignal(),
          epoch.epoch() == model.bestEpoch() ? "  best" : "");
    }
    return table.append(warning(model, model.bestEpoch())).toString();
  }

  /** A warning where the guidance direction at that epoch is mostly noise; else nothing. */
  static String warning(TarDiffModel model, int epoch) {
    double signal = model.classifierEpochs().get(epoch - 1).guidanceSignal();
    if (signal >= LOW_SIGNAL) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "Warning: the guidance signal at epoch %d is %.2f. The guidance directions of two halves of"
            + " the tuning split hardly agree there, so guidance by it is mostly noise; an earlier"
            + " epoch (--guidanceAt) may have more.%n",
        epoch,
        signal);
  }

  private static void append(StringBuilder table, String format, Object... arguments) {
    table.append(String.format(Locale.ROOT, format, arguments));
  }
}
