package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.Discriminative.Side;
import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.commons.math3.linear.RealMatrix;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Measurements of a set that do not predict outcomes.
 *
 * @param set null for the reference, the real tuning windows measured like a synthetic set; no set
 *     can be expected to do better
 * @param windows number of windows in the set
 * @param discriminative one entry per classifier that tries to tell the set from real windows
 * @param statics null if the set has no static covariates
 * @param figures what the report draws; null for the reference
 */
@DefaultCoder(SerializableCoder.class)
public record SetMeasures(
    @Nullable SyntheticSet set,
    int windows,
    Fidelity fidelity,
    List<Discriminative> discriminative,
    Plausibility plausibility,
    Privacy privacy,
    PrivacyAttacks attacks,
    @Nullable StaticFidelity statics,
    @Internal @Nullable SetFigures figures)
    implements Serializable {

  /**
   * Measures a set.
   *
   * @param set null for the reference
   * @param windows its windows, or the tuning windows
   * @param discriminative which classifiers try to tell it from real windows
   * @param discriminators fits them
   */
  static SetMeasures measure(
      RealWindows real,
      @Nullable SyntheticSet set,
      LabelledWindows windows,
      EvaluationConfig.Discriminators discriminative,
      DownstreamTrainer discriminators) {
    RealMatrix realCovariance = Fidelity.covariance(real.train());
    RealMatrix covariance = Fidelity.covariance(windows);
    Privacy.Comparison compared = Privacy.compare(real.trained(), real.heldOut(), windows);
    Fidelity fidelity =
        Fidelity.measure(
            real.spec(),
            real.train(),
            windows,
            set == null || set.isMasked(),
            realCovariance,
            covariance);
    Side train = new Side(real.train(), real.trainSubjects());
    Side side = set == null ? new Side(windows, real.tuningSubjects()) : Side.of(windows);
    boolean masked = fidelity.missingness() != null;
    return new SetMeasures(
        set,
        windows.size(),
        fidelity,
        discriminative.models().stream()
            .map(model -> Discriminative.measure(model, discriminators, train, side, masked))
            .toList(),
        Plausibility.measure(real.spec(), real.clinicalUnits(windows), real.validRanges()),
        compared.privacy(),
        PrivacyAttacks.measure(real, set == null ? null : windows),
        StaticFidelity.measure(real.spec(), real.train(), windows),
        // Windows of the reference are patients.
        set == null
            ? null
            : SetFigures.of(real, windows, realCovariance, covariance, compared.distances()));
  }
}
