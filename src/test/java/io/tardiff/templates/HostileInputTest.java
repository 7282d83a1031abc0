package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.google.common.primitives.Bytes;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.npy.Npy;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With a heap of 256 MiB, inputs that are built to exhaust memory become dead letters, or fail the
 * run with one line that names the file and the bound.
 */
class HostileInputTest {
  private static final long MEGABYTE = 1_000_000;

  /** Uncompressed size of the large files; {@code -Dtardiff.hostile=3000} makes them 3 GB. */
  private static final long SIZE = Long.getLong("tardiff.hostile", 300) * MEGABYTE;

  private static final int MILLION = 1_000_000;

  @TempDir Path directory;

  /**
   * The result of a run.
   *
   * @param deadLetters content of the dead-letter file; empty if the run did not write one
   */
  private record Run(int status, String printed, String deadLetters) {}

  private Run ingest(String... arguments) throws IOException, InterruptedException {
    Path output = directory.resolve("run");
    List<String> all =
        new ArrayList<>(
            List.of(
                "ingest",
                "--input=" + directory.resolve("in"),
                "--output=" + output,
                "--targetParallelism=1",
                "--deadLetterThreshold=1"));
    all.addAll(List.of(arguments));
    Run run = run(Launcher.class, all);
    Path deadLetters = output.resolve("dead-letter/dead-letters.jsonl");
    return new Run(
        run.status(),
        run.printed(),
        Files.exists(deadLetters) ? Files.readString(deadLetters) : "");
  }

  /** Runs a main class in a heap of 256 MiB. */
  private Run run(Class<?> main, List<String> arguments) throws IOException, InterruptedException {
    Path printed = directory.resolve("printed");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    return new Run(process.exitValue(), Files.readString(printed), "");
  }

