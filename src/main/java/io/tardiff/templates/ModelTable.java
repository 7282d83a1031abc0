package io.tardiff.templates;

import com.fasterxml.jackson.databind.JsonNode;
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
    for (JsonNode epoch : model.json().at("/classifier/epochs")) {
      int number = epoch.get("epoch").asInt();
      append(
          table,
          "%5d  %12.3f  %12.3f  %15.2f%s%n",
          number,
          epoch.get("tuning_auroc").asDouble(),
          epoch.get("tuning_auprc").asDouble(),
          epoch.get("guidance_signal").asDouble(),
          number == model.bestEpoch() ? "  best" : "");
    }
    return table.append(warning(model, model.bestEpoch())).toString();
  }

  /** A warning where the guidance direction at that epoch is mostly noise; else nothing. */
  static String warning(TarDiffModel model, int epoch) {
    double signal =
        model.json().at("/classifier/epochs/" + (epoch - 1) + "/guidance_signal").asDouble();
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
