package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.ClassifierInputs;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.ClassifierPool;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.FittedClassifier;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The default downstream models: the classifiers of this library in their default configuration,
 * named by what they read beside the values ({@code gru_mask}, {@code gru_mask_time}), and a
 * logistic regression. All networks of a JVM share the graphs of one pool.
 */
final class TargetClassifiers implements DownstreamTrainer {
  private static final String LOGISTIC = "logistic";

  private transient SharedInstances.@Nullable Lease<ClassifierPool> pool;

  @Override
  public List<String> models() {
    List<String> models = new ArrayList<>();
    for (String reading : List.of("", "_mask", "_mask_time")) {
      for (ClassifierConfig.Kind kind : ClassifierConfig.Kind.values()) {
        models.add(kind.label() + reading);
      }
    }
    models.add(LOGISTIC);
    return models;
  }

  @Override
  public boolean readsMasks(String model) {
    return inputs(model).readMasks();
  }

  private static ClassifierInputs inputs(String model) {
    if (model.endsWith("_mask_time")) {
      return ClassifierInputs.VALUES_MASK_TIME;
    }
    return model.endsWith("_mask") ? ClassifierInputs.VALUES_MASK : ClassifierInputs.VALUES;
  }

  @Override
  public FittedModel fit(String model, LabelledWindows train, LabelledWindows tuning, long seed) {
    return fit(model, train, tuning, train.size(), seed);
  }

  @Override
  public FittedModel fit(
      String model, LabelledWindows train, LabelledWindows tuning, int epoch, long seed) {
    if (model.equals(LOGISTIC)) {
      return LogisticRegression.fit(train, tuning, seed);
    }
    ClassifierConfig network =
        ClassifierConfig.forName(model.replaceFirst("_.*", "")).withInputs(inputs(model));
    return fit(ClassifierTraining.of(network), train, tuning, epoch, seed);
  }

  /** Fits a network. */
  FittedModel fit(
      ClassifierTraining training,
      LabelledWindows train,
      LabelledWindows tuning,
      int epoch,
      long seed) {
    FittedClassifier classifier = pool().fit(training, train, tuning, epoch, seed);
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

  private synchronized ClassifierPool pool() {
    if (pool == null) {
      TensorFlowLibrary.check();
      pool = SharedInstances.acquire(ClassifierPool.class.getName(), ClassifierPool::new);
    }
    return pool.get();
  }

  @Override
  public synchronized void close() {
    if (pool != null) {
      pool.close();
      pool = null;
    }
  }
}
