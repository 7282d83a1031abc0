package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.cohort.WindowSpec;
import java.util.List;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;

/**
 * A self-describing synthetic window, with its channels and units, for other systems. {@link
 * ReadSynthetic} outputs them.
 *
 * <pre>{@code
 * float heartRate = sample.value(3, "HR");   // the fourth step, in sample.getUnits()
 * float[] all = sample.getValues();          // [steps, channels], row by row
 * }</pre>
 *
 * <p>It has a Beam schema: {@code Convert.toRows()} converts it to rows, and sinks that accept
 * schemas can write it directly.
 */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class SyntheticSample {

  @SchemaFieldDescription("Name of its set, such as none or mean_shift-0.03-herding.")
  public abstract String getSet();

  @SchemaFieldDescription("Id within the set.")
  public abstract long getSampleId();

  @SchemaFieldDescription("Class it was drawn for, from 0.")
  public abstract int getLabel();

  @SchemaFieldDescription("Rows of the window.")
  public abstract int getSteps();

  @SchemaFieldDescription("Minutes from one row to the next.")
  public abstract double getStepMinutes();

  @SchemaFieldDescription("Names of the columns.")
  public abstract List<String> getChannels();

  @SchemaFieldDescription("Clinical unit of each column.")
  public abstract List<String> getUnits();

  @SchemaFieldDescription("Steps times channels, row by row, in clinical units.")
  @SuppressWarnings("mutable")
  public abstract float[] getValues();

  @SchemaFieldDescription(
      "Steps times channels, row by row: whether the value was observed; false where it fills a gap.")
  @SuppressWarnings("mutable")
  public abstract boolean[] getMask();

  @SchemaFieldDescription("Names of the static covariates; empty in a set without them.")
  public abstract List<String> getStaticNames();

  @SchemaFieldDescription("Static covariates, in clinical units; NaN if unknown.")
  @SuppressWarnings("mutable")
  public abstract float[] getStatics();

  @SchemaFieldDescription("Soft label: the probability of each class; empty in a set without them.")
  @SuppressWarnings("mutable")
  public abstract float[] getProbabilities();

  /**
   * Returns the value of a channel at a step.
   *
   * @param step from 0
   */
  public final float value(int step, String channel) {
    return getValues()[index(step, channel)];
  }

  /**
   * Returns whether the value of a channel at a step was observed.
   *
   * @param step from 0
   */
  public final boolean isObserved(int step, String channel) {
    return getMask()[index(step, channel)];
  }

  private int index(int step, String channel) {
    checkArgument(
        step >= 0 && step < getSteps(), "step must be from 0 to %s, was %s", getSteps() - 1, step);
    int column = getChannels().indexOf(channel);
    checkArgument(column >= 0, "channel must be one of %s, was %s", getChannels(), channel);
    return step * getChannels().size() + column;
  }

  static SyntheticSample of(String set, WindowSpec spec, SyntheticWindow window) {
    return new AutoValue_SyntheticSample.Builder()
        .setSet(set)
        .setSampleId(window.sampleId())
        .setLabel(window.label())
        .setSteps(spec.steps())
        .setStepMinutes(spec.stepMinutes())
        .setChannels(spec.channels().stream().map(WindowSpec.Channel::name).toList())
        .setUnits(spec.channels().stream().map(WindowSpec.Channel::unit).toList())
        .setValues(window.values())
        .setMask(window.mask())
        .setStaticNames(window.statics().length > 0 ? spec.statics() : List.of())
        .setStatics(window.statics())
        .setProbabilities(window.probabilities())
        .build();
  }

  /** Beam's schema uses the builder to convert rows. */
  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setSet(String set);

    abstract Builder setSampleId(long sampleId);

    abstract Builder setLabel(int label);

    abstract Builder setSteps(int steps);

    abstract Builder setStepMinutes(double minutes);

    abstract Builder setChannels(List<String> channels);

    abstract Builder setUnits(List<String> units);

    abstract Builder setValues(float[] values);

    abstract Builder setMask(boolean[] mask);

    abstract Builder setStaticNames(List<String> names);

    abstract Builder setStatics(float[] statics);

    abstract Builder setProbabilities(float[] probabilities);

    abstract SyntheticSample build();
  }
}
