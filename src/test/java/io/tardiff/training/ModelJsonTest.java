package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.Prediction;
import io.tardiff.influence.ClassifierConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ModelJsonTest {
  @Test
  void aDenoiserComesBackAsItWas() {
    DenoiserTraining training =
        DenoiserTraining.defaults()
            .withNetwork(
                DenoiserConfig.of(16, List.of(1, 3), 2, 8, List.of(0, 1))
                    .withPrediction(Prediction.VELOCITY))
            .withSchedule(NoiseSchedule.Kind.COSINE)
            .withNoiseSteps(30)
            .withTrainingSteps(7)
            .withBatchSize(5)
            .withLearningRate(0.003)
            .withEmaDecay(0.5)
            .withLoss(DenoiserTraining.Loss.L1);
    assertThat(training, is(not(DenoiserTraining.defaults())));
    assertThat(DenoiserTraining.settings().fromJson(ModelJson.of(training)), is(training));
  }

  @Test
  void aClassifierComesBackAsItWas() {
    ClassifierConfig config =
        ClassifierConfig.forName("cnn")
            .withHidden(12)
            .withLayers(3)
            .withDropout(0.4)
            .withLearningRate(0.02)
            .withBatch(9)
            .withEpochs(4)
            .withPatience(2)
            .withClassWeighting(true);
    assertThat(ClassifierTraining.settings().fromJson(ModelJson.of(config)), is(config));
  }
}
