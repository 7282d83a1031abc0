package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.training.ClassifierTraining;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/**
 * The classifiers of the {@linkplain Discriminative discriminative score}: a decision forest, and
 * the GRU of this library.
 *
 * <p>Folds are small, so the GRU takes batches of 32 windows. Its ranking is often right before its
 * probabilities are, so it divides windows at the median probability on the tuning windows instead
 * of one half: half of those are synthetic.
 */
final class DiscriminativeTrainer implements DownstreamTrainer {
  private static final String FOREST = "forest";
  private static final String GRU = "gru";

  private final TargetClassifiers networks = new TargetClassifiers();

  @Override
  public List<String> models() {
    return List.of(FOREST, GRU);
  }

  @Override
  public FittedModel fit(String model, LabelledWindows train, LabelledWindows tuning, long seed) {
    if (model.equals(FOREST)) {
      return DecisionForest.fit(LabelledWindows.concat(List.of(train, tuning)), seed);
    }
    FittedModel gru =
        networks.fit(
            ClassifierTraining.of(ClassifierConfig.forName(GRU)).withBatchSize(32),
            train,
            tuning,
            seed);
    double median = StatUtils.percentile(synthetic(gru, tuning), 50);
    return new FittedModel() {
      @Override
      public double[][] probabilities(LabelledWindows windows) {
        return Arrays.stream(synthetic(gru, windows))
            .map(p -> (1 + p - median) / 2)
            .mapToObj(p -> new double[] {1 - p, p})
            .toArray(double[][]::new);
      }

      @Override
      public void close() {
        gru.close();
      }
    };
  }

  private static double[] synthetic(FittedModel gru, LabelledWindows windows) {
    return Arrays.stream(gru.probabilities(windows)).mapToDouble(p -> p[1]).toArray();
  }

  @Override
  public void close() {
    networks.close();
  }
}
