package io.tardiff.options;

import static java.util.stream.Collectors.joining;

import io.tardiff.cohort.BuildSeriesCohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.Unlabelled;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.signals.SeriesShape;
import io.tardiff.ehr.table.TextFormat;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.evaluation.Gate;
import io.tardiff.files.Bounds;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Purpose;
import io.tardiff.selection.Selection;
import io.tardiff.settings.Problems;
import io.tardiff.settings.Settings;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.training.TrainingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Creates the configurations of the library from options.
 *
 * <p>Most options simply set the setting of the same name. This class handles the others: guidances
 * are combined from rules and scales, samplers from several settings, and labels are parsed.
 */
public final class Configurations {
  private static final String DDPM = "ddpm";
  private static final String UNGUIDED = Guidance.Rule.NONE.label();

  /** Describes what the cohort options of a reader do. */
  public static final String WANTED =
      "If any of task, concepts, channels and vocabulary is set, only the events that"
          + " build_cohort uses with the same settings are read; otherwise all.";

  private static final Set<String> OF_ANY_SELECTION = Set.of("selection", "purpose");
  private static final Set<String> OF_SEVERAL_TRAINERS =
      Set.of("localSteps", "outerLearningRate", "outerMomentum");
  private static final double MAX_RATE = 1_000_000;

  private Configurations() {}

  public static CohortConfig cohort(PipelineOptions options, Problems problems) {
    return CohortConfig.settings().configuration(OptionCatalogue.given(options), problems);
  }

  /** Returns the format of text tables, with defaults for options that are not set. */
  public static TextFormat text(TextOptions options, Problems problems) {
    return Settings.of(TextFormat.standard())
        .text("delimiter", f -> null, (f, word) -> f.withDelimiter(TextFormat.delimiter(word)))
        .text("decimal", f -> null, (f, mark) -> f.withDecimal(TextFormat.decimalMark(mark)))
        .text("timeFormat", f -> null, TextFormat::withTimePattern)
        .text("charset", f -> null, TextFormat::withCharset)
        .words("nullWords", f -> List.of(), (f, words) -> f.withNullWords(Set.copyOf(words)))
        .configuration(OptionCatalogue.given(options), problems);
  }

  /**
   * Checks the options of the format of text tables, and rejects them for sources without text
   * tables.
   */
  public static void checkText(EhrSource source, SourceOptions options, Problems problems) {
    if (source.isText()) {
      text(options, problems);
      if (options.getTimeFormat() != null && !source.hasTimes()) {
        problems.add(
            "{timeFormat} must not be set if {source} is %s: its times are offsets",
            source.label());
      }
      return;
    }
    OptionCatalogue.of(TextOptions.class).all().stream()
        .filter(option -> OptionCatalogue.isSet(options, option))
        .forEach(
            option ->
                problems.add(
                    "{"
                        + option.name()
                        + "} must not be set if {source} is %s, whose files are not"
                        + " text tables",
                    source.label()));
  }

  /** Checks the maximum record size, which only sources with records read as a whole have. */
  public static void checkRecords(EhrSource source, SourceOptions options, Problems problems) {
    int megabytes = options.getMaxRecordMegabytes();
    problems.get("maxRecordMegabytes", 0, () -> Bounds.checkRecord(megabytes));
    if (megabytes != Bounds.RECORD_MIB && !source.hasRecords()) {
      problems.add("{maxRecordMegabytes} must not be set unless {source} is fhir or tables");
    }
  }

  /**
   * Returns a configuration with the channels, steps and classes of the recordings; the rest is as
   * the options say.
   */
  public static CohortConfig recordings(
      SourceOptions options, EhrSource source, Problems problems) {
    CohortConfig config = cohort(options, problems);
    if (config.unlabelled() == Unlabelled.TRAIN) {
      problems.add(
          "{unlabelled} must be drop if {source} is %s, whose recordings all have a label",
          source.label());
    }
    double rate = options.getSamplingRate();
    if (!(rate > 0 && rate <= MAX_RATE)) {
      problems.add("{samplingRate} must be above 0 and at most 1000000, was %s", rate);
      return config;
    }
    SeriesShape shape = problems.get("input", null, () -> source.shape(options));
    if (shape == null) {
      return config;
    }
    Integer steps = options.as(WindowOptions.class).getSteps();
    if (steps != null && steps > shape.steps()) {
      problems.add(
          "{steps} must be at most that of the recordings, %d, was %d", shape.steps(), steps);
      return config;
    }
    return problems.get(
        "input",
        config,
        () ->
            BuildSeriesCohort.config(
                    shape.channels(),
                    steps == null ? shape.steps() : steps,
                    Duration.ofNanos(Math.round(1e9 / rate)),
                    Math.max(2, shape.classes()))
                .withShares(config.trainShare(), config.tuningShare())
                .withSplitSeed(config.splitSeed())
                .withTrainLabels(config.trainLabels())
                .withStratified(config.stratified())
                .withImputation(config.imputation())
                .withNormalisation(config.normalisation())
                .withNumShards(config.numShards()));
  }

