package io.tardiff.templates;

import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.Imputation;
import io.tardiff.cohort.NormalisationMethod;
import io.tardiff.cohort.Task;

/** Turns options into the configuration of a cohort. */
final class CohortSetup {
  private CohortSetup() {}

  static CohortConfig of(CohortOptions options, OptionProblems problems) {
    CohortConfig config = CohortConfig.builder().build();
    if (options.getTask() != null) {
      config =
          problems.apply(
              "task", config, c -> c.toBuilder().forTask(Task.named(options.getTask())).build());
    }
    // First, as channels are named by it.
    if (options.getConcepts() != null) {
      config =
          problems.apply(
              "concepts",
              config,
              c ->
                  c.toBuilder()
                      .setDictionary(c.dictionary().withFile(options.getConcepts()))
                      .build());
    }
    if (options.getChannels() != null) {
      config =
          problems.apply(
              "channels",
              config,
              c -> c.toBuilder().setChannels(ValueList.words(options.getChannels())).build());
    }
    // The task says how long a window is, unless told otherwise.
    if (options.getSteps() != null) {
      config =
          problems.apply("steps", config, c -> c.toBuilder().setSteps(options.getSteps()).build());
    }
    if (options.getStepMinutes() != null) {
      config =
          problems.apply(
              "stepMinutes",
              config,
              c -> c.toBuilder().setStepMinutes(options.getStepMinutes()).build());
    }
    config =
        problems.apply(
            "split",
            config,
            c -> c.toBuilder().setSplitPercent(ValueList.numbers(options.getSplit())).build());
    config =
        problems.apply(
            "windowShards",
            config,
            c -> c.toBuilder().setNumShards(options.getWindowShards()).build());
    config =
        problems.apply(
            "droppedWarning",
            config,
            c -> c.toBuilder().setDroppedWarning(options.getDroppedWarning()).build());
    config =
        problems.apply(
            "droppedThreshold",
            config,
            c -> c.toBuilder().setDroppedThreshold(options.getDroppedThreshold()).build());
    return config.toBuilder()
        .setSplitSeed(options.getSplitSeed())
        .setNormalisation(NormalisationMethod.of(options.getNormalisation()))
        .setImputation(Imputation.of(options.getImputation()))
        .setStratified(options.getStratified())
        .build();
  }
}
