package io.tardiff.templates;

import io.tardiff.settings.Labelled;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of defaults for a purpose.
 *
 * <p>A preset lists option values as on a command line, only those that differ from the defaults of
 * the options. The defaults themselves are the preset {@link #SMALL}.
 */
enum Preset implements Labelled {
  /** Runs every step in minutes; not for results. */
  QUICKSTART(
      "every step in minutes: to see it run, not for results",
      Map.ofEntries(
          Map.entry("stays", "1000"),
          Map.entry("denoiser", "tiny"),
          // After so few steps, samples of a noise model would vary nearly twice as much as stays.
          Map.entry("prediction", "velocity"),
          // Few steps need a high learning rate.
          Map.entry("trainingSteps", "600"),
          Map.entry("batchSize", "64"),
          Map.entry("learningRate", "0.004"),
          Map.entry("classifierEpochs", "5"),
          Map.entry("guidanceRules", "mean_shift"),
          Map.entry("guidanceScales", "0.01"),
          Map.entry("selection", "none"),
          Map.entry("evaluationSeeds", "2"),
          Map.entry("evaluationModels", "gru"),
          Map.entry("alphas", "1"))),
  /** The defaults: for a machine without a GPU. */
  SMALL("the defaults shown: for a machine without a GPU", Map.of()),
  /** As in the TarDiff paper. */
  PAPER(
      "the size of the TarDiff paper: for a GPU",
      Map.of(
          "denoiser",
          "paper",
          "trainingSteps",
          "60000",
          "learningRate",
          "0.0002",
          "guidanceRules",
          "mean_shift"));

  private final String purpose;
  private final Map<String, String> options;

  Preset(String purpose, Map<String, String> options) {
    this.purpose = purpose;
    this.options = new TreeMap<>(options);
  }

  String purpose() {
    return purpose;
  }

  /** Returns the values by option name, as on a command line. */
  Map<String, String> options() {
    return options;
  }
}
