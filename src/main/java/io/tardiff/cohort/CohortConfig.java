package io.tardiff.cohort;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a cohort is made of events. The defaults are the in-hospital mortality task on the first 48
 * hours, hourly, nine channels.
 *
 * <pre>{@code
 * CohortConfig config =
 *     CohortConfig.defaults()
 *         .withVocabulary("mimic3")
 *         .withTask(Task.named("icu_stay"))
 *         .withChannels(List.of("HR", "SBP", "SpO2"))
 *         .withWindowSteps(24)
 *         .withNormalisation(NormalisationMethod.QUANTILE);
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
  public final int windowSteps() {
    return askedWindowSteps() == null ? ofTask(task()) : askedWindowSteps();
  }

  /** Time from one row to the next; that of the {@link #task} by default. */
  public final Duration step() {
    return askedStep() == null ? task().step() : askedStep();
  }

  abstract @Nullable Integer askedWindowSteps();

  abstract @Nullable Duration askedStep();

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

  /** In-hospital mortality on the first 48 hours, hourly, nine channels. */
  public static CohortConfig defaults() {
    return new AutoValue_CohortConfig.Builder()
        .task(Task.inHospitalMortality())
        .channels(DEFAULT_CHANNELS)
        .statics(DEFAULT_STATICS)
        .dictionary(ConceptDictionary.standard())
        .vocabulary("physionet2012")
        .stratified(false)
        .imputation(Imputation.FORWARD_MEDIAN)
        .maxObservations(5_000_000)
        .droppedWarning(0.05)
        .droppedThreshold(0.5)
        .trainShare(0.6)
        .tuningShare(0.2)
        .splitSeed(0)
        .normalisation(NormalisationMethod.Z_SCORE)
        .numShards(8)
        .build();
  }

  /** What options say of it. */
  @Internal
  public static Settings<CohortConfig> settings() {
    return Settings.of(defaults())
        .text("task", config -> config.task().name(), (c, task) -> c.withTask(Task.named(task)))
        // First, as channels are named by it.
        .text(
            "concepts",
            config -> null,
            (c, file) -> c.withDictionary(c.dictionary().withFile(file)))
        .text("vocabulary", CohortConfig::vocabulary, CohortConfig::withVocabulary)
        .words("channels", CohortConfig::channels, CohortConfig::withChannels)
        .integer("steps", CohortConfig::askedWindowSteps, CohortConfig::withWindowSteps)
        .integer(
            "stepMinutes",
            config -> config.askedStep() == null ? null : (int) config.askedStep().toMinutes(),
            CohortConfig::withStepMinutes)
        .numbers("split", CohortConfig::splitPercent, CohortConfig::withSplitPercent)
        .whole("splitSeed", CohortConfig::splitSeed, CohortConfig::withSplitSeed)
        .flag("stratified", CohortConfig::stratified, CohortConfig::withStratified)
        .choice(
            "imputation", Imputation.class, CohortConfig::imputation, CohortConfig::withImputation)
        .choice(
            "normalisation",
            NormalisationMethod.class,
            CohortConfig::normalisation,
            CohortConfig::withNormalisation)
        .integer("windowShards", CohortConfig::numShards, CohortConfig::withNumShards)
        .decimal("droppedWarning", CohortConfig::droppedWarning, CohortConfig::withDroppedWarning)
        .decimal(
            "droppedThreshold", CohortConfig::droppedThreshold, CohortConfig::withDroppedThreshold)
        .checkedBy(CohortConfig::checked);
  }

  abstract Builder toBuilder();

  /** The task, with its own steps and time per step unless others are set. */
  public final CohortConfig withTask(Task task) {
    return toBuilder().task(task).build();
  }

  public final CohortConfig withWindowSteps(int steps) {
    check(steps >= 1 && steps <= MAX_STEPS, "steps", steps, "must be from 1 to %s", MAX_STEPS);
    return toBuilder().askedWindowSteps(steps).build();
  }

  /** Time from one row to the next. */
  public final CohortConfig withStep(Duration step) {
    check(step.toNanos() > 0, "step", step, "must be longer than nothing");
    return toBuilder().askedStep(step).build();
  }

  /** {@link #withStep} in minutes. */
  public final CohortConfig withStepMinutes(int minutes) {
    check(
        minutes >= 1 && minutes <= 1_000_000, "stepMinutes", minutes, "must be from 1 to 1000000");
    return withStep(Duration.ofMinutes(minutes));
  }

  public final CohortConfig withChannels(List<String> channels) {
    check(!channels.isEmpty(), "channels", channels, "must name at least one channel");
    checkDistinct("channels", channels);
    return toBuilder().channels(List.copyOf(channels)).build();
  }

  public final CohortConfig withStatics(List<String> statics) {
    checkDistinct("statics", statics);
    return toBuilder().statics(List.copyOf(statics)).build();
  }

  public final CohortConfig withDictionary(ConceptDictionary dictionary) {
    return toBuilder().dictionary(dictionary).build();
  }

  public final CohortConfig withVocabulary(String vocabulary) {
    return toBuilder().vocabulary(vocabulary).build();
  }

  public final CohortConfig withStratified(boolean stratified) {
    return toBuilder().stratified(stratified).build();
  }

  public final CohortConfig withImputation(Imputation imputation) {
    return toBuilder().imputation(imputation).build();
  }

  public final CohortConfig withMaxObservations(long maxObservations) {
    check(maxObservations >= 1, "maxObservations", maxObservations, "must be at least 1");
    return toBuilder().maxObservations(maxObservations).build();
  }

  public final CohortConfig withDroppedWarning(double share) {
    check(share >= 0 && share <= 1, "droppedWarning", share, "must be from 0 to 1");
    return toBuilder().droppedWarning(share).build();
  }

  public final CohortConfig withDroppedThreshold(double share) {
    check(share >= 0 && share <= 1, "droppedThreshold", share, "must be from 0 to 1");
    return toBuilder().droppedThreshold(share).build();
  }

  /** Shares of the subjects in train and tuning, which leave some to hold out. */
  public final CohortConfig withShares(double train, double tuning) {
    check(train > 0 && train < 1, "trainShare", train, "must be between 0 and 1");
    check(
        tuning > 0 && train + tuning < 1,
        "tuningShare",
        tuning,
        "must be positive and leave a share to hold out beside trainShare %s",
        train);
    return toBuilder().trainShare(train).tuningShare(tuning).build();
  }

  /** The shares of train, tuning and held_out, in percent. */
  public final CohortConfig withSplitPercent(List<Double> percent) {
    check(
        percent.size() == Split.values().length
            && percent.stream().allMatch(p -> p > 0)
            && percent.stream().mapToDouble(p -> p).sum() == 100,
        "split",
        percent,
        "must be three positive numbers that add up to 100");
    return withShares(percent.get(0) / 100, percent.get(1) / 100);
  }

  private List<Double> splitPercent() {
    double train = percent(trainShare());
    double tuning = percent(tuningShare());
    return List.of(train, tuning, percent(1 - trainShare() - tuningShare()));
  }

  /** Without what binary fractions add to 0.6. */
  private static double percent(double share) {
    return Math.round(share * 1e10) / 1e8;
  }

  public final CohortConfig withSplitSeed(long splitSeed) {
    return toBuilder().splitSeed(splitSeed).build();
  }

  public final CohortConfig withNormalisation(NormalisationMethod normalisation) {
    return toBuilder().normalisation(normalisation).build();
  }

  public final CohortConfig withNumShards(int numShards) {
    check(
        numShards >= 1 && numShards <= 99_999,
        "windowShards",
        numShards,
        "must be from 1 to 99999");
    return toBuilder().numShards(numShards).build();
  }

  private static int ofTask(Task task) {
    return (int) Math.min(MAX_STEPS + 1L, task.observation().dividedBy(task.step()));
  }

  /** Shape and meaning of the windows this configuration makes. */
  public final WindowSpec spec() {
    checked();
    return WindowSpec.of(
        windowSteps(),
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
    return withDictionary(dictionary().slice(vocabulary(), names));
  }

  final long windowMillis() {
    return step().multipliedBy(windowSteps()).toMillis();
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
      check(
          !task().label().codes().contains(code),
          "channels",
          channels(),
          "must not use code %s, which tells the label of task %s",
          code,
          task().name());
    }
  }

  final void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("task", task().name()).withLabel("Task"))
        .add(DisplayData.item("steps", windowSteps()).withLabel("Steps per window"))
        .add(DisplayData.item("step", step().toString()).withLabel("Time per step"))
        .add(DisplayData.item("channels", String.join(",", channels())).withLabel("Channels"))
        .add(DisplayData.item("vocabulary", vocabulary()).withLabel("Vocabulary of the codes"))
        .add(DisplayData.item("imputation", imputation().label()).withLabel("Imputation"))
        .add(DisplayData.item("splitSeed", splitSeed()).withLabel("Seed of the split"))
        .add(DisplayData.item("normalisation", normalisation().label()).withLabel("Normalisation"));
  }

  /**
   * The configuration, where its parts go together.
   *
   * @throws io.tardiff.settings.InvalidSettingException naming the setting, its value and what
   *     would be valid
   */
  @Internal
  public final CohortConfig checked() {
    check(
        windowSteps() >= 1 && windowSteps() <= MAX_STEPS,
        "steps",
        windowSteps(),
        "must be from 1 to %s",
        MAX_STEPS);
    channelConcepts();
    staticConcepts();
    checkCodes();
    return this;
  }

  private static void checkDistinct(String field, List<String> names) {
    check(new LinkedHashSet<>(names).size() == names.size(), field, names, "must be distinct");
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder askedWindowSteps(@Nullable Integer steps);

    abstract Builder askedStep(@Nullable Duration step);

    abstract Builder channels(List<String> channels);

    abstract Builder statics(List<String> statics);

    abstract Builder dictionary(ConceptDictionary dictionary);

    abstract Builder vocabulary(String vocabulary);

    abstract Builder task(Task task);

    abstract Builder stratified(boolean stratified);

    abstract Builder imputation(Imputation imputation);

    abstract Builder maxObservations(long maxObservations);

    abstract Builder trainShare(double trainShare);

    abstract Builder tuningShare(double tuningShare);

    abstract Builder droppedWarning(double share);

    abstract Builder droppedThreshold(double share);

    abstract Builder splitSeed(long splitSeed);

    abstract Builder normalisation(NormalisationMethod normalisation);

    abstract Builder numShards(int numShards);

    abstract CohortConfig build();
  }
}
