package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.math3.linear.RealMatrix;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the report draws of a synthetic set and the real train windows beside it.
 *
 * <p>Real windows appear only as aggregates over at least {@link ChannelProfile#MINIMUM} of them.
 * Synthetic windows appear one by one, except those that lie as close to a train window as a copy
 * would.
 *
 * @param stepMinutes time between the points of profiles and examples
 * @param ranges range of the histogram of each channel
 * @param classes profiles of all windows, then those of each class
 * @param examples some synthetic windows of each class
 * @param realCorrelations {@code [channels, channels]}, NaN for a channel that does not vary
 * @param correlations likewise, of the set
 * @param distances null if there was nothing to compare
 */
@Internal
public record SetFigures(
    double stepMinutes,
    List<Range> ranges,
    List<ClassProfiles> classes,
    List<Example> examples,
    List<List<Double>> realCorrelations,
    List<List<Double>> correlations,
    Embedding embedding,
    @Nullable DistanceHistograms distances)
    implements Serializable {

  /** Number of examples of each class. */
  static final int EXAMPLES = 6;

  /**
   * The profiles of the windows of a class.
   *
   * @param label null for all windows
   * @param realWindows number of real train windows
   * @param windows number of windows of the set
   * @param real one profile per channel
   * @param set likewise, over the same bins
   */
  public record ClassProfiles(
      @Nullable Integer label,
      int realWindows,
      int windows,
      List<ChannelProfile> real,
      List<ChannelProfile> set)
      implements Serializable {}

  /**
   * A synthetic window.
   *
   * @param values {@code [channels, steps]} in clinical units, of the steps that profiles have
   */
  public record Example(int label, List<List<Double>> values) implements Serializable {}

  static SetFigures of(
      RealWindows real,
      LabelledWindows windows,
      RealMatrix realCovariance,
      RealMatrix covariance,
      Privacy.@Nullable Distances distances) {
    WindowSpec spec = real.spec();
    float[] realValues = real.clinicalUnits(real.train());
    float[] values = real.clinicalUnits(windows);
    List<Range> ranges = ChannelProfile.ranges(spec, realValues);
    List<ClassProfiles> classes = new ArrayList<>();
    classes.add(
        new ClassProfiles(
            null,
            real.train().size(),
            windows.size(),
            ChannelProfile.of(spec, realValues, ranges),
            ChannelProfile.of(spec, values, ranges)));
    for (int label = 0; label < spec.classes(); label++) {
      LabelledWindows realOfClass = ofClass(real.train(), label);
      LabelledWindows ofClass = ofClass(windows, label);
      classes.add(
          new ClassProfiles(
              label,
              realOfClass.size(),
              ofClass.size(),
              ChannelProfile.of(spec, real.clinicalUnits(realOfClass), ranges),
              ChannelProfile.of(spec, real.clinicalUnits(ofClass), ranges)));
    }
    return new SetFigures(
        spec.stepMinutes() * ChannelProfile.stride(spec.steps()),
        ranges,
        classes,
        distances == null ? List.of() : examples(spec, windows, values, distances),
        correlations(realCovariance),
        correlations(covariance),
        Embedding.of(spec, real.train(), real.trainSubjects(), windows),
        distances == null ? null : DistanceHistograms.of(distances));
  }

  private static LabelledWindows ofClass(LabelledWindows windows, int label) {
    return windows.select(
        IntStream.range(0, windows.size()).filter(w -> windows.labels()[w] == label).toArray());
  }

  /** The first windows of each class that are no near copies. */
  private static List<Example> examples(
      WindowSpec spec, LabelledWindows windows, float[] values, Privacy.Distances distances) {
    List<Example> examples = new ArrayList<>();
    int[] perClass = new int[spec.classes()];
    for (int i = 0; i < distances.windows().length; i++) {
      int window = distances.windows()[i];
      int label = windows.labels()[window];
      if (perClass[label] < EXAMPLES && distances.toTrain()[i] >= distances.near()) {
        perClass[label]++;
        examples.add(new Example(label, channels(spec, values, window)));
      }
    }
    return examples;
  }

  private static List<List<Double>> channels(WindowSpec spec, float[] values, int window) {
    List<List<Double>> channels = new ArrayList<>();
    for (int c = 0; c < spec.channels().size(); c++) {
      List<Double> channel = new ArrayList<>();
      for (int t = 0; t < spec.steps(); t += ChannelProfile.stride(spec.steps())) {
        channel.add((double) values[window * spec.size() + t * spec.channels().size() + c]);
      }
      channels.add(channel);
    }
    return channels;
  }

  private static List<List<Double>> correlations(RealMatrix covariance) {
    int channels = covariance.getRowDimension();
    return IntStream.range(0, channels)
        .mapToObj(
            a ->
                IntStream.range(0, channels)
                    .mapToObj(b -> Fidelity.correlation(covariance, a, b))
                    .toList())
        .toList();
  }
}
