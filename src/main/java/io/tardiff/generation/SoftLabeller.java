package io.tardiff.generation;

import io.tardiff.sharing.SharedInstances;
import io.tardiff.synthetic.SoftLabels;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.tensorflow.Weights;
import io.tardiff.training.ClassifierEnsemble;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TemperatureScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Gives samples soft labels: {@code (1 - weight) one_hot(label) + weight p}, where p are the
 * probabilities of the teacher at its temperature, for the shares of the classes in the set. A
 * label depends only on the stored window, not on the others of a batch.
 */
final class SoftLabeller implements AutoCloseable {
  private final TarDiffModel model;
  private final SoftLabels labels;
  private final SharedInstances.Lease<ClassifierEnsemble> teacher;

  /**
   * @param weights of the teacher; called unless a labeller of the same teacher is in use
   */
  SoftLabeller(TarDiffModel model, SoftLabels labels, Supplier<List<Weights>> weights) {
    this.model = model;
    this.labels = labels;
    teacher =
        SharedInstances.acquire(
            String.join("|", SoftLabeller.class.getName(), model.id(), labels.teacher()),
            () ->
                new ClassifierEnsemble(
                    Teacher.training(model),
                    model.spec().steps(),
                    model.spec().channels().size(),
                    model.spec().classes(),
                    weights.get()));
  }

  /** Returns the windows with soft labels, in order. */
  List<SyntheticWindow> label(List<SyntheticWindow> windows) {
    if (windows.isEmpty()) {
      return windows;
    }
    double[][] probabilities =
        teacher
            .get()
            .probabilities(
                SyntheticWindows.networkUnits(
                    model.spec(), model.normaliser(), model.directory(), windows));
    List<SyntheticWindow> labelled = new ArrayList<>();
    for (int i = 0; i < probabilities.length; i++) {
      SyntheticWindow window = windows.get(i);
      labelled.add(window.withProbabilities(soft(labels, window.label(), probabilities[i])));
    }
    return labelled;
  }

  /**
   * Returns a soft label.
   *
   * @param probabilities of the classifiers of the teacher, averaged
   */
  static float[] soft(SoftLabels labels, int label, double[] probabilities) {
    double[] p = TemperatureScaling.apply(probabilities, labels.temperature());
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] *= labels.shareRatios().get(k);
      sum += p[k];
    }
    float[] soft = new float[p.length];
    for (int k = 0; k < p.length; k++) {
      soft[k] =
          (float) ((1 - labels.weight()) * (k == label ? 1 : 0) + labels.weight() * p[k] / sum);
    }
    return soft;
  }

  @Override
  public void close() {
    teacher.close();
  }
}
