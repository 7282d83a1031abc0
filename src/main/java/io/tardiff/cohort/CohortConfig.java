package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.display.DisplayData;

/**
 * How a cohort is made of events. The defaults are the in-hospital mortality task on the first 48
 * hours, hourly, nine channels.
 *
 * <pre>{@code
 * CohortConfig config =
 *     CohortConfig.builder()
 *         .setVocabulary("mimic3")
 *         .forTask(Task.named("icu_stay"))
 *         .setChannels(List.of("HR", "SBP", "SpO2"))
 *         .setSteps(24)
 *         .setNormalisation(NormalisationMethod.QUANTILE)
 *         .build();
 * }</pre>
 */
@AutoValue
public abstract class CohortConfig implements Serializable {

  private static final int MAX_STEPS = 100_000;

  /** Default channels, in column order. */
  public static final List<String> DEFAULT_CHANNELS =
      List.of("HR", "SBP", "DBP", "MAP", "RR", "Temp", "SpO2", "Urine", "GCS");

  /** Default static covariates. */
  public static final List<String> DEFAULT_STATICS = List.of("Age", "Gender", "Height", "Weight");

  /** Rows of a window; those of the {@link #task} by default. */
  public abstract int steps();

  /** Time from one row to the next; that of the {@link #task} by default. */
  public abstract Duration step();

  /** Names of the channels in the {@link #dictionary}; {@link #DEFAULT_CHANNELS} by default. */
  public abstract List<String> channels();

  /** Names of the static covariates; {@link #DEFAULT_STATICS} by default. */
  public abstract List<String> statics();

  /** {@link ConceptDictionary#standard()} by default. */
  public abstract ConceptDictionary dictionary();

  /**
   * Which of the dictionary's vocabularies the codes of the events are from; {@code physionet2012},
   * which the simulated ICU uses too, by default.
   */
  public abstract String vocabulary();

  /** {@link Task#inHospitalMortality()} by default. */
  public abstract Task task();

  /** Share of the subjects in the train split; 0.6 by default. */
  public abstract double trainShare();

  /** Share of the subjects in the tuning split; 0.2 by default. The rest is held out. */
  public abstract double tuningShare();

  /**
   * Whether every class is divided by the shares, not just all subjects together; false by default.
   * Where subjects are few, or a class is rare, the splits differ less in prevalence. A subject is
   * of the highest class of its windows, and its place then depends on who else is there.
   */
  public abstract boolean stratified();

  /** {@link Imputation#FORWARD_MEDIAN} by default. */
  public abstract Imputation imputation();

  /** Seed of the split; another seed gives another division of the subjects. 0 by default. */
  public abstract long splitSeed();

  /** {@link NormalisationMethod#Z_SCORE} by default. */
  public abstract NormalisationMethod normalisation();

  /** Avro files per split; 8 by default. One of them must fit in the memory of a worker. */
  public abstract int numShards();

  /**
   * Rows of the cohort's own channels that one subject may have; one with more is left out, and
   * counted. 5,000,000 by default, 110 MB, so that no subject exhausts a worker.
   */
  public abstract long maxObservations();

  /**
   * Share of a channel's values above which it is warned that they were dropped: not a number, of
   * an unknown unit, of a stay without an admission, beyond the outlier range. 0.05 by default.
   */
  public abstract double droppedWarning();

  /** The same above which the run fails; 0.5 by default, 1 never fails it. */
  public abstract double droppedThreshold();

  public abstract Builder toBuilder();

