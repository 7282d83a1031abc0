package io.tardiff.ehr.signals;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A labelled recording of a signal, such as EEG, ECG or acceleration.
 *
 * <p>Values are {@code [steps, channels]} row-major, NaN in gaps. Data sets of signals consist of
 * samples of equal length at hundreds of hertz. One event per value would take a hundred times the
 * space, so recordings are read whole and become cohort windows whole; {@link SeriesToEvents}
 * converts them to events if needed. Arrays are not copied: treat a series as immutable once it is
 * in a collection.
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
   * @param subjectId patient; splits never separate the series of a subject
   * @param label class, from 0
   * @param split published split, {@code train}, {@code tuning} or {@code held_out}; null if none
   * @param channels channel names
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

  /** Returns the class, from 0. */
  public int label() {
    return label;
  }

  /** Returns the published split; null if none. */
  public @Nullable String split() {
    return split;
  }

  public List<String> channels() {
    return channels;
  }

  /** Returns the number of time steps. */
  public int steps() {
    return values.length / channels.size();
  }

  /** Returns the values, {@code [steps, channels]} row-major, NaN in gaps. */
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

  /** Shows the shape and the label only, since the values are patient data. */
  @Override
  public String toString() {
    return "LabelledSeries{label=" + label + ", " + steps() + "x" + channels.size() + "}";
  }
}
