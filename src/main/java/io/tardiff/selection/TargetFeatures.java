package io.tardiff.selection;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.training.FittedClassifier;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The features of windows in the target classifier at several points of its training: for each
 * point, the input of its head and the difference of the logit of each other class to that of class
 * 0.
 *
 * <p>A row depends only on its window. Thread-safe.
 */
final class TargetFeatures implements AutoCloseable {
  private final List<FittedClassifier> classifiers = new ArrayList<>();
  private final int classes;

  private TargetFeatures(TarDiffModel model, Selection selection) {
    WindowSpec spec = model.spec();
    classes = spec.classes();
    selection.featuresAt().stream()
        .map(point -> point.epoch(model))
        .distinct()
        .sorted()
        .forEach(
            epoch ->
                classifiers.add(
                    FittedClassifier.restore(
                        model.classifierTraining(),
                        spec.steps(),
                        spec.channels().size(),
                        classes,
                        model.classifierWeights(epoch),
                        List.of())));
  }

  /** Leases the instance of this JVM for a model and selection. */
  static SharedInstances.Lease<TargetFeatures> lease(String model, Selection selection) {
    TarDiffModel opened = TarDiffModel.open(model);
    String key =
        TargetFeatures.class.getName()
            + "|"
            + model
            + "|"
            + opened.id()
            + "|"
            + selection.featuresAt();
    return SharedInstances.acquire(key, () -> new TargetFeatures(opened, selection));
  }

  /** Returns {@code [size][points x (features + classes - 1)]} for windows in network units. */
  float[][] of(LabelledWindows windows) {
    List<float[][]> parts = new ArrayList<>();
    for (FittedClassifier classifier : classifiers) {
      parts.add(classifier.features(windows));
      parts.add(classifier.logits(windows));
    }
    float[][] rows = new float[windows.size()][];
    for (int i = 0; i < rows.length; i++) {
      int width = 0;
      for (float[][] part : parts) {
        width += part[i].length;
      }
      float[] row = new float[width - classifiers.size()];
      int at = 0;
      for (int p = 0; p < parts.size(); p++) {
        float[] part = parts.get(p)[i];
        boolean logits = p % 2 == 1;
        for (int k = logits ? 1 : 0; k < part.length; k++) {
          row[at++] = logits ? part[k] - part[0] : part[k];
        }
      }
      rows[i] = row;
    }
    return rows;
  }

  @Override
  public void close() {
    classifiers.forEach(FittedClassifier::close);
  }
}