  /**
   * What a reader needs to know of the cohort to be built.
   *
   * @param codes codes of the events that the cohort uses; null for all
   * @param dispositions how to interpret the codes and words for discharge from hospital
   */
  public record Wanted(@Nullable Set<String> codes, Dispositions dispositions) {}

  /**
   * Returns what a cohort with the same options uses: all events if none of its options is set.
   *
   * @param vocabulary default vocabulary of the source
   */
  public static Wanted wanted(PipelineOptions options, String vocabulary, Problems problems) {
    EventOptions events = options.as(EventOptions.class);
    String given = options.as(VocabularyOptions.class).getVocabulary();
    CohortConfig config = cohort(options, problems);
    if (given == null) {
      config = problems.check(config.withVocabulary(vocabulary), CohortConfig::checked);
    }
    boolean all =
        events.getTask() == null
            && events.getConcepts() == null
            && events.getChannels() == null
            && given == null;
    return new Wanted(
        all || !problems.isEmpty() ? null : config.codes(), config.dictionary().dispositions());
  }

  public static TrainingConfig training(PipelineOptions options, Problems problems) {
    TrainingConfig config =
        TrainingConfig.settings().configuration(OptionCatalogue.given(options), problems);
    if (config.trainers().count() == 1) {
      OptionCatalogue.of(DenoiserOptions.class).all().stream()
          .filter(option -> OF_SEVERAL_TRAINERS.contains(option.name()))
          .filter(option -> OptionCatalogue.isSet(options, option))
          .forEach(
              option ->
                  problems.add(
                      "{" + option.name() + "} must not be set unless {trainers} is above 1"));
    }
    return config;
  }

  public static EvaluationConfig evaluation(PipelineOptions options, Problems problems) {
    return EvaluationConfig.settings().configuration(OptionCatalogue.given(options), problems);
  }

  /** Returns the directories of the cohorts that downstream models are also scored on. */
  public static List<String> testCohorts(EvaluationOptions options) {
    return options.getTestCohorts() == null ? List.of() : TextList.words(options.getTestCohorts());
  }

  /** Returns the bounds that the chosen set must meet. */
  public static Gate gate(PipelineOptions options, Problems problems) {
    return Gate.settings().configuration(OptionCatalogue.given(options), problems);
  }

  /** Returns the configuration of herding. */
  public static Selection herding(PipelineOptions options, Problems problems) {
    return Selection.settings().configuration(OptionCatalogue.given(options), problems);
  }

  /** Returns herding or no selection, and rejects options of herding without it. */
  public static Selection selection(SelectionOptions options, Problems problems) {
    boolean selects =
        options.getSelection() == null
            ? problems.get("purpose", false, () -> purpose(options).selects())
            : SelectionMethod.of(options.getSelection()) == SelectionMethod.HERDING;
    if (selects) {
      return herding(options, problems);
    }
    // An option must never be ignored silently.
    OptionCatalogue.of(SelectionOptions.class).all().stream()
        .filter(option -> !OF_ANY_SELECTION.contains(option.name()))
        .filter(option -> OptionCatalogue.isSet(options, option))
        .forEach(
            option ->
                problems.add(
                    "{" + option.name() + "} must not be set unless {selection} is herding"));
    return Selection.none();
  }

  public static <O extends GuidanceOptions & SamplingOptions> GenerationConfig generation(
      O options, Problems problems) {
    GenerationConfig config =
        GenerationConfig.settings().configuration(OptionCatalogue.given(options), problems);
    OptionCatalogue.of(SoftLabelOptions.class)
        .find("softLabelWeight")
        .filter(option -> config.softLabels() == 0 && OptionCatalogue.isSet(options, option))
        .ifPresent(
            option ->
                problems.add("{softLabelWeight} must not be set unless {softLabels} is above 0"));
    List<Guidance> guidances = new ArrayList<>(List.of(Guidance.none()));
    guidances.addAll(guided(options, problems));
    return withSampler(config, options, problems)
        .withGuidances(guidances)
        .withLabels(labels(options, problems));
  }

