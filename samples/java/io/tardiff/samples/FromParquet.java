package io.tardiff.samples;

import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.WriteDeadLetters;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.ReadParquetTable;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.Validation.Required;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * Builds a cohort from Parquet files with parsers in Java, for data that a mapping cannot describe
 * ({@link FromJdbc} uses a mapping). Here a reading may be an error code, and temperatures are in
 * Celsius or Fahrenheit. The files in {@code --input} are
 *
 * <pre>
 * admissions*.parquet   person, visit, in (timestamp), out (timestamp), survived (boolean)
 * readings*.parquet     person, visit, at (timestamp), sensor, reading (double)
 * </pre>
 *
 * <pre>
 * mvn -q test-compile exec:java@sample -Dsample=FromParquet \
 *   -Dexec.args="--input=data/ward --output=target/from-parquet"
 * </pre>
 */
public final class FromParquet {
  private FromParquet() {}

  /** Options of this program. */
  public interface Options extends PipelineOptions {
    @Description("Directory of the Parquet files")
    @Required
    String getInput();

    void setInput(String directory);

    @Description("Directory for cohort and dead letters")
    @Required
    String getOutput();

    void setOutput(String directory);
  }

  public static void main(String[] args) {
    Options options = PipelineOptionsFactory.fromArgs(args).withValidation().as(Options.class);
    Pipeline pipeline = Pipeline.create(options);
    buildCohort(pipeline, options.getInput(), options.getOutput());
    pipeline.run().waitUntilFinish();
  }

  /** Builds a cohort in {@code <output>/cohort} from the files. */
  static PCollection<Cohort> buildCohort(Pipeline pipeline, String input, String output) {
    CohortConfig config = CohortConfig.defaults().withChannels(List.of("HR", "Temp"));
    PCollectionTuple admissions =
        pipeline.apply(
            "Read admissions",
            ReadParquetTable.of(new Admissions()).from(List.of(input + "/admissions*.parquet")));
    PCollectionTuple readings =
        pipeline.apply(
            "Read readings",
            ReadParquetTable.of(new Readings())
                .from(List.of(input + "/readings*.parquet"))
                // Skip other sensors while reading.
                .withCodes(config.codes()));
    PCollectionTuple read = EhrTags.merge(pipeline, List.of(admissions, readings));
    read.get(EhrTags.deadLetters()).apply("Write dead letters", WriteDeadLetters.to(output));
    return read.get(EhrTags.events())
        .apply("Build cohort", BuildCohort.to(output + "/cohort").withConfig(config));
  }

  /** One row per stay: its start, end and outcome. */
  private static final class Admissions extends TableParser {
    @Override
    public String table() {
      return "admissions";
    }

    @Override
    public List<String> requiredColumns() {
      return List.of("person", "visit", "in", "out", "survived");
    }

    @Override
    public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
      EhrEvent.Builder event =
          EhrEvent.builder()
              .setSubjectId(Cells.required(row, "person"))
              .setStayId(Cells.required(row, "visit"));
      boolean survived = Cells.required(row, "survived").equals("true");
      events.accept(event.setCode(EhrEvent.ADMISSION).setTime(Cells.time(row, "in")).build());
      events.accept(event.setCode(EhrEvent.DISCHARGE).setTime(Cells.time(row, "out")).build());
      events.accept(
          event.setCode(EhrEvent.HOSPITAL_DEATH).setNumericValue(survived ? 0.0 : 1.0).build());
    }
  }

  /** One row per reading. */
  private static final class Readings extends TableParser {
    private static final double NO_CONTACT = -1;

    /** No body temperature in degrees Celsius is this high. */
    private static final double FAHRENHEIT_FROM = 60;

    @Override
    public String table() {
      return "readings";
    }

    @Override
    public List<String> requiredColumns() {
      return List.of("person", "visit", "at", "sensor", "reading");
    }

    @Override
    public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
      Double reading = Cells.number(row, "reading");
      if (reading == null || reading == NO_CONTACT) {
        return;
      }
      String sensor = Cells.required(row, "sensor");
      boolean fahrenheit = sensor.equals("Temp") && reading > FAHRENHEIT_FROM;
      events.accept(
          EhrEvent.builder()
              .setSubjectId(Cells.required(row, "person"))
              .setStayId(Cells.required(row, "visit"))
              .setTime(Cells.time(row, "at"))
              .setCode(sensor)
              .setNumericValue(reading)
              // The concept dictionary converts it to degrees Celsius.
              .setUnit(fahrenheit ? "degF" : null)
              .build());
    }
  }
}