  private Path input(String name) throws IOException {
    Path file = directory.resolve("in").resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  private Writer gzip(String name) throws IOException {
    return new BufferedWriter(
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(input(name)), 1 << 16),
            StandardCharsets.UTF_8),
        1 << 16);
  }

  private static void assertFailsInOneLine(Run run, String... parts) {
    assertThat(run.printed(), run.status(), is(Launcher.FAILURE));
    List<String> lines = run.printed().lines().toList();
    String failed =
        lines.stream().filter(line -> line.startsWith("Failed: ")).findFirst().orElse("");
    for (String part : parts) {
      assertThat(run.printed(), failed, containsString(part));
    }
    assertThat(run.printed(), not(containsString("OutOfMemory")));
    assertThat(run.printed(), not(containsString("Exception")));
  }

  /** Writes a hundred stays, enough for a cohort. */
  private void writeStays() throws IOException {
    try (Writer patients = Files.newBufferedWriter(input("Patient.ndjson"));
        Writer encounters = Files.newBufferedWriter(input("Encounter.ndjson"));
        Writer observations = Files.newBufferedWriter(input("Observation.ndjson"))) {
      for (int i = 0; i < 100; i++) {
        patients.write(
            json("{'resourceType':'Patient','id':'p%d','birthDate':'1950-02-03'}".formatted(i)));
        encounters.write(
            json(
                ("{'resourceType':'Encounter','id':'e%d','status':'finished','class':{'code':'IMP'},"
                        + "'subject':{'reference':'Patient/p%d'},'type':[{'text':'intensive care'}],"
                        + "'period':{'start':'2150-01-01T10:00:00Z','end':'2150-01-05T12:00:00Z'},"
                        + "'hospitalization':{'dischargeDisposition':{'coding':[{'system':"
                        + "'http://terminology.hl7.org/CodeSystem/discharge-disposition',"
                        + "'code':'%s'}]}}}")
                    .formatted(i, i, i % 3 == 0 ? "exp" : "home")));
        observations.write(
            observation("'subject':{'reference':'Patient/p%d'}".formatted(i), "8" + i % 10));
      }
    }
  }

  private static String observation(String subject, String value) {
    return json(
        ("{'resourceType':'Observation','status':'final','code':{'coding':[{'system':"
                + "'http://loinc.org','code':'8867-4'}]},%s,"
                + "'effectiveDateTime':'2150-01-01T13:04:05Z','valueQuantity':{'value':%s}}")
            .formatted(subject, value));
  }

  private static String json(String quoted) {
    return quoted.replace('\'', '"') + "\n";
  }

  @Test
  void exportLargerThanHeapIsRead() throws Exception {
    writeStays();
    Random random = new Random(1);
    String text = "x".repeat(4000);
    try (Writer large = gzip("Claim.ndjson.gz")) {
      for (long written = 0; written < SIZE; written += 4_200) {
        byte[] bytes = new byte[80];
        random.nextBytes(bytes);
        large.write(
            json(
                "{'resourceType':'Claim','id':'%s','text':'%s'}"
                    .formatted(new java.math.BigInteger(1, bytes).toString(16), text)));
      }
    }
    // Invalid lines, one as long as the whole file.
    try (RandomAccessFile line = new RandomAccessFile(input("Line.ndjson").toFile(), "rw")) {
      line.setLength(SIZE);
    }
    try (Writer bad = Files.newBufferedWriter(input("Bad.ndjson"))) {
      bad.write("[".repeat(MILLION) + "\n");
      bad.write(observation("'subject':{'reference':'Patient/p1'}", "1".repeat(MILLION)));
      bad.write(
          json("{'resourceType':'Observation','component':[" + "1,".repeat(7 * MILLION) + "1]}"));
      bad.write(
          json("{'resourceType':'Observation','component':[" + "{},".repeat(5 * MILLION) + "1]}"));
      bad.write(json("{'resourceType':'Bundle','id':'" + "y".repeat(40 * MILLION) + "'}"));
    }
    Run run = ingest("--source=fhir", "--channels=HR", "--stratified=true");
    assertThat(run.printed(), run.status(), is(Launcher.DONE));
    assertThat(
        run.deadLetters(),
        allOf(
            containsString("\"resource is longer than 16 MiB (maxRecordMegabytes)\",\"count\":2}"),
            containsString(
                "\"resource has more than 1048576 values (maxRecordMegabytes)\",\"count\":2}"),
            containsString(
                "\"JSON is nested deeper than 200 or has a number of more than 1000 characters\","
                    + "\"count\":2}")));
  }

  @Test
  void decompressionBombFailsTheRun() throws Exception {
    writeStays();
    try (OutputStream bomb =
        new GZIPOutputStream(Files.newOutputStream(input("Bomb.ndjson.gz")), 1 << 16)) {
      byte[] zeros = new byte[1 << 20];
      for (long written = 0; written < SIZE; written += zeros.length) {
        bomb.write(zeros);
      }
    }
    Run run = ingest("--source=fhir", "--channels=HR");
    assertFailsInOneLine(run, "Bomb.ndjson.gz", "unpacks to more than 250 times its size");
  }

  @Test
  void oversizedLinesAndCellsOfTablesAreDeadLetters() throws Exception {
    StringBuilder stays = new StringBuilder("patient,stay,admitted,left,outcome\n");
    for (int i = 0; i < 100; i++) {
      stays.append(
          "%d,%d,2150-01-01 08:00:00,2150-01-05 08:00:00,%d%n"
              .formatted(i, 1000 + i, i % 3 == 0 ? 1 : 0));
    }
    Files.writeString(input("stays.csv"), stays.toString());
    try (Writer vitals = Files.newBufferedWriter(input("vitals.csv"))) {
      vitals.write("patient,stay,charted,hr\n");
      for (int i = 0; i < 100; i++) {
        vitals.write("%d,%d,2150-01-01 09:00:00,8%d%n".formatted(i, 1000 + i, i % 10));
      }
      vitals.write("1,1001,2150-01-01 10:00:00," + "1".repeat(MILLION) + "\n");
      vitals.write("1." + "0".repeat(MILLION) + ",1001,2150-01-01 10:00:00,80\n");
      vitals.write("1,1001,2150-01-01 10:00:00,1" + ",000".repeat(MILLION) + "\n");
      vitals.write(",".repeat(7 * MILLION) + "\n");
      vitals.write("\"" + ",".repeat(7 * MILLION) + "\n");
      for (long written = 0; written < SIZE; written += 60) {
        vitals.write("123456789012345678901234567890123456789012345678901234567890");
      }
    }
    Path mapping = directory.resolve("mapping.yaml");
    Files.writeString(
        mapping,
        """
        tables:
          stays: {files: stays.csv, subject: patient, stay: stay, admission: admitted,
                  discharge: left, hospital_death: outcome}
          vitals: {files: vitals.csv, subject: patient, stay: stay, time: charted,
                   columns: {hr: HR}}
        """);
    Run run =
        ingest("--source=tables", "--mapping=" + mapping, "--channels=HR", "--stratified=true");
    assertThat(run.printed(), run.status(), is(Launcher.DONE));
    assertThat(
        run.deadLetters(),
        allOf(
            containsString("\"row has more than 100000 fields\",\"count\":3}"),
            containsString("\"line is longer than 16777216 bytes\",\"count\":1}")));
  }

  @Test
  void oversizedRecordingsAreDeadLetters() throws Exception {
    double[][] labels = new double[12][];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = new double[] {i % 2, i + 1};
      try (Npy.Writer writer =
          Npy.writer(
              Files.newOutputStream(input("Feature/feature_%d.npy".formatted(i + 1))),
              Npy.Type.FLOAT64,
              2,
              8,
              1)) {
        writer.write(new double[] {1, 2, 3, 4, 5, 6, 7, i});
        writer.write(new double[] {2, 2, 3, 4, 5, 6, 7, i});
      }
    }
    try (Npy.Writer writer =
        Npy.writer(Files.newOutputStream(input("Label/label.npy")), Npy.Type.FLOAT64, 12, 2)) {
      for (double[] label : labels) {
        writer.write(label);
      }
    }
    // Impossible shapes: the size of a sample overflows; the number of samples exceeds the file.
    writeHeader("Feature/feature_11.npy", "(2, 2000000000, 2000000000)");
    writeHeader("Feature/feature_12.npy", "(9000000000000000, 8, 1)");
    Run run = ingest("--source=medformer", "--stratified=true");
    assertThat(run.printed(), run.status(), is(Launcher.DONE));
    assertThat(
        run.deadLetters(),
        allOf(
            containsString("\"shape of the array is too large\",\"count\":1}"),
            containsString("\"file is truncated\",\"count\":1}")));
  }

  /** Reads all windows of a cohort. */
  static final class ReadCohort {
    public static void main(String[] arguments) throws IOException {
      Cohort cohort = Cohort.open(arguments[0]);
      try {
        for (Split split : Split.values()) {
          cohort.readAll(split);
        }
      } catch (DamagedFileException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  /** The shard is large enough to be streamed, so its content is checked only at its end. */
  @Test
  void shardThatClaimsABlockOfTwoGigabytesIsDamaged() throws Exception {
    Run ingested =
        run(
            Launcher.class,
            List.of(
                "ingest",
                "--source=simulated",
                "--stays=200",
                "--steps=2880",
                "--stepMinutes=1",
                "--channels=HR,MAP,Urine",
                "--windowShards=1",
                "--stratified=true",
                "--output=" + directory.resolve("run")));
    assertThat(ingested.printed(), ingested.status(), is(Launcher.DONE));
    Path cohort = directory.resolve("run/cohort");
    Path shard = cohort.resolve("train-00000-of-00001.avro");
    assertThat(Files.size(shard), is(greaterThan(4L << 20)));
    try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "rw")) {
      byte[] sync = new byte[16];
      file.seek(file.length() - sync.length);
      file.readFully(sync);
      byte[] header = new byte[1 << 16];
      file.seek(0);
      file.readFully(header);
      // One record, in a block of 2,147,483,639 bytes.
      file.seek(Bytes.indexOf(header, sync) + sync.length);
      file.write(new byte[] {2, (byte) 0xEE, -1, -1, -1, 0x0F});
    }
    Run read = run(ReadCohort.class, List.of(cohort.toString()));
    assertThat(read.printed(), read.status(), is(0));
    assertThat(
        read.printed(),
        allOf(
            containsString(shard + " is damaged: it is not a complete Avro file"),
            not(containsString("OutOfMemory"))));
  }

  private void writeHeader(String name, String shape) throws IOException {
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }\n".formatted(shape);
    try (RandomAccessFile file = new RandomAccessFile(new File(input(name).toString()), "rw")) {
      file.setLength(0);
      file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
      file.write(header.length());
      file.write(0);
      file.writeBytes(header);
      file.setLength(64 * 100 + 10);
    }
  }
}
