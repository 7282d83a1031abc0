package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;

import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.training.RankingMetrics;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetClassifiersTest {

  @Test
  void everyModelLearnsWhoIsAtRisk(@TempDir Path directory) {
    RealWindows real = RealWindows.open(Fixtures.cohort(directory).directory());
    DownstreamTrainer trainer = EvaluateSyntheticEhr.classifiers();
    for (String model : trainer.models()) {
      try (FittedModel fitted = trainer.fit(model, real.train(), real.tuning(), 1)) {
        double auroc =
            RankingMetrics.auroc(fitted.probabilities(real.heldOut()), real.heldOut().labels());
        assertThat(model, auroc, greaterThan(0.75));
      }
    }
  }
}
