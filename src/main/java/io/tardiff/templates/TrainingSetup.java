package io.tardiff.templates;

import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.Prediction;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.GuidanceOver;
import io.tardiff.training.DenoiserTraining;
import io.tardiff.training.TrainingConfig;

/** Turns options into the configuration of training. */
final class TrainingSetup {
  private TrainingSetup() {}

  static <O extends RunOptions & DenoiserOptions & ClassifierOptions> TrainingConfig of(
      O options, OptionProblems problems) {
    TrainingConfig config =
        TrainingConfig.defaults()
            .withDenoiser(denoiser(options, problems))
            .withClassifier(classifier(options, problems))
            .withGuidanceOver(GuidanceOver.of(options.getGuidanceOver()))
            .withSeed(options.getSeed());
    config =
        problems.apply(
            "checkpointSeconds",
            config,
            c -> c.withCheckpointSeconds(options.getCheckpointSeconds()));
    config =
        problems.apply("trainingRounds", config, c -> c.withRounds(options.getTrainingRounds()));
    return problems.apply(
        "roundMinutes", config, c -> c.withRoundMinutes(options.getRoundMinutes()));
  }

  private static DenoiserTraining denoiser(DenoiserOptions options, OptionProblems problems) {
    DenoiserTraining training =
        DenoiserTraining.defaults()
            .withNetwork(
                DenoiserConfig.preset(options.getDenoiser())
                    .withPrediction(Prediction.of(options.getPrediction())))
            .withSchedule(NoiseSchedule.Kind.of(options.getNoiseSchedule()))
            .withLoss(DenoiserTraining.Loss.of(options.getLoss()));
    training =
        problems.apply("noiseSteps", training, t -> t.withNoiseSteps(options.getNoiseSteps()));
    training =
        problems.apply("trainingSteps", training, t -> t.withSteps(options.getTrainingSteps()));
    training = problems.apply("batchSize", training, t -> t.withBatch(options.getBatchSize()));
    training =
        problems.apply(
            "learningRate", training, t -> t.withLearningRate(options.getLearningRate()));
    return problems.apply("emaDecay", training, t -> t.withEmaDecay(options.getEmaDecay()));
  }

  private static ClassifierConfig classifier(ClassifierOptions options, OptionProblems problems) {
    ClassifierConfig config =
        ClassifierConfig.forName(options.getClassifier())
            .withClassWeighting(options.getClassWeighting());
    return problems.apply(
        "classifierEpochs", config, c -> c.withEpochs(options.getClassifierEpochs()));
  }
}
