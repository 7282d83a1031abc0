package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.service.AutoService;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.ehr.fhir.FhirR4;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.ehr.table.ParseTable;
import io.tardiff.ehr.table.TableMapping;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.options.Configurations;
import io.tardiff.options.DeadLetterOptions;
import io.tardiff.options.EhrSource;
import io.tardiff.options.EventOptions;
import io.tardiff.options.FhirOptions;
import io.tardiff.options.MedsOptions;
import io.tardiff.options.OmopOptions;
import io.tardiff.options.RecordOptions;
import io.tardiff.options.RicuOptions;
import io.tardiff.options.SimulationOptions;
import io.tardiff.options.SourceOptions;
import io.tardiff.options.TextOptions;
import io.tardiff.options.VocabularyOptions;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;

/**
 * The transforms that read files, or parse rows of a pipeline, into rows of {@link
 * io.tardiff.ehr.EhrEvent}: {@code subject_id}, {@code stay_id}, {@code time}, {@code code}, {@code
 * numeric_value}, {@code text_value}, {@code unit}.
 */
public final class Sources {
  private static final List<String> NONE = List.of();
  private static final List<String> ROWS = List.of(Provider.INPUT);

  private Sources() {}

  /** Fields of every transform that outputs events, including those of the cohort to be built. */
  public interface Events extends EventOptions, VocabularyOptions, DeadLetterOptions {}

  /** Fields of readers of files. */
  public interface Files extends InputField, Events {}

  /** Fields of readers of text tables. */
  public interface TextFiles extends Files, TextOptions {}

  /** A reader of files. */
  abstract static class Read<O extends DeadLetterOptions> extends Reading<O> {
    private final EhrSource source;

    Read(String name, EhrSource source, Class<O> type, String what) {
      super(
          name,
          NONE,
          type,
          "Reads "
              + what
              + " into events with codes of the vocabulary "
              + source.vocabulary()
              + "."
              + (EventOptions.class.isAssignableFrom(type) ? " " + Configurations.WANTED : ""));
      this.source = source;
    }

    @Override
    final Expansion prepare(O fields, DeadLetters deadLetters, Problems problems) {
      SourceOptions options = fields.as(SourceOptions.class);
      Configurations.checkText(source, options, problems);
      Configurations.checkRecords(source, options, problems);
      Configurations.Wanted wanted = Configurations.wanted(options, source.vocabulary(), problems);
      PTransform<PBegin, PCollectionTuple> reader =
          problems.get(
              "input", null, () -> source.reader(options, wanted.codes(), wanted.dispositions()));
      return inputs -> deadLetters.events(inputs.getPipeline().apply("Read", reader));
    }
  }

  /** Simulates stays. */
  @AutoService(SchemaTransformProvider.class)
  public static final class Simulated extends Provider<SimulationOptions> {
    public Simulated() {
      super(
          "read_simulated",
          NONE,
          List.of(OUTPUT),
          SimulationOptions.class,
          "Simulates an intensive care unit with codes of the vocabulary physionet2012, to try a"
              + " pipeline without data.");
    }

    @Override
    Expansion prepare(SimulationOptions fields, Row row, Problems problems) {
      SimulatedIcu icu =
          problems.get(
              "stays",
              null,
              () ->
                  SimulatedIcu.of(fields.getStays())
                      .withSeed(fields.getSimulationSeed())
                      .withUnknownOutcomes(fields.getUnknownOutcomes()));
      return inputs ->
          PCollectionRowTuple.of(OUTPUT, Rows.of(inputs.getPipeline().apply("Simulate", icu)));
    }
  }

  /** PhysioNet/CinC Challenge 2012. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfPhysioNet2012 extends Read<OfPhysioNet2012.Fields> {
    /** The fields of the configuration. There are few codes, so all are read. */
    public interface Fields extends InputField, TextOptions, DeadLetterOptions {}

