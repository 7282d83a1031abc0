package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.commons.math3.linear.RealMatrix;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Measurements of a set that do not need a downstream model.
 *
 * @param set null for the reference, the real tuning windows measured like a synthetic set; no set
 *     can be expected to do better
 * @param windows number of windows in the set
 * @param figures what the report draws; null for the reference
 */
@DefaultCoder(SerializableCoder.class)
public record SetMeasures(
    @Nullable SyntheticSet set,
    int windows,
    Fidelity fidelity,
    Plausibility plausibility,
    Privacy privacy,
    PrivacyAttacks attacks,
    @Internal @Nullable SetFigures figures)
    implements Serializable {

  static SetMeasures measure(
      RealWindows real, @Nullable SyntheticSet set, LabelledWindows windows) {
    RealMatrix realCovariance = Fidelity.covariance(real.train());
    RealMatrix covariance = Fidelity.covariance(windows);
    Privacy.Comparison compared = Privacy.compare(real.train(), real.heldOut(), windows);
    return new SetMeasures(
        set,
        windows.size(),
        Fidelity.measure(real.spec(), real.train(), windows, realCovariance, covariance),
        Plausibility.measure(real.spec(), real.clinicalUnits(windows), real.validRanges()),
        compared.privacy(),
        PrivacyAttacks.measure(real, set == null ? null : windows),
        // Windows of the reference are patients.
        set == null
            ? null
            : SetFigures.of(real, windows, realCovariance, covariance, compared.distances()));
  }
}
