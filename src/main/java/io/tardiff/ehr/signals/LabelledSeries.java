package io.tardiff.ehr.signals;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One recording of a signal with its class: what a set of EEG, ECG or accelerometer recordings is
 * read into.
 *
 * <p>Values are {@code [steps, channels]} row-major, NaN where the recording has a gap. Such sets
 * are cut into samples of one length already, at rates of hundreds a second: as one event per value
 * they would be a hundredfold larger, so they come whole and the cohort takes them whole; {@link
 * SeriesToEvents} makes events of them where those are wanted. Arrays are not copied: treat a
 * series as immutable once it is in a collection.
 */
@DefaultCoder(LabelledSeriesCoder.class)
public final class LabelledSeries {
  private final String seriesId;
  private final String subjectId;
  private final int label;
  private final @Nullable String split;
  private final List<String> channels;
  private final float[] values;

  /**
   * @param seriesId unique and stable within the data set
   * @param subjectId person, the unit of every split
   * @param label class, from 0
   * @param split {@code train}, {@code tuning} or {@code held_out} as the data set publishes it,
   *     null where it does not
   * @param channels names of the columns
   * @param values {@code [steps, channels]} row-major
   */
  public LabelledSeries(
      String seriesId,
      String subjectId,
      int label,
      @Nullable String split,
      List<String> channels,
      float[] values) {
    checkArgument(label >= 0, "label must not be negative, was %s", label);
    checkArgument(!channels.isEmpty(), "channels must name at least one channel");
    checkArgument(
        values.length > 0 && values.length % channels.size() == 0,
        "values must be whole rows of %s channels, had %s numbers",
        channels.size(),
        values.length);
    this.seriesId = Objects.requireNonNull(seriesId);
    this.subjectId = Objects.requireNonNull(subjectId);
    this.label = label;
    this.split = split;
    this.channels = List.copyOf(channels);
    this.values = values;
  }

  public String seriesId() {
    return seriesId;
  }

  public String subjectId() {
    return subjectId;
  }

  /** Class, from 0. */
  public int label() {
    return label;
  }

  /** The published split's label, null where there is none. */
  public @Nullable String split() {
    return split;
  }

  public List<String> channels() {
    return channels;
  }

  /** Number of rows. */
  public int steps() {
    return values.length / channels.size();
  }

  /** {@code [steps, channels]} row-major, NaN in gaps. */
  public float[] values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelledSeries that
        && seriesId.equals(that.seriesId)
        && subjectId.equals(that.subjectId)
        && label == that.label
        && Objects.equals(split, that.split)
        && channels.equals(that.channels)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return seriesId.hashCode();
  }

  /** Shape and label only: values are a person's. */
  @Override
  public String toString() {
    return "LabelledSeries{label=" + label + ", " + steps() + "x" + channels.size() + "}";
  }
}
