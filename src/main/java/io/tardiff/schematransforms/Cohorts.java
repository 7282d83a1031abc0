package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import com.google.auto.value.AutoValue;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.BuildSeriesCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.ExportCohort;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.Imputation;
import io.tardiff.cohort.NormalisationMethod;
import io.tardiff.cohort.Split;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.signals.Medformer;
import io.tardiff.ehr.signals.SeriesShape;
import io.tardiff.ehr.signals.SeriesTags;
import io.tardiff.ehr.signals.TimeSeriesArchive;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Events or recordings to a cohort, and a cohort to other forms; a cohort is a row. */
public final class Cohorts {
  /** A cohort: its directory, and how many windows its splits hold. */
  static final Schema COHORT =
      Schema.builder()
          .addStringField("cohort")
          .addStringField("hash")
          .addInt64Field("train_windows")
          .addInt64Field("tuning_windows")
          .addInt64Field("held_out_windows")
          .build();

  private Cohorts() {}

  static PCollection<Row> rows(PCollection<Cohort> cohorts) {
    return cohorts
        .apply("Open cohort", MapElements.into(TypeDescriptors.rows()).via(Cohorts::row))
        .setRowSchema(COHORT);
  }

  private static Row row(Cohort cohort) {
    return Row.withSchema(COHORT)
        .addValues(
            cohort.directory(),
            cohort.hash(),
            cohort.count(Split.TRAIN),
            cohort.count(Split.TUNING),
            cohort.count(Split.HELD_OUT))
        .build();
  }

  /** How windows are divided, filled and written: fields of all cohorts. */
  abstract static class Windows extends ReadConfiguration {
    @SchemaFieldDescription("Directory that the cohort is written to.")
    public abstract String getOutput();

    @SchemaFieldDescription(
        "Steps of a window; as the task says, or the recordings have, where it is left out.")
    public abstract @Nullable Integer getSteps();

    @SchemaFieldDescription(
        "Percent of subjects in train, tuning and held_out; a split that the source publishes wins."
            + " 60, 20 and 20 where it is left out.")
    public abstract @Nullable List<Double> getSplit();

    @SchemaFieldDescription("Seed of the split of subjects; 0 where it is left out.")
    public abstract @Nullable Long getSplitSeed();

    @SchemaFieldDescription(
        "Whether every class is divided by split, not just all subjects together; false where it is"
            + " left out.")
    public abstract @Nullable Boolean getStratified();

    @SchemaFieldDescription(
        "How the gaps of a window are filled, learnt on train: forward_median, forward_normal,"
            + " mean, linear or none; forward_median where it is left out.")
    public abstract @Nullable String getImputation();

    @SchemaFieldDescription(
        "How channels are brought to the scale of the networks, fitted on train: z_score, robust,"
            + " min_max or quantile; z_score where it is left out.")
    public abstract @Nullable String getNormalisation();

    @SchemaFieldDescription("Files per split that windows are written to; 8 where it is left out.")
    public abstract @Nullable Integer getWindowShards();

    final CohortConfig apply(CohortConfig events, Fields fields) {
      fields.checkNamed("output", getOutput());
      CohortConfig config =
          fields.apply(
              "steps", getSteps(), events, (c, steps) -> c.toBuilder().setSteps(steps).build());
      config =
          fields.apply(
              "split",
              getSplit(),
              config,
              (c, split) -> c.toBuilder().setSplitPercent(split).build());
      config =
          fields.apply(
              "split_seed",
              getSplitSeed(),
              config,
              (c, seed) -> c.toBuilder().setSplitSeed(seed).build());
      config =
          fields.apply(
              "stratified",
              getStratified(),
              config,
              (c, stratified) -> c.toBuilder().setStratified(stratified).build());
      config =
          fields.apply(
              "imputation",
              getImputation(),
              config,
              (c, method) -> c.toBuilder().setImputation(Imputation.of(method)).build());
      config =
          fields.apply(
              "normalisation",
              getNormalisation(),
              config,
              (c, method) ->
                  c.toBuilder().setNormalisation(NormalisationMethod.of(method)).build());
      return fields.apply(
          "window_shards",
          getWindowShards(),
          config,
          (c, shards) -> c.toBuilder().setNumShards(shards).build());
    }
  }

