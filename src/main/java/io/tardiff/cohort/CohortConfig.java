package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.beam.sdk.transforms.display.DisplayData;

/**
 * How a cohort is made of events. The defaults are the in-hospital mortality task on the first 48
 * hours, hourly, nine channels.
 *
 * <pre>{@code
 * CohortConfig config =
 *     CohortConfig.builder()
 *         .setChannels(List.of("HR", "SBP", "SpO2"))
 *         .setSteps(24)
 *         .setNormalisation(NormalisationMethod.QUANTILE)
 *         .build();
 * }</pre>
 */
@AutoValue
public abstract class CohortConfig implements Serializable {

  /** Default channels, in column order. */
  public static final List<String> DEFAULT_CHANNELS =
      List.of("HR", "SBP", "DBP", "MAP", "RR", "Temp", "SpO2", "Urine", "GCS");

  /** Default static covariates. */
  public static final List<String> DEFAULT_STATICS = List.of("Age", "Gender", "Height", "Weight");

  /** Rows of a window; 48 by default. */
  public abstract int steps();

  /** Minutes per row; 60 by default. */
  public abstract int stepMinutes();

  /** Names of the channels in the {@link #dictionary}; {@link #DEFAULT_CHANNELS} by default. */
  public abstract List<String> channels();

  /** Names of the static covariates; {@link #DEFAULT_STATICS} by default. */
  public abstract List<String> statics();

  /** {@link ChannelDictionary#standard()} by default. */
  public abstract ChannelDictionary dictionary();

  /** {@link Task#inHospitalMortality()} by default. */
  public abstract Task task();

  /** Share of the subjects in the train split; 0.6 by default. */
  public abstract double trainShare();

  /** Share of the subjects in the tuning split; 0.2 by default. The rest is held out. */
  public abstract double tuningShare();

  /** Seed of the split; another seed gives another division of the subjects. 0 by default. */
  public abstract long splitSeed();

  /** {@link NormalisationMethod#Z_SCORE} by default. */
  public abstract NormalisationMethod normalisation();

  /** Avro files per split; 8 by default. One of them must fit in the memory of a worker. */
  public abstract int numShards();

  public abstract Builder toBuilder();

  public static Builder builder() {
    return new AutoValue_CohortConfig.Builder()
        .setSteps(48)
        .setStepMinutes(60)
        .setChannels(DEFAULT_CHANNELS)
        .setStatics(DEFAULT_STATICS)
        .setDictionary(ChannelDictionary.standard())
        .setTask(Task.inHospitalMortality())
        .setTrainShare(0.6)
        .setTuningShare(0.2)
        .setSplitSeed(0)
        .setNormalisation(NormalisationMethod.Z_SCORE)
        .setNumShards(8);
  }

  /** Shape and meaning of the windows this configuration makes. */
  public final WindowSpec spec() {
    return WindowSpec.of(
        steps(),
        stepMinutes(),
        channelDefinitions().stream().map(c -> WindowSpec.Channel.of(c.name(), c.unit())).toList(),
        statics(),
        task().classes());
  }

  final List<ChannelDefinition> channelDefinitions() {
    return channels().stream().map(dictionary()::channel).toList();
  }

  final List<ChannelDefinition> staticDefinitions() {
    return statics().stream().map(dictionary()::staticCovariate).toList();
  }

  /**
   * The split of a subject: a hash of subject and seed, so it never depends on who else is there.
   */
  final Split split(String subjectId) {
    long hash =
        Hashing.murmur3_128()
            .newHasher()
            .putLong(splitSeed())
            .putString(subjectId, StandardCharsets.UTF_8)
            .hash()
            .asLong();
    double position = (hash >>> 11) * 0x1.0p-53;
    if (position < trainShare()) {
      return Split.TRAIN;
    }
    return position < trainShare() + tuningShare() ? Split.TUNING : Split.HELD_OUT;
  }

  final void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("task", task().name()).withLabel("Task"))
        .add(DisplayData.item("steps", steps()).withLabel("Steps per window"))
        .add(DisplayData.item("stepMinutes", stepMinutes()).withLabel("Minutes per step"))
        .add(DisplayData.item("channels", String.join(",", channels())).withLabel("Channels"))
        .add(DisplayData.item("splitSeed", splitSeed()).withLabel("Seed of the split"))
        .add(DisplayData.item("normalisation", normalisation().label()).withLabel("Normalisation"));
  }

  /** Builder of {@link CohortConfig}. */
  @AutoValue.Builder
  public abstract static class Builder {
    public abstract Builder setSteps(int steps);

    public abstract Builder setStepMinutes(int stepMinutes);

    public abstract Builder setChannels(List<String> channels);

    public abstract Builder setStatics(List<String> statics);

    public abstract Builder setDictionary(ChannelDictionary dictionary);

    public abstract Builder setTask(Task task);

    public abstract Builder setTrainShare(double trainShare);

    public abstract Builder setTuningShare(double tuningShare);

    public abstract Builder setSplitSeed(long splitSeed);

    public abstract Builder setNormalisation(NormalisationMethod normalisation);

    public abstract Builder setNumShards(int numShards);

    abstract List<String> channels();

    abstract List<String> statics();

    abstract CohortConfig autoBuild();

    /**
     * Builds the configuration.
     *
     * @throws IllegalArgumentException naming the field, its value and what would be valid
     */
    public CohortConfig build() {
      setChannels(List.copyOf(channels()));
      setStatics(List.copyOf(statics()));
      CohortConfig config = autoBuild();
      checkArgument(
          config.steps() >= 1 && config.steps() <= 100_000,
          "steps must be from 1 to 100000, was %s",
          config.steps());
      checkArgument(
          config.stepMinutes() >= 1 && config.stepMinutes() <= 1_000_000,
          "stepMinutes must be from 1 to 1000000, was %s",
          config.stepMinutes());
      checkArgument(!config.channels().isEmpty(), "channels must name at least one channel");
      checkDistinct("channels", config.channels());
      checkDistinct("statics", config.statics());
      config.channelDefinitions();
      config.staticDefinitions();
      checkArgument(
          config.trainShare() > 0 && config.trainShare() < 1,
          "trainShare must be between 0 and 1, was %s",
          config.trainShare());
      checkArgument(
          config.tuningShare() > 0 && config.trainShare() + config.tuningShare() < 1,
          "tuningShare must be positive and leave a share to hold out beside trainShare %s, was %s",
          config.trainShare(),
          config.tuningShare());
      checkArgument(
          config.numShards() >= 1 && config.numShards() <= 99_999,
          "numShards must be from 1 to 99999, was %s",
          config.numShards());
      return config;
    }

    private static void checkDistinct(String field, List<String> names) {
      checkArgument(
          new LinkedHashSet<>(names).size() == names.size(),
          "%s must be distinct, were %s",
          field,
          names);
    }
  }
}
