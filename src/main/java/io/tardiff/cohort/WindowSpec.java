package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * The shape, channels and classes of the windows of a cohort.
 *
 * <p>A window is {@code [steps, channels]}: {@code steps} rows of {@code step} each, one column per
 * channel. {@code classes} is K, the number of labels (2 for mortality). The spec is stored in
 * {@code cohort.json} and {@code model.json}.
 */
@AutoValue
@JsonSerialize(converter = WindowSpecs.ToJson.class)
@JsonDeserialize(converter = WindowSpecs.FromJson.class)
public abstract class WindowSpec implements Serializable {
  /** Numbers in a window: far above any, and batches of such windows still fit an array. */
  private static final int MAX_SIZE = 1 << 22;

  public abstract int steps();

  /** Time from one row to the next: an hour for vital signs, milliseconds for signals. */
  public abstract Duration step();

  public abstract List<Channel> channels();

  /** Names of the static covariates, in the order of {@link EhrWindow#statics()}. */
  public abstract List<String> statics();

  public abstract int classes();

  /** Returns {@link #step} in minutes. */
  public final double stepMinutes() {
    return step().toNanos() / 6e10;
  }

  /** Returns the number of values per window, {@code steps * channels}. */
  public final int size() {
    return steps() * channels().size();
  }

  public static WindowSpec of(
      int steps, Duration step, List<Channel> channels, List<String> statics, int classes) {
    checkArgument(steps >= 1, "steps must be at least 1, was %s", steps);
    checkArgument(
        !step.isZero() && !step.isNegative(), "step must be longer than nothing, was %s", step);
    checkArgument(!channels.isEmpty(), "channels must name at least one channel");
    checkArgument(
        (long) steps * channels.size() <= MAX_SIZE,
        "steps times channels must be at most %s, was %s times %s",
        MAX_SIZE,
        steps,
        channels.size());
    checkArgument(classes >= 2, "classes must be at least 2, was %s", classes);
    checkArgument(
        channels.stream().map(Channel::name).distinct().count() == channels.size(),
        "channels must be distinct, were %s",
        channels);
    return new AutoValue_WindowSpec(
        steps, step, List.copyOf(channels), List.copyOf(statics), classes);
  }

  /** One column of a window. */
  @AutoValue
  public abstract static class Channel implements Serializable {
    public abstract String name();

    /** Clinical unit of the values in files. */
    public abstract String unit();

    public static Channel of(String name, String unit) {
      return new AutoValue_WindowSpec_Channel(name, unit);
    }
  }
}