  /** Fields of build_cohort. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class OfEvents extends Windows implements EventFields {
    @Override
    @SchemaFieldDescription(
        "What is to be predicted from which part of a stay: a task that comes with the library, or"
            + " a YAML file; in_hospital_mortality where it is left out.")
    public abstract @Nullable String getTask();

    @Override
    @SchemaFieldDescription(
        "YAML file of concepts and source codes, added to those that come with the library; what"
            + " has the same name is replaced.")
    public abstract @Nullable String getConcepts();

    @Override
    @SchemaFieldDescription(
        "Channels of a window, in this order, by their names in the concept dictionary; HR, SBP,"
            + " DBP, MAP, RR, Temp, SpO2, Urine and GCS where it is left out.")
    public abstract @Nullable List<String> getChannels();

    @Override
    @SchemaFieldDescription(
        "Vocabulary of the codes of the events: each reader names its own; physionet2012 where it"
            + " is left out.")
    public abstract @Nullable String getVocabulary();

    @SchemaFieldDescription("Minutes of a step; as the task says where it is left out.")
    public abstract @Nullable Integer getStepMinutes();
  }

  /** Events to a cohort. */
  @AutoService(SchemaTransformProvider.class)
  public static final class Build extends Provider<OfEvents> {
    public Build() {
      super(
          "build_cohort",
          List.of(INPUT),
          List.of(OUTPUT, "errors"),
          "Builds a cohort of events: windows of every stay, split by subject. Events are rows of"
              + " subject_id and code and, as far as they are known, stay_id, time, numeric_value,"
              + " text_value and unit; a time may be text in ISO 8601. One row comes out when the"
              + " cohort is complete: cohort (its directory), hash, train_windows, tuning_windows"
              + " and held_out_windows.");
    }

    static CohortConfig config(OfEvents given, Fields fields) {
      CohortConfig config =
          EventFields.config(given, CohortConfig.builder().build().vocabulary(), fields);
      config =
          fields.apply(
              "step_minutes",
              given.getStepMinutes(),
              config,
              (c, minutes) -> c.toBuilder().setStepMinutes(minutes).build());
      return given.apply(config, fields);
    }

    @Override
    Expansion prepare(OfEvents given, Fields fields) {
      CohortConfig config = config(given, fields);
      ReadConfiguration.DeadLetters deadLetters = given.deadLetters(fields);
      return inputs -> {
        PCollectionTuple read = EventRows.parse(Rows.input(inputs));
        PCollection<Cohort> cohort =
            read.get(EhrTags.events())
                .apply(
                    "Build cohort",
                    BuildCohort.to(given.getOutput())
                        .withConfig(config)
                        .after(deadLetters.check(read)));
        return deadLetters.with(PCollectionRowTuple.of(OUTPUT, rows(cohort)), read);
      };
    }
  }

  /** Fields of build_series_cohort. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class OfSeries extends Windows {
    @SchemaFieldDescription(
        "What the recordings are: medformer (APAVA, TDBrain, ADFTD or PTB as arrays) or ucr_uea (a"
            + " set of the UCR and UEA archives).")
    public abstract String getSource();

    @SchemaFieldDescription("Directory of the source's files, on any Beam file system.")
    public abstract String getInput();

    @SchemaFieldDescription(
        "Published split of the subjects of a Medformer set: apava, tdbrain, adftd or ptb; by split"
            + " where it is left out.")
    public abstract @Nullable String getSignalSplits();

    @SchemaFieldDescription("Samples per second of the recordings; 256 where it is left out.")
    public abstract @Nullable Double getSamplingRate();
  }

  /** Recordings to a cohort. */
  @AutoService(SchemaTransformProvider.class)
  public static final class BuildSeries extends Provider<OfSeries> {
    private static final double RATE = 256;
    private static final double MAX_RATE = 1_000_000;

