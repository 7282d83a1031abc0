package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Measurements of a set that do not need a downstream model.
 *
 * @param set null for the reference, the real tuning windows measured like a synthetic set; no set
 *     can be expected to do better
 * @param windows number of windows in the set
 * @param profiles distributions for the report
 */
@DefaultCoder(SerializableCoder.class)
public record SetMeasures(
    @Nullable SyntheticSet set,
    int windows,
    Fidelity fidelity,
    Plausibility plausibility,
    Privacy privacy,
    PrivacyAttacks attacks,
    @Internal Profiles profiles)
    implements Serializable {

  /** Distributions of the real train windows and the set over the same bins, for charts. */
  public record Profiles(
      double stepMinutes, List<Range> ranges, List<ChannelProfile> real, List<ChannelProfile> set)
      implements Serializable {}

  static SetMeasures measure(
      RealWindows real, @Nullable SyntheticSet set, LabelledWindows windows) {
    float[] realValues = real.clinicalUnits(real.train());
    float[] values = real.clinicalUnits(windows);
    List<Range> ranges = ChannelProfile.ranges(real.spec(), realValues);
    return new SetMeasures(
        set,
        windows.size(),
        Fidelity.measure(real.spec(), real.train(), windows),
        Plausibility.measure(real.spec(), values, real.validRanges()),
        Privacy.measure(real.train(), real.heldOut(), windows),
        PrivacyAttacks.measure(real, set == null ? null : windows),
        new Profiles(
            real.spec().stepMinutes(),
            ranges,
            ChannelProfile.of(real.spec(), realValues, ranges),
            ChannelProfile.of(real.spec(), values, ranges)));
  }
}