  public static LabelMix labels(LabelOptions options, Problems problems) {
    LabelMix labels =
        problems.get(
            "sampleLabels", LabelMix.asTrain(), () -> LabelMix.parse(options.getSampleLabels()));
    return options.getCount() == null
        ? labels
        : problems.apply("count", labels, mix -> mix.withTotal(options.getCount()));
  }

  /** Returns the words of the guidance rules; those that suit the purpose if none are given. */
  public static List<String> rules(GuidanceOptions options) {
    if (options.getGuidanceRules() != null) {
      return TextList.words(options.getGuidanceRules());
    }
    return purpose(options).rules().stream().map(Guidance.Rule::label).toList();
  }

  private static Purpose purpose(PurposeOptions options) {
    return options.getPurpose() == null
        ? EvaluationConfig.defaults().purpose()
        : Purpose.of(options.getPurpose());
  }

  /** Combines each rule with each of its scales. */
  private static List<Guidance> guided(GuidanceOptions options, Problems problems) {
    List<String> rules = problems.get("purpose", List.of(UNGUIDED), () -> rules(options));
    rejectOptionsOfOthers(rules, options, problems);
    if (rules.contains(UNGUIDED)) {
      if (rules.size() > 1) {
        problems.add(
            "{guidanceRules} must be either none or a list of rules, was %s",
            rules.stream().collect(joining(",")));
      }
      return List.of();
    }
    List<Guidance> guided = new ArrayList<>();
    for (String label : rules) {
      Guidance.Rule rule = Guidance.Rule.of(label);
      String scales = scales(rule, options);
      guided.addAll(
          problems.get(
              scalesOf(rule), List.of(), () -> Guidance.each(rule, TextList.numbers(scales))));
    }
    return guided;
  }

  /** Rejects the options of rules that are not used: none must be ignored silently. */
  private static void rejectOptionsOfOthers(
      List<String> used, GuidanceOptions options, Problems problems) {
    for (Option option : OptionCatalogue.of(GuidanceOptions.class).all()) {
      List<String> rules =
          Arrays.stream(Guidance.Rule.values())
              .filter(rule -> isOf(rule, option.name()))
              .map(Guidance.Rule::label)
              .toList();
      if (!rules.isEmpty()
          && rules.stream().noneMatch(used::contains)
          && OptionCatalogue.isSet(options, option)) {
        problems.add(
            "{" + option.name() + "} must not be set unless {guidanceRules} has %s",
            String.join(" or ", rules));
      }
    }
  }

  private static boolean isOf(Guidance.Rule rule, String option) {
    if (rule == Guidance.Rule.NONE) {
      return false;
    }
    return option.equals(scalesOf(rule))
        || (rule.matchesMoments() && Set.of("momentRounds", "momentPilot").contains(option))
        || (rule == Guidance.Rule.CANDIDATES && option.equals("candidates"));
  }

  /** Returns the name of the option with the scales of a rule. */
  private static String scalesOf(Guidance.Rule rule) {
    return switch (rule) {
      case MEAN_SHIFT -> "guidanceScales";
      case INTERPOLATION -> "interpolationScales";
      case MOMENT, CANDIDATES -> "momentScales";
      case NONE -> throw new IllegalArgumentException("none has no scales");
    };
  }

  private static String scales(Guidance.Rule rule, GuidanceOptions options) {
    return switch (rule) {
      case MEAN_SHIFT -> options.getGuidanceScales();
      case INTERPOLATION -> options.getInterpolationScales();
      case MOMENT, CANDIDATES -> options.getMomentScales();
      case NONE -> throw new IllegalArgumentException("none has no scales");
    };
  }

  private static GenerationConfig withSampler(
      GenerationConfig config, SamplingOptions options, Problems problems) {
    if (!options.getSampler().equals(DDPM)) {
      return config;
    }
    if (options.getEta() != null || options.getVarianceCorrection() != null) {
      problems.add("{eta} and {varianceCorrection} must not be set if {sampler} is ddpm");
    }
    return config.withEta(1).withVarianceCorrection(false);
  }
}