    public OfPhysioNet2012() {
      super(
          "read_physionet2012",
          EhrSource.PHYSIONET2012,
          Fields.class,
          "the PhysioNet/CinC Challenge 2012");
    }
  }

  /** MIMIC-III. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfMimic3 extends Read<TextFiles> {
    public OfMimic3() {
      super("read_mimic3", EhrSource.MIMIC3, TextFiles.class, "MIMIC-III 1.4, CSV,");
    }
  }

  /** MIMIC-IV. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfMimic4 extends Read<TextFiles> {
    public OfMimic4() {
      super(
          "read_mimic4", EhrSource.MIMIC4, TextFiles.class, "MIMIC-IV 2.x or 3.x, hosp/ and icu/,");
    }
  }

  /** eICU. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfEicu extends Read<TextFiles> {
    public OfEicu() {
      super("read_eicu", EhrSource.EICU, TextFiles.class, "eICU-CRD 2.0, CSV,");
    }
  }

  /** FHIR R4. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfFhir extends Read<OfFhir.Fields> {
    /** Fields. */
    public interface Fields extends Files, FhirOptions, RecordOptions {}

    public OfFhir() {
      super("read_fhir", EhrSource.FHIR, Fields.class, "a FHIR R4 bulk export, NDJSON,");
    }
  }

  /** OMOP. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfOmop extends Read<OfOmop.Fields> {
    /** The fields of the configuration. */
    public interface Fields extends TextFiles, OmopOptions {}

    public OfOmop() {
      super("read_omop", EhrSource.OMOP, Fields.class, "OMOP CDM 5.3 or 5.4, CSV,");
    }
  }

  /** Cohorts of ricu. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfRicu extends Read<OfRicu.Fields> {
    /** The fields of the configuration. */
    public interface Fields extends TextFiles, RicuOptions {}

    public OfRicu() {
      super(
          "read_ricu",
          EhrSource.RICU,
          Fields.class,
          "a cohort of ricu in the layout of YAIB, Parquet,");
    }
  }

  /** MEDS. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfMeds extends Read<OfMeds.Fields> {
    /** The fields of the configuration. */
    public interface Fields extends Files, MedsOptions {}

    public OfMeds() {
      super("read_meds", EhrSource.MEDS, Fields.class, "MEDS 0.4");
    }
  }

  /** The user's own tables. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfTables extends Read<OfTables.Fields> {
    /** Fields. */
    public interface Fields extends TextFiles, MappingField, RecordOptions {}

    public OfTables() {
      super(
          "read_tables",
          EhrSource.TABLES,
          Fields.class,
          "your own tables, CSV, Parquet or Avro, with a mapping");
    }
  }

  /** Rows of the user's own tables. */
  @AutoService(SchemaTransformProvider.class)
  public static final class ParseRows extends Reading<ParseRows.Fields> {
    /** The fields of the configuration. */
    @Description("Source")
    public interface Fields extends Events, MappingField {
      @Description("Name of the rows' table in the mapping.")
      @Validation.Required
      String getTable();

      void setTable(String table);
    }

    public ParseRows() {
      super(
          "parse_table",
          ROWS,
          Fields.class,
          "Converts rows of your own table to events by a mapping; names of columns are matched"
              + " ignoring case. Codes are those of the mapping, with the vocabulary "
              + ConceptDictionary.OWN_NAMES
              + ". "
              + Configurations.WANTED);
    }

    @Override
    Expansion prepare(Fields fields, DeadLetters deadLetters, Problems problems) {
      Set<String> codes =
          Configurations.wanted(fields, ConceptDictionary.OWN_NAMES, problems).codes();
      TableMapping mapping =
          problems.get("mapping", null, () -> TableMapping.load(fields.getMapping()));
      TableParser parser =
          mapping == null
              ? null
              : problems.get("table", null, () -> mapping.parser(fields.getTable()));
      return inputs -> {
        ParseTable parse = ParseTable.with(parser);
        return deadLetters.events(
            Rows.input(inputs).apply("Parse", codes == null ? parse : parse.withCodes(codes)));
      };
    }
  }

  /** FHIR resources in a pipeline. */
  @AutoService(SchemaTransformProvider.class)
  public static final class ParseFhir extends Reading<ParseFhir.Fields> {
    /** Fields. */
    public interface Fields extends Events, FhirOptions {}

    public ParseFhir() {
      super(
          "parse_fhir",
          ROWS,
          Fields.class,
          "Converts FHIR R4 resources, each a row with the JSON as its only field, to events with"
              + " codes of the vocabulary fhir. "
              + Configurations.WANTED);
    }

    @Override
    Expansion prepare(Fields fields, DeadLetters deadLetters, Problems problems) {
      Configurations.Wanted wanted =
          Configurations.wanted(fields, EhrSource.FHIR.vocabulary(), problems);
      FhirR4.Parse all =
          FhirR4.parse()
              .withStaysByTime()
              .withDispositions(wanted.dispositions())
              .withEncounterClasses(Set.copyOf(TextList.words(fields.getEncounterClasses())));
      FhirR4.Parse parse = wanted.codes() == null ? all : all.withCodes(wanted.codes());
      return inputs -> {
        List<String> columns = Rows.input(inputs).getSchema().getFieldNames();
        checkArgument(columns.size() == 1, "input must have one string field, has %s", columns);
        PCollection<String> resources = Rows.column(inputs, columns.get(0));
        return deadLetters.events(resources.apply("Parse", parse));
      };
    }
  }
}
