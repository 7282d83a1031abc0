package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * ROC and precision-recall curves of a downstream model on held_out, averaged over seeds at each
 * point of {@link CurveBands#GRID}.
 *
 * @param set null for TRTR
 * @param classes the curves of each class against the others; with two classes only those of class
 *     1
 */
@Internal
@DefaultCoder(SerializableCoder.class)
public record UtilityCurves(
    Protocol protocol, @Nullable SyntheticSet set, String model, List<ClassCurves> classes)
    implements Serializable {

  /**
   * The curves of a class.
   *
   * @param prevalence share of the windows with that label: the precision of a random ranking
   * @param roc true positive rate by false positive rate
   * @param precisionRecall precision by recall
   */
  public record ClassCurves(int label, double prevalence, Band roc, Band precisionRecall)
      implements Serializable {}

  /**
   * A curve with the 2.5 % and 97.5 % quantiles of each point over a bootstrap of subjects, one
   * value per point of the grid.
   */
  public record Band(List<Double> low, List<Double> value, List<Double> high)
      implements Serializable {

    static Band mean(List<Band> bands) {
      return new Band(mean(bands, Band::low), mean(bands, Band::value), mean(bands, Band::high));
    }

    private static List<Double> mean(List<Band> bands, Function<Band, List<Double>> part) {
      List<Double> means = new ArrayList<>();
      for (int i = 0; i < part.apply(bands.get(0)).size(); i++) {
        double sum = 0;
        for (Band band : bands) {
          sum += part.apply(band).get(i);
        }
        means.add(sum / bands.size());
      }
      return means;
    }
  }

  /** Averages the curves of fits that differ only in their seed. */
  static UtilityCurves mean(UtilityTask task, List<List<ClassCurves>> fits) {
    checkArgument(!fits.isEmpty(), "fits must not be empty");
    List<ClassCurves> classes = new ArrayList<>();
    for (int i = 0; i < fits.get(0).size(); i++) {
      int at = i;
      ClassCurves first = fits.get(0).get(i);
      classes.add(
          new ClassCurves(
              first.label(),
              first.prevalence(),
              Band.mean(fits.stream().map(fit -> fit.get(at).roc()).toList()),
              Band.mean(fits.stream().map(fit -> fit.get(at).precisionRecall()).toList())));
    }
    return new UtilityCurves(task.protocol(), task.set(), task.model(), classes);
  }
}
