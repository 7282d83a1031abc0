package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.BuildSeriesCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.ExportCohort;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.Split;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.signals.SeriesTags;
import io.tardiff.options.CohortOptions;
import io.tardiff.options.Configurations;
import io.tardiff.options.DeadLetterOptions;
import io.tardiff.options.EhrSource;
import io.tardiff.options.RecordingOptions;
import io.tardiff.options.SourceOptions;
import io.tardiff.options.Values;
import io.tardiff.options.VocabularyOptions;
import io.tardiff.options.WindowOptions;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * The transforms that build cohorts from events or recordings and export them. A cohort is a row.
 */
public final class Cohorts {
  /** A cohort: its directory, its hash and the number of windows per split. */
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

  /** Fields of build_cohort. */
  public interface OfEvents
      extends OutputField, CohortOptions, VocabularyOptions, DeadLetterOptions {}

  /** Builds a cohort from events. */
  @AutoService(SchemaTransformProvider.class)
  public static final class Build extends Reading<OfEvents> {
    public Build() {
      super(
          "build_cohort",
          List.of(INPUT),
          OfEvents.class,
          "Builds a cohort from events: windows of every stay, split by subject. Events are rows of"
              + " subject_id and code and, if known, stay_id, time, numeric_value, text_value and"
              + " unit; a time may be ISO 8601 text. Outputs one row once the cohort is complete:"
              + " cohort (its directory), hash, train_windows, tuning_windows and"
              + " held_out_windows.");
    }

    @Override
    Expansion prepare(OfEvents fields, DeadLetters deadLetters, Problems problems) {
      CohortConfig config = Configurations.cohort(fields, problems);
      return inputs -> {
        PCollectionTuple read = EventRows.parse(Rows.input(inputs));
        PCollection<Cohort> cohort =
            read.get(EhrTags.events())
                .apply(
                    "Build cohort",
                    BuildCohort.to(fields.getOutput())
                        .withConfig(config)
                        .after(deadLetters.check(read)));
        return deadLetters.with(PCollectionRowTuple.of(OUTPUT, rows(cohort)), read);
      };
    }
  }

  /** Fields of build_series_cohort. */
  @Description("Source")
  public interface OfSeries
      extends OutputField, InputField, WindowOptions, RecordingOptions, DeadLetterOptions {
    @Description(
        "Layout of the recordings: medformer (APAVA, TDBrain, ADFTD or PTB as arrays) or ucr_uea (a"
            + " set of the UCR and UEA archives).")
    @Validation.Required
    @Values({"medformer", "ucr_uea"})
    String getSource();

    void setSource(String source);
  }

  /** Builds a cohort from recordings. */
  @AutoService(SchemaTransformProvider.class)
  public static final class BuildSeries extends Reading<OfSeries> {
    public BuildSeries() {
      super(
          "build_series_cohort",
          List.of(),
          OfSeries.class,
          "Reads labelled recordings and builds a cohort from them: each recording is a window with"
              + " its class as the label. The files must exist when the pipeline is built, because"
              + " they determine the channels. Outputs one row, like build_cohort.");
    }

    @Override
    Expansion prepare(OfSeries fields, DeadLetters deadLetters, Problems problems) {
      SourceOptions source = fields.as(SourceOptions.class);
      EhrSource kind = EhrSource.of(source);
      if (fields.getSignalSplits() != null && kind != EhrSource.MEDFORMER) {
        problems.add("{signalSplits} must not be set unless {source} is medformer");
      }
      CohortConfig config = Configurations.recordings(source, kind, problems);
      return inputs -> {
        PCollectionTuple read =
            inputs
                .getPipeline()
                .apply("Read", kind.reader(source, /* codes= */ null, Dispositions.standard()));
        PCollection<Cohort> cohort =
            read.get(SeriesTags.series())
                .apply(
                    "Build cohort",
                    BuildSeriesCohort.to(fields.getOutput(), config)
                        .withRead(read)
                        .after(deadLetters.check(read)));
        return deadLetters.with(PCollectionRowTuple.of(OUTPUT, rows(cohort)), read);
      };
    }
  }

  /** Fields of export_cohort. */
  @Description("Export")
  public interface Forms extends PipelineOptions {
    @Description("Formats to write.")
    @Validation.Required
    @Values(constantsOf = ExportFormat.class, items = Values.Items.WORDS)
    String getExport();

    void setExport(String forms);
  }

  /** Exports a cohort. */
  @AutoService(SchemaTransformProvider.class)
  public static final class Export extends Provider<Forms> {
    public Export() {
      super(
          "export_cohort",
          List.of(INPUT),
          List.of(OUTPUT),
          Forms.class,
          "Writes the windows of a cohort for other tools, to export/ in its directory. Takes rows"
              + " with a field cohort, its directory, and outputs rows like build_cohort once the"
              + " files are written.");
    }

    @Override
    Expansion prepare(Forms fields, Row row, Problems problems) {
      ExportCohort export =
          problems.get(
              "export",
              null,
              () ->
                  ExportCohort.as(
                      TextList.words(fields.getExport()).stream()
                          .map(ExportFormat::of)
                          .collect(Collectors.toSet())));
      return inputs ->
          PCollectionRowTuple.of(OUTPUT, rows(Rows.cohorts(inputs).apply("Export", export)));
    }
  }
}
