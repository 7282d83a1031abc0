package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.service.AutoService;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.ehr.eicu.Eicu;
import io.tardiff.ehr.fhir.FhirR4;
import io.tardiff.ehr.meds.Meds;
import io.tardiff.ehr.mimic.Mimic3;
import io.tardiff.ehr.mimic.Mimic4;
import io.tardiff.ehr.mimic.ReadMimic;
import io.tardiff.ehr.omop.Omop;
import io.tardiff.ehr.physionet2012.PhysioNet2012;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.ehr.table.ParseTable;
import io.tardiff.ehr.table.TableMapping;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.Tables;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The sources: each reads files, or rows of yours, into rows of {@link io.tardiff.ehr.EhrEvent}:
 * {@code subject_id}, {@code stay_id}, {@code time}, {@code code}, {@code numeric_value}, {@code
 * text_value}, {@code unit}.
 */
public final class Sources {
  private static final List<String> NONE = List.of();
  private static final List<String> ROWS = List.of(Provider.INPUT);
  private static final List<String> EVENTS = List.of(Provider.OUTPUT);
  private static final List<String> EVENTS_AND_ERRORS = List.of(Provider.OUTPUT, "errors");

  private Sources() {}

  /** A reader of files. */
  abstract static class Read<C extends SourceConfiguration.OfFiles> extends Provider<C> {
    private final String vocabulary;

    Read(String name, String vocabulary, String what) {
      super(
          name,
          NONE,
          EVENTS_AND_ERRORS,
          "Reads " + what + " into events, whose codes are of the vocabulary " + vocabulary + ".");
      this.vocabulary = vocabulary;
    }

    /**
     * The reader.
     *
     * @param codes of the events that are wanted, null for all
     * @param fields for what is wrong with those beside the input
     */
    abstract PTransform<PBegin, PCollectionTuple> reader(
        C configuration, @Nullable Set<String> codes, Fields fields);

    @Override
    final Expansion prepare(C configuration, Fields fields) {
      ReadConfiguration.DeadLetters deadLetters = configuration.deadLetters(fields);
      Set<String> codes = configuration.codes(vocabulary, fields);
      PTransform<PBegin, PCollectionTuple> reader =
          fields.get("input", null, () -> reader(configuration, codes, fields));
      return inputs -> deadLetters.events(inputs.getPipeline().apply("Read", reader));
    }
  }

  /** Simulated stays. */
  @AutoService(SchemaTransformProvider.class)
  public static final class Simulated extends Provider<SourceConfiguration.Simulated> {
    private static final int STAYS = 4000;

    public Simulated() {
      super(
          "read_simulated",
          NONE,
          EVENTS,
          "Simulates an intensive care unit, whose codes are of the vocabulary physionet2012: to try"
              + " a pipeline without data.");
    }

    @Override
    Expansion prepare(SourceConfiguration.Simulated given, Fields fields) {
      SimulatedIcu icu =
          fields
              .apply(
                  "stays", given.getStays(), SimulatedIcu.of(STAYS), (i, n) -> SimulatedIcu.of(n))
              .withSeed(given.getSimulationSeed() == null ? 0 : given.getSimulationSeed());
      return inputs ->
          PCollectionRowTuple.of(OUTPUT, Rows.of(inputs.getPipeline().apply("Simulate", icu)));
    }
  }

