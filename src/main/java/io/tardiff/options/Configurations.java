package io.tardiff.options;

import static java.util.stream.Collectors.joining;

import io.tardiff.cohort.BuildSeriesCohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.signals.SeriesShape;
import io.tardiff.ehr.table.TextFormat;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.files.Bounds;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.Guidance;
import io.tardiff.selection.Selection;
import io.tardiff.settings.Problems;
import io.tardiff.settings.Settings;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.training.TrainingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What options ask for, as configurations of the library.
 *
 * <p>An option sets the setting of its name. What stands here is only what is more than that: a
 * list of guidances made of rules and scales, samplers that are a combination of settings, labels.
 */
public final class Configurations {
  private static final String DDPM = "ddpm";
  private static final String UNGUIDED = Guidance.Rule.NONE.label();

  /** What the options of a reader do that are those of a cohort to come. */
  public static final String WANTED =
      "With any of task, concepts, channels and vocabulary, only those events are made that"
          + " build_cohort wants with the same; all otherwise.";

  private static final double MAX_RATE = 1_000_000;

  private Configurations() {}

  public static CohortConfig cohort(PipelineOptions options, Problems problems) {
    return CohortConfig.settings().configuration(OptionCatalogue.given(options), problems);
  }

  /** How text tables are written, as far as options say it. */
  public static TextFormat text(TextOptions options, Problems problems) {
    return Settings.of(TextFormat.standard())
        .text("delimiter", f -> null, (f, word) -> f.withDelimiter(TextFormat.delimiter(word)))
        .text("decimal", f -> null, (f, mark) -> f.withDecimal(TextFormat.decimalMark(mark)))
        .text("timeFormat", f -> null, TextFormat::withTimePattern)
        .text("charset", f -> null, TextFormat::withCharset)
        .words("nullWords", f -> List.of(), (f, words) -> f.withNullWords(Set.copyOf(words)))
        .configuration(OptionCatalogue.given(options), problems);
  }

  /** Checks the format of text tables, which is refused where a source has none. */
  public static void checkText(EhrSource source, SourceOptions options, Problems problems) {
    if (source.isText()) {
      text(options, problems);
      if (options.getTimeFormat() != null && !source.hasTimes()) {
        problems.add(
            "{timeFormat} must be left out where {source} is %s: its times are offsets",
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
                        + "} must be left out where {source} is %s, whose files are no"
                        + " tables of text",
                    source.label()));
  }

  /** Checks the size of records, which is refused where a source has none that are read whole. */
  public static void checkRecords(EhrSource source, SourceOptions options, Problems problems) {
    int megabytes = options.getMaxRecordMegabytes();
    problems.get("maxRecordMegabytes", 0, () -> Bounds.checkRecord(megabytes));
    if (megabytes != Bounds.RECORD_MIB && !source.hasRecords()) {
      problems.add("{maxRecordMegabytes} must be left out unless {source} is fhir or tables");
    }
  }

  /** Channels, steps and classes as recordings have them; split and scale as asked for. */
  public static CohortConfig recordings(
      SourceOptions options, EhrSource source, Problems problems) {
    CohortConfig asked = cohort(options, problems);
    double rate = options.getSamplingRate();
    if (!(rate > 0 && rate <= MAX_RATE)) {
      problems.add("{samplingRate} must be above 0 and at most 1000000, was %s", rate);
      return asked;
    }
    SeriesShape shape = problems.get("input", null, () -> source.shape(options));
    if (shape == null) {
      return asked;
    }
    Integer steps = options.as(WindowOptions.class).getSteps();
    if (steps != null && steps > shape.steps()) {
      problems.add(
          "{steps} must be at most those of the recordings, %d, was %d", shape.steps(), steps);
      return asked;
    }
    return problems.get(
        "input",
        asked,
        () ->
            BuildSeriesCohort.config(
                    shape.channels(),
                    steps == null ? shape.steps() : steps,
                    Duration.ofNanos(Math.round(1e9 / rate)),
                    Math.max(2, shape.classes()))
                .withShares(asked.trainShare(), asked.tuningShare())
                .withSplitSeed(asked.splitSeed())
                .withStratified(asked.stratified())
                .withImputation(asked.imputation())
                .withNormalisation(asked.normalisation())
                .withNumShards(asked.numShards()));
  }

  /**
   * What a reader is told of the cohort to come.
   *
   * @param codes of the events that it will want; null for all
   * @param dispositions what codes and words for the way out of a hospital mean
   */
  public record Wanted(@Nullable Set<String> codes, Dispositions dispositions) {}

  /**
   * What a cohort of the same options will want: all events where none of its options is given.
   *
   * @param vocabulary of the source
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
    return TrainingConfig.settings().configuration(OptionCatalogue.given(options), problems);
  }

  public static EvaluationConfig evaluation(PipelineOptions options, Problems problems) {
    return EvaluationConfig.settings().configuration(OptionCatalogue.given(options), problems);
  }

  /** Herding, as options ask for it. */
  public static Selection herding(PipelineOptions options, Problems problems) {
    return Selection.settings().configuration(OptionCatalogue.given(options), problems);
  }

  /** Herding or no selection. What is asked of herding is refused where there is none. */
  public static Selection selection(SelectionOptions options, Problems problems) {
    if (SelectionMethod.of(options.getSelection()) == SelectionMethod.HERDING) {
      return herding(options, problems);
    }
    // Whoever asks for something relies on it.
    OptionCatalogue.of(SelectionOptions.class).all().stream()
        .filter(option -> !option.name().equals("selection"))
        .filter(option -> OptionCatalogue.isSet(options, option))
        .forEach(
            option ->
                problems.add(
                    "{" + option.name() + "} must be left out unless {selection} is herding"));
    return Selection.none();
  }

  public static <O extends GuidanceOptions & SamplingOptions> GenerationConfig generation(
      O options, Problems problems) {
    GenerationConfig config =
        GenerationConfig.settings().configuration(OptionCatalogue.given(options), problems);
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

  /** Every rule with each of its scales. */
  private static List<Guidance> guided(GuidanceOptions options, Problems problems) {
    List<String> rules = TextList.words(options.getGuidanceRules());
    if (rules.contains(UNGUIDED)) {
      if (rules.size() > 1) {
        problems.add(
            "{guidanceRules} must be none alone or rules, was %s",
            rules.stream().collect(joining(",")));
      }
      return List.of();
    }
    List<Guidance> guided = new ArrayList<>();
    for (String label : rules) {
      Guidance.Rule rule = Guidance.Rule.of(label);
      boolean shift = rule == Guidance.Rule.MEAN_SHIFT;
      String scales = shift ? options.getGuidanceScales() : options.getInterpolationScales();
      guided.addAll(
          problems.get(
              shift ? "guidanceScales" : "interpolationScales",
              List.of(),
              () -> Guidance.each(rule, TextList.numbers(scales))));
    }
    return guided;
  }

  private static GenerationConfig withSampler(
      GenerationConfig config, SamplingOptions options, Problems problems) {
    if (!options.getSampler().equals(DDPM)) {
      return config;
    }
    if (options.getEta() != null || options.getVarianceCorrection() != null) {
      problems.add("{eta} and {varianceCorrection} must be left out where {sampler} is ddpm");
    }
    return config.withEta(1).withVarianceCorrection(false);
  }
}
