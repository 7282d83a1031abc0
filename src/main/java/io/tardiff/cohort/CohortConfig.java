package io.tardiff.cohort;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import com.google.common.collect.ImmutableList;
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
 * Configures how a cohort is built from events. By default: in-hospital mortality, predicted from
 * the first 48 hours in hourly steps of nine channels.
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

  private static final ImmutableList<Double> ALL_LABELS = ImmutableList.of(1.0);

  /** Rows per window. Default: that of the {@link #task}. */
  public final int windowSteps() {
    return windowStepsOverride() == null ? ofTask(task()) : windowStepsOverride();
  }

  /** Time from one row to the next. Default: that of the {@link #task}. */
  public final Duration step() {
    return stepOverride() == null ? task().step() : stepOverride();
  }

  abstract @Nullable Integer windowStepsOverride();

  abstract @Nullable Duration stepOverride();

  /** Names of the channels in the {@link #dictionary}. Default: {@link #DEFAULT_CHANNELS}. */
  public abstract List<String> channels();

  /** Names of the static covariates. Default: {@link #DEFAULT_STATICS}. */
  public abstract List<String> statics();

  /**
   * The channels and static covariates to choose from. Default: {@link
   * ConceptDictionary#standard()}.
   */
  public abstract ConceptDictionary dictionary();

  /**
   * Vocabulary of the dictionary that the codes of the events come from. Default: {@code
   * physionet2012}, which the simulated ICU uses too.
   */
  public abstract String vocabulary();

  /** What is predicted. Default: {@link Task#inHospitalMortality()}. */
  public abstract Task task();

  /** Share of the subjects in the train split. Default: 0.6. */
  public abstract double trainShare();

  /** Share of the subjects in the tuning split; the rest is held out. Default: 0.2. */
  public abstract double tuningShare();

  /**
   * Whether each class is split by the shares separately, rather than all subjects together. With
   * few subjects or a rare class, this makes the splits differ less in prevalence. A subject
   * belongs to the highest class of its windows, and its split then depends on the other subjects
   * of the cohort. Default: false.
   */
  public abstract boolean stratified();

  /**
   * What becomes of windows whose label is not known. They change no other window: neither its
   * split nor what fills, normalises or rounds its values. Default: {@link Unlabelled#DROP}.
   */
  public abstract Unlabelled unlabelled();

  /**
   * Share of the labels of train that are used, of all labels or of each class: to learn how much
   * labels are worth, or what a study with fewer of them would have shown. Windows whose label is
   * set aside are windows without a label ({@link #unlabelled}). By subject: a smaller share uses
   * some of the labels of a larger one. Default: all.
   */
  public abstract ImmutableList<Double> trainLabels();

  /** How gaps are filled. Default: {@link Imputation#FORWARD_MEDIAN}. */
  public abstract Imputation imputation();

  /** Seed of the split; another seed splits the subjects differently. Default: 0. */
  public abstract long splitSeed();

  /** How channels are scaled for the networks. Default: {@link NormalisationMethod#Z_SCORE}. */
  public abstract NormalisationMethod normalisation();

  /** Avro files per split. One file must fit in the memory of a worker. Default: 8. */
  public abstract int numShards();

  /**
   * Maximum number of rows of the cohort's channels per subject. A subject with more is dropped and
   * counted, so that no subject exhausts the memory of a worker. Default: 5,000,000, which takes
   * 110 MB.
   */
  public abstract long maxObservations();

  /**
   * Share of a channel's values above which a warning is logged that they were dropped: because
   * they are not numbers, have an unknown unit, belong to a stay without an admission, or lie
   * beyond the outlier range. From 0 to 1. Default: 0.05.
   */
  public abstract double droppedWarning();

  /**
   * Share of a channel's dropped values above which the run fails. From 0 to 1; 1 never fails.
   * Default: 0.5.
   */
  public abstract double droppedThreshold();

  /**
   * Returns the default configuration: in-hospital mortality from the first 48 hours, hourly, nine
   * channels.
   */
  public static CohortConfig defaults() {
    return new AutoValue_CohortConfig.Builder()
        .task(Task.inHospitalMortality())
        .channels(DEFAULT_CHANNELS)
        .statics(DEFAULT_STATICS)
        .dictionary(ConceptDictionary.standard())
        .vocabulary("physionet2012")
        .stratified(false)
        .unlabelled(Unlabelled.DROP)
        .trainLabels(ALL_LABELS)
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

  /** The settings that options can set. */
  @Internal
  public static Settings<CohortConfig> settings() {
    return Settings.of(defaults())
        .text("task", config -> config.task().name(), (c, task) -> c.withTask(Task.named(task)))
        // Before the channels, whose names it defines.
        .text(
            "concepts",
            config -> null,
            (c, file) -> c.withDictionary(c.dictionary().withFile(file)))
        .text("vocabulary", CohortConfig::vocabulary, CohortConfig::withVocabulary)
        .words("channels", CohortConfig::channels, CohortConfig::withChannels)
        .integer("steps", CohortConfig::windowStepsOverride, CohortConfig::withWindowSteps)
        .integer(
            "stepMinutes",
            config ->
                config.stepOverride() == null ? null : (int) config.stepOverride().toMinutes(),
            CohortConfig::withStepMinutes)
        .numbers("split", CohortConfig::splitPercent, CohortConfig::withSplitPercent)
        .whole("splitSeed", CohortConfig::splitSeed, CohortConfig::withSplitSeed)
        .flag("stratified", CohortConfig::stratified, CohortConfig::withStratified)
        .choice(
            "unlabelled", Unlabelled.class, CohortConfig::unlabelled, CohortConfig::withUnlabelled)
        .numbers("trainLabels", CohortConfig::trainLabels, CohortConfig::withTrainLabels)
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

  /** Sets the task. Its steps and time per step apply unless set here. */
  public final CohortConfig withTask(Task task) {
    return toBuilder().task(task).build();
  }

  public final CohortConfig withWindowSteps(int steps) {
    check(steps >= 1 && steps <= MAX_STEPS, "steps", steps, "must be from 1 to %s", MAX_STEPS);
    return toBuilder().windowStepsOverride(steps).build();
  }

  /** Sets the time from one row to the next. */
  public final CohortConfig withStep(Duration step) {
    check(step.toNanos() > 0, "step", step, "must be longer than nothing");
    return toBuilder().stepOverride(step).build();
  }

  /** Sets the time from one row to the next in minutes. */
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

  public final CohortConfig withUnlabelled(Unlabelled unlabelled) {
    return toBuilder().unlabelled(unlabelled).build();
  }

  /**
   * Sets the share of the labels of train that are used.
   *
   * @param shares one for all labels, or one for each class
   */
  public final CohortConfig withTrainLabels(List<Double> shares) {
    check(
        !shares.isEmpty() && shares.stream().allMatch(share -> share > 0 && share <= 1),
        "trainLabels",
        shares,
        "must be shares above 0, at most 1");
    return toBuilder().trainLabels(ImmutableList.copyOf(shares)).build();
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

  /** Sets the shares of the subjects in train and tuning; they must leave some to hold out. */
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

  /** Sets the shares of train, tuning and held_out, in percent. */
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

  /** Rounds away the error of binary fractions: 0.6 becomes 60, not 60.00000000000001. */
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

  /** Returns shape, channels and classes of the windows that this configuration gives. */
  public final WindowSpec spec() {
    checked();
    return WindowSpec.of(
        windowSteps(),
        step(),
        channelConcepts().stream().map(c -> WindowSpec.Channel.of(c.name(), c.unit())).toList(),
        statics(),
        task().classes());
  }

  /** Returns the codes of the events that the cohort uses, so that a reader can skip all others. */
  public final Set<String> codes() {
    return SubjectFn.codes(this);
  }

  /**
   * Returns this configuration with only the part of the dictionary that it uses, because it is
   * serialised with every DoFn.
   */
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

  /** Returns a number in [0, 1) for a subject: a hash of subject and seed. */
  final double position(String subjectId) {
    return position(subjectId, "");
  }

  private double position(String subjectId, String purpose) {
    long hash =
        Hashing.murmur3_128()
            .newHasher()
            .putLong(splitSeed())
            .putString(subjectId + purpose, StandardCharsets.UTF_8)
            .hash()
            .asLong();
    return (hash >>> 11) * 0x1.0p-53;
  }

  final boolean usesAllLabels() {
    return trainLabels().stream().allMatch(share -> share == 1);
  }

  /** Returns whether a label of a subject of train is used. */
  final boolean usesLabel(String subjectId, int label) {
    double share = trainLabels().get(trainLabels().size() == 1 ? 0 : label);
    // Not its position in the split, whose first part would be those of a smaller train share.
    return position(subjectId, "\ttrain labels") < share;
  }

  /**
   * Returns the split of a subject, by its position, so that it does not depend on other subjects.
   */
  final Split split(String subjectId) {
    double position = position(subjectId);
    if (position < trainShare()) {
      return Split.TRAIN;
    }
    return position < trainShare() + tuningShare() ? Split.TUNING : Split.HELD_OUT;
  }

  /** Rejects channels that use a code of the label, because they would leak it. */
  private void checkCodes() {
    for (SubjectFn.Source source : SubjectFn.sources(this)) {
      String code = source.code().code();
      check(
          !task().label().codes().contains(code),
          "channels",
          channels(),
          "must not use code %s, which determines the label of task %s",
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
        .add(DisplayData.item("trainLabels", trainLabels().toString()).withLabel("Labels used"))
        .add(DisplayData.item("normalisation", normalisation().label()).withLabel("Normalisation"));
  }

  /**
   * Returns this configuration after checking that its settings are consistent with each other.
   *
   * @throws io.tardiff.settings.InvalidSettingException if they are not, naming the setting, its
   *     value and what is valid
   */
  @Internal
  public final CohortConfig checked() {
    check(
        windowSteps() >= 1 && windowSteps() <= MAX_STEPS,
        "steps",
        windowSteps(),
        "must be from 1 to %s",
        MAX_STEPS);
    check(
        trainLabels().size() == 1 || trainLabels().size() == task().classes(),
        "trainLabels",
        trainLabels(),
        "must be one share, or one for each of the %s classes",
        task().classes());
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
    abstract Builder windowStepsOverride(@Nullable Integer steps);

    abstract Builder stepOverride(@Nullable Duration step);

    abstract Builder channels(List<String> channels);

    abstract Builder statics(List<String> statics);

    abstract Builder dictionary(ConceptDictionary dictionary);

    abstract Builder vocabulary(String vocabulary);

    abstract Builder task(Task task);

    abstract Builder stratified(boolean stratified);

    abstract Builder unlabelled(Unlabelled unlabelled);

    abstract Builder trainLabels(ImmutableList<Double> shares);

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
