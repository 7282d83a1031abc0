package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.files.npy.Npy;
import io.tardiff.files.parquet.ParquetRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.io.FileSystems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds cohorts from the files of sources by the command line. */
class SourcesTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Random random = new Random(3);

  @TempDir Path directory;

  @Test
  void archiveOfSeriesWithExports() throws IOException {
    for (String part : List.of("TRAIN", "TEST")) {
      StringBuilder text = new StringBuilder("@problemName Toy\n@classLabel true a b\n@data\n");
      for (int i = 0; i < 30; i++) {
        for (int channel = 0; channel < 2; channel++) {
          for (int t = 0; t < 6; t++) {
            text.append(t == 0 ? "" : ",").append(i % 2 + random.nextGaussian());
          }
          text.append(':');
        }
        text.append(i % 2 == 0 ? "a" : "b").append('\n');
      }
      Files.writeString(directory.resolve("Toy_" + part + ".ts"), text);
    }
    Cohort cohort =
        ingest(
            "--source=ucr_uea", "--samplingRate=100", "--export=csv,parquet,npy", "--stratified");

    assertThat(cohort.spec().steps(), is(6));
    assertThat(cohort.spec().step(), is(Duration.ofMillis(10)));
    assertThat(cohort.count(Split.TRAIN) + cohort.count(Split.TUNING), is(30L));
    assertThat(cohort.labelCounts(Split.HELD_OUT), is(new long[] {15, 15}));
    Path export = directory.resolve("out/cohort/export");
    List<String> rows = Files.readAllLines(export.resolve("held_out.csv"));
    assertThat(rows.size(), is(1 + 30 * 6));
    assertThat(
        rows.get(0),
        is("window_id,subject_id,label,step,dim_0,dim_1,dim_0_observed,dim_1_observed"));
    try (Npy.Reader values =
        Npy.reader(Files.newInputStream(export.resolve("held_out-values.npy")))) {
      assertThat(
          List.of(values.dimension(0), values.dimension(1), values.dimension(2)),
          contains(30L, 6L, 2L));
      float[] first = new float[12];
      values.read(first);
      assertThat(rows.get(1).split(",")[4], is(Float.toString(first[0])));
    }
    try (ParquetRows parquet =
        ParquetRows.open(
            FileSystems.matchNewResource(
                export.resolve("held_out.parquet").toString(), /* isDirectory= */ false))) {
      ParquetRows.Group group = parquet.read(0, List.of("step", "dim_0"));
      for (int row = 1; row < rows.size(); row++) {
        assertThat(group.next(), is(true));
        assertThat(group.value(group.index("dim_0")).toString(), is(rows.get(row).split(",")[4]));
      }
      assertThat(group.next(), is(false));
    }
  }

  @Test
  void arraysOfMedformerWithTheirPublishedSplit() throws IOException {
    Files.createDirectories(directory.resolve("Feature"));
    Files.createDirectories(directory.resolve("Label"));
    try (OutputStream file = Files.newOutputStream(directory.resolve("Label/label.npy"));
        Npy.Writer labels = Npy.writer(file, Npy.Type.INT64, 23, 2)) {
      for (int subject = 1; subject <= 23; subject++) {
        labels.write(new float[] {subject % 2, subject});
      }
    }
    for (int subject = 1; subject <= 23; subject++) {
      try (OutputStream file =
              Files.newOutputStream(
                  directory.resolve(String.format("Feature/feature_%02d.npy", subject)));
          Npy.Writer feature = Npy.writer(file, Npy.Type.FLOAT32, 3, 8, 4)) {
        for (int sample = 0; sample < 3; sample++) {
          float[] values = new float[32];
          for (int i = 0; i < 32; i++) {
            values[i] = (float) random.nextGaussian();
          }
          feature.write(values);
        }
      }
    }
    Cohort cohort = ingest("--source=medformer", "--signalSplits=apava");

    assertThat(cohort.count(Split.TRAIN), is(15L * 3));
    assertThat(cohort.count(Split.TUNING), is(4L * 3));
    assertThat(cohort.count(Split.HELD_OUT), is(4L * 3));
    assertThat(cohort.spec().step(), is(Duration.ofNanos(3_906_250)));
  }

  @Test
  void hourlyFilesOfTheChallenge2019() throws IOException {
    for (int patient = 0; patient < 60; patient++) {
      List<String> lines = new ArrayList<>();
      lines.add(
          "HR|O2Sat|Temp|SBP|MAP|DBP|Resp|HCO3|FiO2|pH|PaCO2|AST|BUN|Alkalinephos|Calcium|Chloride"
              + "|Creatinine|Glucose|Lactate|Magnesium|Potassium|Bilirubin_total|Hct|Hgb|WBC"
              + "|Platelets|Age|Gender|HospAdmTime|ICULOS|SepsisLabel");
      for (int hour = 0; hour < 40; hour++) {
        lines.add(
            String.format(
                "%d|97|NaN|120|80|60|18|%s60|1|-5|%d|%d",
                70 + random.nextInt(20),
                "NaN|".repeat(19),
                hour + 1,
                patient % 2 == 0 && hour >= 22 ? 1 : 0));
      }
      Files.write(directory.resolve(String.format("p%06d.psv", patient)), lines);
    }
    Cohort cohort =
        ingest(
            "--source=tables",
            "--mapping=samples/cinc2019.yaml",
            "--task=sepsis_onset",
            "--channels=HR,SpO2,SBP");

    long windows = cohort.count(Split.TRAIN) + cohort.count(Split.TUNING);
    windows += cohort.count(Split.HELD_OUT);
    // Predictions at 12, 18, 24, 30 and 36 hours; with onset at 22 the first two.
    assertThat(windows, is(30L * 5 + 30L * 2));
  }

  @Test
  void cohortWrittenAsMedsIsReadBackTheSame() throws IOException {
    assertThat(
        run("--source=simulated", "--stays=120", "--steps=24", "--export=meds")
            + err.toString(StandardCharsets.UTF_8),
        is("0"));
    Path first = directory.resolve("out/cohort");
    List<String> again =
        List.of(
            "--source=meds",
            "--input=" + first.resolve("export/meds"),
            "--task=source_label",
            "--steps=24",
            "--vocabulary=own_names");
    assertThat(run("again", again) + err.toString(StandardCharsets.UTF_8), is("0"));

    Cohort written = Cohort.open(first.toString());
    Cohort read = Cohort.open(directory.resolve("again/cohort").toString());
    for (Split split : Split.values()) {
      assertThat(contents(written, split).isEmpty(), is(false));
      assertThat(contents(read, split), is(contents(written, split)));
    }
  }

  /** Returns the windows without their ids, sorted. */
  private static List<String> contents(Cohort cohort, Split split) {
    return cohort.readAll(split).stream()
        .map(
            window ->
                window.label()
                    + Arrays.toString(window.values())
                    + Arrays.toString(window.mask())
                    + Arrays.toString(window.statics()))
        .sorted()
        .toList();
  }

  @Test
  void recordingsRejectOptionsOfEvents() {
    assertThat(
        run("--source=ucr_uea", "--input=" + directory, "--task=icu_stay", "--channels=HR"), is(2));
    String message = err.toString(StandardCharsets.UTF_8);
    assertThat(message, containsString("--task must not be set if --source is ucr_uea"));
    assertThat(message, containsString("--channels must not be set if --source is ucr_uea"));
  }

  @Test
  void trainingRejectsACohortWithGaps() {
    assertThat(run("--source=simulated", "--stays=100", "--imputation=none"), is(0));
    String cohort = directory.resolve("out/cohort").toString();
    String output = directory.resolve("train").toString();

    assertThat(launch("train", "--cohort=" + cohort, "--output=" + output), is(1));
    assertThat(
        err.toString(StandardCharsets.UTF_8),
        containsString("was built with imputation none; build it with forward_median"));

    assertThat(
        launch("tardiff", "--source=simulated", "--imputation=none", "--output=" + output), is(2));
    assertThat(err.toString(StandardCharsets.UTF_8), containsString("--imputation must fill gaps"));
  }

  /** Checked after ingestion, before hours of training. */
  @Test
  void splitWithoutDeathsIsReportedBeforeTraining() {
    String output = directory.resolve("few").toString();

    assertThat(
        launch(
            "tardiff",
            "--preset=quickstart",
            "--source=simulated",
            "--stays=20",
            "--output=" + output),
        is(1));

    assertThat(
        err.toString(StandardCharsets.UTF_8),
        containsString("must hold windows of every class, held none of class 1 among"));
    assertThat(Files.exists(directory.resolve("few/cohort/cohort.json")), is(true));
    assertThat(Files.exists(directory.resolve("few/model/denoiser.avro")), is(false));
  }

  @Test
  void optionsThatTheSourceNeedsAreNamed() {
    assertThat(
        run(
            "--source=tables",
            "--input=/data",
            "--taskLabels=x",
            "--hospitalVisits=1",
            "--timeUnit=hours",
            "--encounterClasses=IMP"),
        is(2));
    String message = err.toString(StandardCharsets.UTF_8);
    assertThat(message, containsString("--mapping=file.yaml is required if --source is tables"));
    assertThat(message, containsString("--taskLabels must not be set unless --source is meds"));
    assertThat(message, containsString("--hospitalVisits must not be set unless --source is omop"));
    assertThat(message, containsString("--timeUnit must not be set unless --source is ricu"));
    assertThat(
        message, containsString("--encounterClasses must not be set unless --source is fhir"));
  }

  @Test
  void missingTablesAreReportedBeforeAnythingRuns() {
    assertThat(run("--source=mimic3", "--input=" + directory), is(1));
    assertThat(err.toString(StandardCharsets.UTF_8), containsString("CHARTEVENTS"));
  }

  private Cohort ingest(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--input=" + directory);
    assertThat(run(all.toArray(String[]::new)) + err.toString(StandardCharsets.UTF_8), is("0"));
    return Cohort.open(directory.resolve("out/cohort").toString());
  }

  private int run(String... arguments) {
    return run("out", List.of(arguments));
  }

  private int run(String output, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("ingest"));
    all.addAll(arguments);
    all.add("--output=" + directory.resolve(output));
    return launch(all.toArray(String[]::new));
  }

  private int launch(String... arguments) {
    return Commands.run(out, err, arguments);
  }
}