  /** PhysioNet/CinC Challenge 2012. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfPhysioNet2012 extends Provider<SourceConfiguration.PhysioNet2012> {
    public OfPhysioNet2012() {
      super(
          "read_physionet2012",
          NONE,
          EVENTS_AND_ERRORS,
          "Reads the PhysioNet/CinC Challenge 2012 into events, whose codes are of the vocabulary"
              + " physionet2012.");
    }

    @Override
    Expansion prepare(SourceConfiguration.PhysioNet2012 given, Fields fields) {
      ReadConfiguration.DeadLetters deadLetters = given.deadLetters(fields);
      TextFields.refuseTimes(given, fields);
      PTransform<PBegin, PCollectionTuple> reader =
          fields.get(
              "input",
              null,
              () ->
                  PhysioNet2012.read()
                      .from(given.getInput())
                      .withFormat(TextFields.format(given, fields)));
      return inputs -> deadLetters.events(inputs.getPipeline().apply("Read", reader));
    }
  }

  /** MIMIC-III. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfMimic3 extends Read<SourceConfiguration.Delimited> {
    public OfMimic3() {
      super("read_mimic3", "mimic3", "MIMIC-III 1.4, CSV,");
    }

    @Override
    PTransform<PBegin, PCollectionTuple> reader(
        SourceConfiguration.Delimited given, @Nullable Set<String> codes, Fields fields) {
      ReadMimic read =
          Mimic3.read().from(given.getInput()).withFormat(TextFields.format(given, fields));
      return codes == null ? read : read.withCodes(codes);
    }
  }

  /** MIMIC-IV. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfMimic4 extends Read<SourceConfiguration.Delimited> {
    public OfMimic4() {
      super("read_mimic4", "mimic4", "MIMIC-IV 2.x or 3.x, hosp/ and icu/,");
    }

    @Override
    PTransform<PBegin, PCollectionTuple> reader(
        SourceConfiguration.Delimited given, @Nullable Set<String> codes, Fields fields) {
      ReadMimic read =
          Mimic4.read().from(given.getInput()).withFormat(TextFields.format(given, fields));
      return codes == null ? read : read.withCodes(codes);
    }
  }

  /** eICU. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfEicu extends Read<SourceConfiguration.Delimited> {
    public OfEicu() {
      super("read_eicu", "eicu", "eICU-CRD 2.0, CSV,");
    }

    @Override
    PTransform<PBegin, PCollectionTuple> reader(
        SourceConfiguration.Delimited given, @Nullable Set<String> codes, Fields fields) {
      TextFields.refuseTimes(given, fields);
      Eicu.Read read =
          Eicu.read().from(given.getInput()).withFormat(TextFields.format(given, fields));
      return codes == null ? read : read.withCodes(codes);
    }
  }

  /** FHIR R4. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfFhir extends Read<SourceConfiguration.Plain> {
    public OfFhir() {
      super("read_fhir", "fhir", "a FHIR R4 bulk export, NDJSON,");
    }

    @Override
    PTransform<PBegin, PCollectionTuple> reader(
        SourceConfiguration.Plain given, @Nullable Set<String> codes, Fields fields) {
      FhirR4.Read read = FhirR4.read().from(given.getInput()).withStaysByTime();
      return codes == null ? read : read.withCodes(codes);
    }
  }

  /** OMOP. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfOmop extends Read<SourceConfiguration.Omop> {
    public OfOmop() {
      super("read_omop", "omop", "OMOP CDM 5.3 or 5.4, CSV,");
    }

    @Override
    PTransform<PBegin, PCollectionTuple> reader(
        SourceConfiguration.Omop given, @Nullable Set<String> codes, Fields fields) {
      Omop.Read read =
          fields.apply(
              "hospital_visits",
              given.getHospitalVisits(),
              Omop.read().from(given.getInput()).withFormat(TextFields.format(given, fields)),
              (r, concepts) -> r.withHospitalVisits(Set.copyOf(concepts)));
      return codes == null ? read : read.withCodes(codes);
    }
  }

  /** MEDS. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfMeds extends Read<SourceConfiguration.Meds> {
    public OfMeds() {
      super("read_meds", "meds_mimic4", "MEDS 0.4");
    }

    @Override
    PTransform<PBegin, PCollectionTuple> reader(
        SourceConfiguration.Meds given, @Nullable Set<String> codes, Fields fields) {
      Meds.Read read =
          fields.apply(
              "task_labels",
              given.getTaskLabels(),
              Meds.read().from(given.getInput()),
              Meds.Read::withLabels);
      return codes == null ? read : read.withCodes(codes);
    }
  }

  /** Tables of one's own. */
  @AutoService(SchemaTransformProvider.class)
  public static final class OfTables extends Read<SourceConfiguration.Tables> {
    public OfTables() {
      super(
          "read_tables",
          ConceptDictionary.OWN_NAMES,
          "tables of your own, CSV, Parquet or Avro, by a mapping");
    }

    @Override
    PTransform<PBegin, PCollectionTuple> reader(
        SourceConfiguration.Tables given, @Nullable Set<String> codes, Fields fields) {
      Tables.Read read =
          fields.apply(
              "mapping",
              given.getMapping(),
              Tables.read().from(given.getInput()).withFormat(TextFields.format(given, fields)),
              (r, file) -> r.withMapping(TableMapping.load(file)));
      return codes == null ? read : read.withCodes(codes);
    }
  }

  /** Rows of one's own. */
  @AutoService(SchemaTransformProvider.class)
  public static final class ParseRows extends Provider<SourceConfiguration.Table> {
    public ParseRows() {
      super(
          "parse_table",
          ROWS,
          EVENTS_AND_ERRORS,
          "Makes rows of your own, of a table of a mapping, into events: columns are matched by name"
              + " without regard to case. Codes are those that the mapping gives, of the vocabulary "
              + ConceptDictionary.OWN_NAMES
              + ".");
    }

    @Override
    Expansion prepare(SourceConfiguration.Table given, Fields fields) {
      ReadConfiguration.DeadLetters deadLetters = given.deadLetters(fields);
      Set<String> codes = given.codes(ConceptDictionary.OWN_NAMES, fields);
      TableMapping mapping =
          fields.get("mapping", null, () -> TableMapping.load(given.getMapping()));
      TableParser parser =
          mapping == null
              ? null
              : fields.get("table", null, () -> mapping.parser(given.getTable()));
      return inputs -> {
        ParseTable parse = ParseTable.with(parser);
        return deadLetters.events(
            Rows.input(inputs).apply("Parse", codes == null ? parse : parse.withCodes(codes)));
      };
    }
  }

  /** FHIR resources of one's own. */
  @AutoService(SchemaTransformProvider.class)
  public static final class ParseFhir extends Provider<SourceConfiguration.Fhir> {
    public ParseFhir() {
      super(
          "parse_fhir",
          ROWS,
          EVENTS_AND_ERRORS,
          "Makes FHIR R4 resources, each a row with the JSON as its only field, into events, whose"
              + " codes are of the vocabulary fhir.");
    }

    @Override
    Expansion prepare(SourceConfiguration.Fhir given, Fields fields) {
      ReadConfiguration.DeadLetters deadLetters = given.deadLetters(fields);
      Set<String> codes = given.codes("fhir", fields);
      FhirR4.Parse all = FhirR4.parse().withStaysByTime();
      FhirR4.Parse parse = codes == null ? all : all.withCodes(codes);
      return inputs -> {
        List<String> columns = Rows.input(inputs).getSchema().getFieldNames();
        checkArgument(
            columns.size() == 1, "input must have one string field, its rows have %s", columns);
        PCollection<String> resources = Rows.column(inputs, columns.get(0));
        return deadLetters.events(resources.apply("Parse", parse));
      };
    }
  }
}