    public BuildSeries() {
      super(
          "build_series_cohort",
          List.of(),
          List.of(OUTPUT, "errors"),
          "Reads labelled recordings and builds a cohort of them: each recording is a window, its"
              + " class the label. The files must be there when the pipeline is built, as they tell"
              + " the channels. One row comes out, as of build_cohort.");
    }

    private record Recordings(
        PTransform<PBegin, PCollectionTuple> reader, Supplier<SeriesShape> shape) {}

    private static Recordings recordings(OfSeries given, Fields fields) {
      boolean medformer = given.getSource().equals("medformer");
      if (!medformer && !given.getSource().equals("ucr_uea")) {
        fields.add("source must be medformer or ucr_uea, was " + given.getSource());
        return null;
      }
      if (!medformer) {
        if (given.getSignalSplits() != null) {
          fields.add("signal_splits must be left out unless source is medformer");
        }
        TimeSeriesArchive.Read read =
            fields.get("input", null, () -> TimeSeriesArchive.read().from(given.getInput()));
        return read == null ? null : new Recordings(read, read::shape);
      }
      Medformer.Read read =
          fields.get("input", null, () -> Medformer.read().from(given.getInput()));
      if (read == null) {
        return null;
      }
      Medformer.Read split =
          fields.apply(
              "signal_splits",
              given.getSignalSplits(),
              read,
              (r, name) -> r.withSplits(splits(name)));
      return new Recordings(split, split::shape);
    }

    private static Medformer.Splits splits(String name) {
      return Arrays.stream(Medformer.Splits.values())
          .filter(splits -> splits.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "must be apava, tdbrain, adftd or ptb, was " + name));
    }

    @Override
    Expansion prepare(OfSeries given, Fields fields) {
      ReadConfiguration.DeadLetters deadLetters = given.deadLetters(fields);
      double rate = given.getSamplingRate() == null ? RATE : given.getSamplingRate();
      if (!(rate > 0 && rate <= MAX_RATE)) {
        fields.add("sampling_rate must be above 0 and at most 1000000, was " + rate);
        rate = RATE;
      }
      Duration step = Duration.ofNanos(Math.round(1e9 / rate));
      Recordings recordings = recordings(given, fields);
      SeriesShape shape = recordings == null ? null : fields.get("input", null, recordings.shape());
      CohortConfig config =
          given.apply(
              shape == null
                  ? CohortConfig.builder().build()
                  : BuildSeriesCohort.config(
                      shape.channels(), shape.steps(), step, Math.max(2, shape.classes())),
              fields);
      if (shape != null && config.steps() > shape.steps()) {
        fields.add(
            "steps must be at most those of the recordings, "
                + shape.steps()
                + ", was "
                + config.steps());
      }
      return inputs -> {
        PCollectionTuple read = inputs.getPipeline().apply("Read", recordings.reader());
        PCollection<Cohort> cohort =
            read.get(SeriesTags.series())
                .apply(
                    "Build cohort",
                    BuildSeriesCohort.to(given.getOutput(), config).after(deadLetters.check(read)));
        return deadLetters.with(PCollectionRowTuple.of(OUTPUT, rows(cohort)), read);
      };
    }
  }

  /** Fields of export_cohort. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Forms {
    @SchemaFieldDescription("Forms to write, one or more of csv, parquet and npy.")
    public abstract List<String> getExport();
  }

  /** A cohort in the forms of other tools. */
  @AutoService(SchemaTransformProvider.class)
  public static final class Export extends Provider<Forms> {
    public Export() {
      super(
          "export_cohort",
          List.of(INPUT),
          List.of(OUTPUT),
          "Writes the windows of a cohort for other tools, in export/ beneath its directory. Takes"
              + " rows with a field cohort, its directory, and gives rows as build_cohort does when"
              + " the files are there.");
    }

    @Override
    Expansion prepare(Forms given, Fields fields) {
      ExportCohort export =
          fields.get(
              "export",
              null,
              () ->
                  ExportCohort.as(
                      given.getExport().stream()
                          .map(ExportFormat::of)
                          .collect(Collectors.toSet())));
      return inputs ->
          PCollectionRowTuple.of(OUTPUT, rows(Rows.cohorts(inputs).apply("Export", export)));
    }
  }
}