  public static Builder builder() {
    return new AutoValue_CohortConfig.Builder()
        .forTask(Task.inHospitalMortality())
        .setChannels(DEFAULT_CHANNELS)
        .setStatics(DEFAULT_STATICS)
        .setDictionary(ConceptDictionary.standard())
        .setVocabulary("physionet2012")
        .setStratified(false)
        .setImputation(Imputation.FORWARD_MEDIAN)
        .setMaxObservations(5_000_000)
        .setDroppedWarning(0.05)
        .setDroppedThreshold(0.5)
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
        step(),
        channelConcepts().stream().map(c -> WindowSpec.Channel.of(c.name(), c.unit())).toList(),
        statics(),
        task().classes());
  }

  /**
   * Codes of the events that can matter to the cohort: a reader that is told them need not make the
   * others.
   */
  public final Set<String> codes() {
    return SubjectFn.codes(this);
  }

  /** The same with no more of the dictionary than it uses: it travels with every piece of work. */
  final CohortConfig slim() {
    Set<String> names = new HashSet<>(channels());
    names.addAll(statics());
    return toBuilder().setDictionary(dictionary().slice(vocabulary(), names)).build();
  }

  final long windowMillis() {
    return step().multipliedBy(steps()).toMillis();
  }

  final List<Concept> channelConcepts() {
    return channels().stream().map(dictionary()::channel).toList();
  }

  final List<Concept> staticConcepts() {
    return statics().stream().map(dictionary()::staticCovariate).toList();
  }

  /** A number of [0, 1) for a subject: a hash of subject and seed. */
  final double position(String subjectId) {
    long hash =
        Hashing.murmur3_128()
            .newHasher()
            .putLong(splitSeed())
            .putString(subjectId, StandardCharsets.UTF_8)
            .hash()
            .asLong();
    return (hash >>> 11) * 0x1.0p-53;
  }

  /** The split of a subject: by its position, so it never depends on who else is there. */
  final Split split(String subjectId) {
    double position = position(subjectId);
    if (position < trainShare()) {
      return Split.TRAIN;
    }
    return position < trainShare() + tuningShare() ? Split.TUNING : Split.HELD_OUT;
  }

  /** A channel of what tells the label would leak it. */
  private void checkCodes() {
    for (SubjectFn.Source source : SubjectFn.sources(this)) {
      String code = source.code().code();
      checkArgument(
          !task().label().codes().contains(code),
          "channels must not use code %s, which tells the label of task %s",
          code,
          task().name());
    }
  }

  final void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("task", task().name()).withLabel("Task"))
        .add(DisplayData.item("steps", steps()).withLabel("Steps per window"))
        .add(DisplayData.item("step", step().toString()).withLabel("Time per step"))
        .add(DisplayData.item("channels", String.join(",", channels())).withLabel("Channels"))
        .add(DisplayData.item("vocabulary", vocabulary()).withLabel("Vocabulary of the codes"))
        .add(DisplayData.item("imputation", imputation().label()).withLabel("Imputation"))
        .add(DisplayData.item("splitSeed", splitSeed()).withLabel("Seed of the split"))
        .add(DisplayData.item("normalisation", normalisation().label()).withLabel("Normalisation"));
  }

  /** Builder of {@link CohortConfig}. */
  @AutoValue.Builder
  public abstract static class Builder {
    public abstract Builder setSteps(int steps);

    public abstract Builder setStep(Duration step);

    /** {@link #setStep} in minutes. */
    public Builder setStepMinutes(int minutes) {
      checkArgument(
          minutes >= 1 && minutes <= 1_000_000,
          "stepMinutes must be from 1 to 1000000, was %s",
          minutes);
      return setStep(Duration.ofMinutes(minutes));
    }

    public abstract Builder setChannels(List<String> channels);

    public abstract Builder setStatics(List<String> statics);

    public abstract Builder setDictionary(ConceptDictionary dictionary);

    public abstract Builder setVocabulary(String vocabulary);

    abstract Builder setTask(Task task);

    /** Sets the task, and steps and step to what it asks for: call it before those. */
    public Builder forTask(Task task) {
      return setTask(task)
          .setStep(task.step())
          .setSteps((int) Math.min(MAX_STEPS + 1L, task.observation().dividedBy(task.step())));
    }

    public abstract Builder setStratified(boolean stratified);

    public abstract Builder setImputation(Imputation imputation);

    public abstract Builder setMaxObservations(long maxObservations);

    public abstract Builder setDroppedWarning(double share);

    public abstract Builder setDroppedThreshold(double share);

    public abstract Builder setTrainShare(double trainShare);

    public abstract Builder setTuningShare(double tuningShare);

    /** The shares of train, tuning and held_out, in percent. */
    public Builder setSplitPercent(List<Double> percent) {
      checkArgument(
          percent.size() == Split.values().length
              && percent.stream().allMatch(p -> p > 0)
              && percent.stream().mapToDouble(p -> p).sum() == 100,
          "split must be three positive numbers that add up to 100, was %s",
          percent);
      return setTrainShare(percent.get(0) / 100).setTuningShare(percent.get(1) / 100);
    }

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
          config.steps() >= 1 && config.steps() <= MAX_STEPS,
          "steps must be from 1 to 100000, was %s",
          config.steps());
      checkArgument(
          config.step().toNanos() > 0, "step must be longer than nothing, was %s", config.step());
      checkArgument(!config.channels().isEmpty(), "channels must name at least one channel");
      checkDistinct("channels", config.channels());
      checkDistinct("statics", config.statics());
      config.channelConcepts();
      config.staticConcepts();
      config.checkCodes();
      checkArgument(
          config.maxObservations() >= 1,
          "maxObservations must be at least 1, was %s",
          config.maxObservations());
      checkArgument(
          config.droppedWarning() >= 0 && config.droppedWarning() <= 1,
          "droppedWarning must be from 0 to 1, was %s",
          config.droppedWarning());
      checkArgument(
          config.droppedThreshold() >= 0 && config.droppedThreshold() <= 1,
          "droppedThreshold must be from 0 to 1, was %s",
          config.droppedThreshold());
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
