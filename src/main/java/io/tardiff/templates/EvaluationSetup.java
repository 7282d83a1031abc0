package io.tardiff.templates;

import io.tardiff.evaluation.EvaluationConfig;

/** Turns options into the configuration of evaluation. */
final class EvaluationSetup {
  private EvaluationSetup() {}

  static EvaluationConfig of(EvaluationOptions options, OptionProblems problems) {
    EvaluationConfig config = EvaluationConfig.defaults();
    config =
        problems.apply("evaluationSeeds", config, c -> c.withSeeds(options.getEvaluationSeeds()));
    config =
        problems.apply(
            "evaluationModels",
            config,
            c -> c.withModels(ValueList.words(options.getEvaluationModels())));
    return problems.apply(
        "alphas", config, c -> c.withAlphas(ValueList.numbers(options.getAlphas())));
  }
}
