package io.tardiff.templates;

import io.tardiff.settings.Labelled;
import java.util.Map;
import java.util.TreeMap;

/**
 * Defaults for a purpose.
 *
 * <p>A preset is a list of options as one could write them on the command line; it names only those
 * that differ from the defaults of the options themselves, which are the preset {@link #SMALL}.
 */
enum Preset implements Labelled {
  /** Everything once, in minutes: to see that it runs, not for results. */
  QUICKSTART(
      "the whole way in minutes: to see it run, not for results",
      Map.ofEntries(
          Map.entry("stays", "1000"),
          Map.entry("denoiser", "tiny"),
          // So few steps do not teach a network to say the noise: its samples would vary nearly
          // twice as much as stays do.
          Map.entry("prediction", "velocity"),
          // Few steps want a high rate.
          Map.entry("trainingSteps", "600"),
          Map.entry("batchSize", "64"),
          Map.entry("learningRate", "0.004"),
          Map.entry("classifierEpochs", "5"),
          Map.entry("guidanceRules", "mean_shift"),
          Map.entry("guidanceScales", "0.01"),
          Map.entry("evaluationSeeds", "2"),
          Map.entry("evaluationModels", "gru"),
          Map.entry("alphas", "1"))),
  /** For a machine without a GPU. */
  SMALL("the defaults shown: for a machine without a GPU", Map.of()),
  /** As in the TarDiff paper. */
  PAPER(
      "the size of the TarDiff paper: for a GPU",
      Map.of("denoiser", "paper", "trainingSteps", "60000", "learningRate", "0.0002"));

  private final String purpose;
  private final Map<String, String> options;

  Preset(String purpose, Map<String, String> options) {
    this.purpose = purpose;
    this.options = new TreeMap<>(options);
  }

  String purpose() {
    return purpose;
  }

  /** Option name to value, as on a command line. */
  Map<String, String> options() {
    return options;
  }
}
