package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.List;

/**
 * The shape and meaning of the windows of a cohort.
 *
 * <p>A window is {@code [steps, channels]}: {@code steps} rows of {@code stepMinutes} each, one
 * column per channel. {@code classes} is K, the number of labels (2 for mortality). The spec
 * travels with the windows in {@code cohort.json}, and with the model in {@code model.json}.
 */
@AutoValue
public abstract class WindowSpec implements Serializable {
  public abstract int steps();

  public abstract int stepMinutes();

  public abstract List<Channel> channels();

  /** Names of the static covariates, in the order of {@link EhrWindow#statics()}. */
  public abstract List<String> statics();

  public abstract int classes();

  /** Numbers in one window: {@code steps * channels}. */
  public final int size() {
    return steps() * channels().size();
  }

  public static WindowSpec of(
      int steps, int stepMinutes, List<Channel> channels, List<String> statics, int classes) {
    checkArgument(steps >= 1, "steps must be at least 1, was %s", steps);
    checkArgument(stepMinutes >= 1, "stepMinutes must be at least 1, was %s", stepMinutes);
    checkArgument(!channels.isEmpty(), "channels must name at least one channel");
    checkArgument(classes >= 2, "classes must be at least 2, was %s", classes);
    checkArgument(
        channels.stream().map(Channel::name).distinct().count() == channels.size(),
        "channels must be distinct, were %s",
        channels);
    return new AutoValue_WindowSpec(
        steps, stepMinutes, List.copyOf(channels), List.copyOf(statics), classes);
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
