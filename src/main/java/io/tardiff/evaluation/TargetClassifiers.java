package io.tardiff.evaluation;

import io.tardiff.influence.ClassifierConfig;
import io.tardiff.training.ClassifierTrainer;
import io.tardiff.training.FittedClassifier;
import io.tardiff.training.LabelledWindows;
import java.util.List;

/** The classifiers of this library as downstream models, in their default configuration. */
final class TargetClassifiers implements DownstreamTrainer {

  @Override
  public List<String> models() {
    return List.of("gru", "cnn");
  }

  @Override
  public FittedModel fit(String model, LabelledWindows train, LabelledWindows tuning, long seed) {
    FittedClassifier classifier =
        ClassifierTrainer.fit(ClassifierConfig.forName(model), train, tuning, seed);
    return new FittedModel() {
      @Override
      public double[][] probabilities(LabelledWindows windows) {
        return classifier.probabilities(windows);
      }

      @Override
      public void close() {
        classifier.close();
      }
    };
  }
}
