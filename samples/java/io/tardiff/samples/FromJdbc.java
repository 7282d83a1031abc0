package io.tardiff.samples;

import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.table.ParseTable;
import io.tardiff.ehr.table.TableMapping;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.synthetic.ReadSynthetic;
import io.tardiff.synthetic.SyntheticSample;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TrainModels;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.jdbc.JdbcIO;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.Validation.Required;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Reads two tables of a PostgreSQL database and writes synthetic rows to a third, as in an existing
 * ETL. The tables are
 *
 * <pre>
 * create table stays (patient text, stay text, age int, sex text,
 *     admitted timestamp, left_unit timestamp, died boolean);
 * create table vitals (patient text, stay text, charted timestamp, item text, value real);
 * create table synthetic_vitals (sample bigint, died int, hour real, item text, value real, unit text,
 *     primary key (sample, hour, item));
 * </pre>
 *
 * Put the password into {@code ~/.pgpass}, which the driver reads.
 *
 * <pre>
 * mvn -q test-compile exec:java@sample -Dsample=FromJdbc \
 *   -Dexec.args="--database=jdbc:postgresql://localhost/icu?user=etl --output=target/from-jdbc"
 * </pre>
 */
public final class FromJdbc {
  /** The meaning of the columns. {@code TableMapping.load} reads a mapping from a file. */
  private static final String MAPPING =
      """
      tables:
        stays:
          subject: patient
          stay: stay
          statics:
            age: Age
            sex: {code: Gender, values: {F: 0, M: 1}}
          admission: admitted
          discharge: left_unit
          hospital_death: {column: died, values: {"true": 1, "false": 0}}
        vitals:
          subject: patient
          stay: stay
          time: charted
          code: {column: item, rename: {Heart rate: HR, Systolic pressure: SBP, Breaths: RR}}
          value: value
      """;

  /** The first 48 hours in steps of four hours. */
  private static final CohortConfig COHORT =
      CohortConfig.defaults()
          .withVocabulary(ConceptDictionary.OWN_NAMES)
          .withChannels(List.of("HR", "SBP", "RR"))
          .withStatics(List.of("Age", "Gender"))
          .withWindowSteps(12)
          .withStepMinutes(240)
          .withStratified(true);

  private static final Schema SYNTHETIC =
      Schema.builder()
          .addInt64Field("sample")
          .addInt32Field("died")
          .addFloatField("hour")
          .addStringField("item")
          .addFloatField("value")
          .addStringField("unit")
          .build();

  private FromJdbc() {}

  /** Options of this program. */
  public interface Options extends PipelineOptions {
    @Description("JDBC URL of the database")
    @Required
    String getDatabase();

    void setDatabase(String url);

    @Description("Directory for cohort, model and synthetic sets, on any Beam file system")
    @Required
    String getOutput();

    void setOutput(String directory);
  }

  public static void main(String[] args) {
    Options options = PipelineOptionsFactory.fromArgs(args).withValidation().as(Options.class);
    Pipeline pipeline = Pipeline.create(options);
    PCollection<SyntheticSet> sets =
        buildCohort(pipeline, options.getDatabase(), options.getOutput() + "/cohort")
            .apply("Train", TrainModels.to(options.getOutput() + "/model"))
            .apply("Generate", GenerateSyntheticEhr.to(options.getOutput() + "/synthetic"));
    writeSamples(sets, options.getDatabase());
    pipeline.run().waitUntilFinish();
  }

  /** Builds a cohort from rows of the database. */
  static PCollection<Cohort> buildCohort(Pipeline pipeline, String database, String directory) {
    TableMapping mapping = TableMapping.parse("the mapping", MAPPING);
    List<PCollectionTuple> tables = new ArrayList<>();
    for (String table : mapping.names()) {
      tables.add(
          pipeline
              .apply("Read " + table, read(database, table))
              .apply("Parse " + table, ParseTable.with(mapping.parser(table))));
    }
    PCollectionTuple read = EhrTags.merge(pipeline, tables);
    // Fail if more than one row in a hundred is bad.
    PCollection<Long> checked = read.apply("Check", DeadLetterThreshold.of(0.01));
    return read.get(EhrTags.events())
        .apply("Build cohort", BuildCohort.to(directory).withConfig(COHORT).after(checked));
  }

  /** Writes synthetic sets to the database, one row per value. */
  static void writeSamples(PCollection<SyntheticSet> sets, String database) {
    sets.apply("Read samples", ReadSynthetic.samples())
        .apply("To rows", FlatMapElements.into(TypeDescriptors.rows()).via(FromJdbc::rows))
        .setRowSchema(SYNTHETIC)
        .apply("Write", write(database));
  }

  private static List<Row> rows(SyntheticSample sample) {
    List<Row> rows = new ArrayList<>();
    for (int step = 0; step < sample.getSteps(); step++) {
      for (int channel = 0; channel < sample.getChannels().size(); channel++) {
        rows.add(
            Row.withSchema(SYNTHETIC)
                .addValue(sample.getSampleId())
                .addValue(sample.getLabel())
                .addValue((float) (step * sample.getStepMinutes() / 60))
                .addValue(sample.getChannels().get(channel))
                .addValue(sample.value(step, sample.getChannels().get(channel)))
                .addValue(sample.getUnits().get(channel))
                .build());
      }
    }
    return rows;
  }

  /** Reads a table on one worker; for large tables use {@code JdbcIO.readWithPartitions}. */
  private static JdbcIO.ReadRows read(String database, String table) {
    return JdbcIO.readRows()
        .withDataSourceConfiguration(source(database))
        .withQuery("select * from " + table)
        // The cohort groups rows by patient, so there is no need to redistribute them first.
        .withOutputParallelization(false);
  }

  /** Ignores rows that exist, because a runner may retry a bundle. */
  private static JdbcIO.Write<Row> write(String database) {
    return JdbcIO.<Row>write()
        .withDataSourceConfiguration(source(database))
        .withStatement(
            "insert into synthetic_vitals values (?, ?, ?, ?, ?, ?) on conflict do nothing")
        .withPreparedStatementSetter(
            (row, statement) -> {
              for (int i = 0; i < SYNTHETIC.getFieldCount(); i++) {
                statement.setObject(i + 1, row.getValue(i));
              }
            });
  }

  private static JdbcIO.DataSourceConfiguration source(String database) {
    return JdbcIO.DataSourceConfiguration.create("org.postgresql.Driver", database);
  }
}
