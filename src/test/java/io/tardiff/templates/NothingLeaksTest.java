package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.meds.MedsFiles;
import io.tardiff.ehr.table.SmallSources;
import io.tardiff.files.npy.Npy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plants ids, names and values in every source and checks that only {@link #PATIENT_LEVEL} files
 * contain them, not the run's own files, metrics, report, dead letters, logs or printed output.
 */
class NothingLeaksTest {
  /** Files that hold patient data by design: windows and their exports. */
  private static final String PATIENT_LEVEL = "cohort/.*\\.avro|(cohort|synthetic/[^/]+)/export/.*";

  /** Prefix of every planted id. */
  private static final String ID = "90617035";

  /** A measurement that occurs only once. */
  private static final String VALUE = "87.70617";

  /** A person's name, also planted in place of values. */
  private static final String NAME = "PLANTED";

  private static final List<String> MARKERS = List.of(ID, VALUE, NAME);

  @TempDir Path directory;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  static List<SmallSources.Source> sources() {
    return SmallSources.all();
  }

  /** Runs a command and captures its output and logs. */
  private int launch(List<String> arguments) {
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    PrintStream before = System.err;
    System.setErr(stream);
    try {
      return Commands.run(stream, stream, arguments);
    } finally {
      System.setErr(before);
    }
  }

  private void ingestAndCheck(String source, Path input, String... options) throws IOException {
    Path output = directory.resolve("run");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ingest",
                "--debug",
                "--source=" + source,
                "--stratified=true",
                "--deadLetterThreshold=1",
                "--input=" + input,
                "--output=" + output));
    arguments.addAll(List.of(options));
    int status = launch(arguments);
    assertThat(printed.toString(StandardCharsets.UTF_8), status, is(0));
    check(output, true);
  }

  private void check(Path output, boolean mustSucceed) throws IOException {
    List<String> leaks = new ArrayList<>();
    String log = printed.toString(StandardCharsets.UTF_8);
    MARKERS.stream()
        .filter(log::contains)
        .forEach(marker -> leaks.add(marker + " is printed: " + log));
    int patientLevel = 0;
    int files = 0;
    if (Files.exists(output)) {
      try (Stream<Path> paths = Files.walk(output)) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          String name = output.relativize(path).toString().replace("/.", "/").replace(".crc", "");
          String content = Files.readString(path, StandardCharsets.ISO_8859_1);
          if (name.matches(PATIENT_LEVEL)) {
            patientLevel += content.contains(ID) ? 1 : 0;
            continue;
          }
          files++;
          MARKERS.stream()
              .filter(marker -> content.contains(marker) || name.contains(marker))
              .forEach(marker -> leaks.add(marker + " is in " + name));
        }
      }
    }
    assertThat(leaks, is(empty()));
    if (mustSucceed) {
      // Guard against a check that passes because there was nothing to search.
      assertThat(log, patientLevel, is(greaterThan(0)));
      assertThat(files, is(greaterThan(2)));
    }
  }

  /** Returns the tables of a source with planted ids, one planted value and a column of names. */
  private static List<SmallSources.Table> planted(SmallSources.Source source, boolean bad) {
    List<SmallSources.Table> tables = new ArrayList<>();
    for (SmallSources.Table table : source.tables()) {
      boolean challenge = source.name().equals("physionet2012");
      List<String> header = new ArrayList<>(table.header());
      List<List<String>> rows = new ArrayList<>();
      boolean value = false;
      for (List<String> row : table.rows()) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          String cell = row.get(i);
          String column = header.get(i);
          boolean id =
              challenge
                  ? cell.startsWith("1320")
                  : column.matches(
                      "(subject|hadm|icustay|stay|person|visit_occurrence|measurement)_id|patient"
                          + "|stay|uniquepid|patientunitstayid|patienthealthsystemstayid");
          if (id && !cell.isEmpty()) {
            cell = ID + cell;
          } else if (cell.equals("80") && !value) {
            value = true;
            cell = VALUE;
          }
          cells.add(cell);
        }
        rows.add(cells);
      }
      if (!challenge) {
        header.add("name");
        rows.forEach(row -> row.add(NAME));
      }
      if (bad) {
        List<String> row = new ArrayList<>();
        rows.get(0).forEach(cell -> row.add(NAME));
        rows.add(row);
      }
      String file = challenge ? table.file().replace("/1320", "/" + ID + "1320") : table.file();
      tables.add(new SmallSources.Table(file, header, rows, table.ids(), table.sharded()));
    }
    return tables;
  }

  private List<String> arguments(SmallSources.Source source, Path input, Path output)
      throws IOException {
    List<String> arguments = new ArrayList<>(source.arguments());
    if (source.name().equals("tables")) {
      Path mapping = directory.resolve("mapping.yaml");
      Files.writeString(mapping, SmallSources.MAPPING);
      arguments.add("--mapping=" + mapping);
    }
    arguments.addAll(
        List.of(
            "--input=" + input,
            "--output=" + output,
            "--windowShards=1",
            "--deadLetterThreshold=1",
            "--droppedThreshold=1"));
    return arguments;
  }

  @ParameterizedTest
  @MethodSource("sources")
  void ingestionOfTablesDoesNotLeak(SmallSources.Source source) throws IOException {
    for (boolean bad : new boolean[] {false, true}) {
      Path input = directory.resolve("in" + bad);
      for (SmallSources.Table table : planted(source, bad)) {
        table.write(input);
      }
      Path output = directory.resolve("run" + bad);
      List<String> arguments = new ArrayList<>(List.of("ingest", "--debug", "--stratified=true"));
      arguments.addAll(arguments(source, input, output));
      int status = launch(arguments);
      if (!bad) {
        assertThat(printed.toString(StandardCharsets.UTF_8), status, is(0));
      }
      check(output, !bad);
      printed.reset();
    }
  }

  @Test
  void ingestionOfFhirDoesNotLeak() throws IOException {
    Path input = Files.createDirectory(directory.resolve("in"));
    StringBuilder resources = new StringBuilder();
    for (int i = 0; i < SmallSources.STAYS; i++) {
      resources.append(
          ("""
           {"resourceType":"Patient","id":"%1$s%2$d","name":[{"text":"%3$s"}],"birthDate":"1950-02-03"}
           {"resourceType":"Encounter","id":"%1$se%2$d","status":"finished","class":{"code":"IMP"},\
           "subject":{"reference":"Patient/%1$s%2$d"},"type":[{"text":"intensive care"}],\
           "period":{"start":"2150-01-01T10:00:00Z","end":"2150-01-05T12:00:00Z"},\
           "hospitalization":{"dischargeDisposition":{"coding":[{"system":\
           "http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"%4$s"}]}}}
           {"resourceType":"Observation","id":"%1$so%2$d","status":"final","code":{"coding":[{"system":\
           "http://loinc.org","code":"8867-4"}]},"subject":{"reference":"Patient/%1$s%2$d"},\
           "effectiveDateTime":"2150-01-01T13:04:05Z","valueQuantity":{"value":%5$s}}
           {"resourceType":"Observation","id":"%1$sx%2$d","status":"final","subject":{"display":"%3$s"},\
           "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"valueString":"%3$s"}
           {"resourceType":"Patient","id":"%1$s%2$d","name":"%3$s
           """)
              .formatted(ID, i, NAME, i % 3 == 0 ? "exp" : "home", i == 5 ? VALUE : "8" + i % 10));
    }
    Files.writeString(input.resolve("All.ndjson"), resources.toString());
    ingestAndCheck("fhir", input, "--channels=HR");
  }

  @Test
  void ingestionOfMedsDoesNotLeak() throws IOException {
    Path input = directory.resolve("in");
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < SmallSources.STAYS; i++) {
      long subject = Long.parseLong(ID + "0" + i);
      Instant start = Instant.parse("2150-01-01T00:00:00Z");
      rows.add(MedsFiles.row(subject, start, "ICU_ADMISSION//UNIT", null));
      rows.add(MedsFiles.row(subject, start, "HOSPITAL_ADMISSION//" + NAME, null));
      rows.add(
          MedsFiles.row(
              subject,
              start.plus(3_600_000),
              "LAB//220045//bpm",
              i == 5 ? Float.parseFloat(VALUE) : 80f + i));
      rows.add(MedsFiles.row(subject, start.plus(360_000_000), "ICU_DISCHARGE//UNIT", null));
      rows.add(
          MedsFiles.row(
              subject,
              start.plus(370_000_000),
              "HOSPITAL_DISCHARGE//" + (i % 3 == 0 ? "DIED" : "HOME"),
              null));
    }
    Files.createDirectories(input.resolve("data"));
    MedsFiles.write(input.resolve("data/0.parquet"), MedsFiles.DATA, rows.toArray(Object[][]::new));
    ingestAndCheck("meds", input, "--channels=HR");
  }

  /** Twelve recordings of two windows each, whose files are named after their subjects. */
  @Test
  void ingestionOfRecordingsDoesNotLeak() throws IOException {
    Path input = directory.resolve("in");
    Path features = Files.createDirectories(input.resolve("Feature"));
    Path labels = Files.createDirectories(input.resolve("Label")).resolve("label.npy");
    Path last = null;
    try (Npy.Writer label = Npy.writer(Files.newOutputStream(labels), Npy.Type.FLOAT64, 12, 2)) {
      for (int i = 0; i < 12; i++) {
        long subject = Long.parseLong(ID) * 100 + i;
        label.write(new double[] {i % 2, subject});
        last = features.resolve("feature_" + subject + ".npy");
        try (Npy.Writer recording =
            Npy.writer(Files.newOutputStream(last), Npy.Type.FLOAT64, 2, 8, 1)) {
          recording.write(new double[] {1, 2, 3, 4, 5, 6, 7, i});
          recording.write(new double[] {2, 2, 3, 4, 5, 6, Double.parseDouble(VALUE), i});
        }
      }
    }
    byte[] whole = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(whole, whole.length - 10));
    ingestAndCheck("medformer", input);
  }

  /** Training, sampling, evaluation and the report read windows but must not reveal them. */
  @Test
  void wholePipelineDoesNotLeak() throws IOException {
    SmallSources.Source source = SmallSources.tables();
    Path input = directory.resolve("in");
    for (SmallSources.Table table : planted(source, false)) {
      table.write(input);
    }
    Path output = directory.resolve("run");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "tardiff",
                "--debug",
                "--denoiser=tiny",
                "--trainingSteps=4",
                "--batchSize=8",
                "--classifierEpochs=2",
                "--guidanceRules=mean_shift",
                "--guidanceScales=0.02",
                "--selection=none",
                "--samplingSteps=3",
                "--samplingBatch=32",
                "--evaluationSeeds=1",
                "--evaluationModels=gru",
                "--alphas=0.5"));
    arguments.addAll(arguments(source, input, output));
    int status = launch(arguments);
    assertThat(printed.toString(StandardCharsets.UTF_8), status, is(0));
    assertThat(Files.exists(output.resolve("report.html")), is(true));
    check(output, true);
  }

  /** Runners show display data and send it to their workers. */
  @Test
  void displayDataHidesCredentials() {
    Map<String, String> shown = new TreeMap<>();
    String hidden = "s3://user:" + NAME + "@bucket/x?sig=" + NAME;
    org.apache.beam.sdk.transforms.display.DisplayData.from(
            io.tardiff.ehr.fhir.FhirR4.read().from(hidden))
        .asMap()
        .forEach((id, item) -> shown.put(id.toString(), String.valueOf(item.getValue())));
    org.apache.beam.sdk.transforms.display.DisplayData.from(
            io.tardiff.training.TrainModels.to(hidden))
        .asMap()
        .forEach((id, item) -> shown.put(id.toString(), String.valueOf(item.getValue())));
    assertThat(shown.size(), is(greaterThan(3)));
    assertThat(shown.values().stream().filter(text -> text.contains(NAME)).toList(), is(empty()));
    assertThat(shown.values().stream().filter(text -> text.contains("***@bucket")).count(), is(2L));
  }
}
