package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.files.DamagedFileException;
import io.tardiff.influence.Guidance;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.ImportSynthetic;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.synthetic.ReadSynthetic;
import io.tardiff.synthetic.SoftLabels;
import io.tardiff.synthetic.SyntheticSample;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.tensorflow.Weights;
import io.tardiff.training.ClassifierEnsemble;
import io.tardiff.training.CohortWindows;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TemperatureScaling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Soft labels, from the fits of the teacher to a replay. */
class SoftLabelRunTest {
  private static final int FITS = 3;
  private static final GenerationConfig HARD =
      TinyRun.GENERATION
          .withSeed(3)
          .withLabels(LabelMix.parse("0=20,1=20"))
          .withGuidances(List.of(Guidance.none(), Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.5)));
  private static final GenerationConfig SOFT = HARD.withSoftLabels(FITS).withSoftLabelWeight(0.75);

  @TempDir static Path shared;
  private static String cohort;
  private static TarDiffModel model;
  private static Path drawn;

  @TempDir Path directory;

  @BeforeAll
  static void draw() {
    cohort = TinyRun.cohort(shared.resolve("cohort"));
    model = TarDiffModel.open(TinyRun.model(shared.resolve("model")));
    drawn = shared.resolve("drawn");
    generate(drawn, SOFT, "--targetParallelism=3");
  }

  private static void generate(Path to, GenerationConfig config, String... arguments) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
    pipeline
        .apply("Model", Create.of(model))
        .apply(
            "Generate",
            GenerateSyntheticEhr.to(to.toString()).withCohort(cohort).withConfig(config));
    pipeline.run().waitUntilFinish();
  }

  private static SyntheticSet set(Path root, String name) {
    return SyntheticSet.open(root.resolve(name).toString());
  }

  @Test
  void labelsAreMeansOfTheHardLabelAndTheTeacher() {
    SyntheticSet set = set(drawn, "none");
    SoftLabels labels = set.softLabels();
    List<SyntheticWindow> windows = SyntheticWindows.read(set);
    LabelledWindows network =
        SyntheticWindows.networkUnits(set.spec(), model.normaliser(), set.directory(), windows);
    // Of the teacher: the mean over the classifiers whose weights are in the set.
    double[][] mean = new double[windows.size()][2];
    for (Weights weights : Teacher.of(set)) {
      try (ClassifierEnsemble one =
          new ClassifierEnsemble(Teacher.training(model), 12, 3, 2, List.of(weights))) {
        double[][] p = one.probabilities(network);
        for (int i = 0; i < p.length; i++) {
          mean[i][0] += p[i][0] / FITS;
          mean[i][1] += p[i][1] / FITS;
        }
      }
    }
    assertThat(network.hasProbabilities(), is(true));
    double[] shares = {0.5, 0.5};
    double train = Arrays.stream(model.trainLabels()).sum();
    for (int i = 0; i < mean.length; i++) {
      double[] p = new double[2];
      for (int k = 0; k < 2; k++) {
        p[k] = Math.pow(mean[i][k], 1 / labels.temperature());
        p[k] *= shares[k] / (model.trainLabels()[k] / train);
      }
      double soft = p[1] / (p[0] + p[1]);
      double expected = 0.25 * windows.get(i).label() + 0.75 * soft;
      assertThat((double) windows.get(i).probabilities()[1], closeTo(expected, 1e-5));
    }
    set.verify();
  }

  @Test
  void theSetDescribesItsTeacher() throws IOException {
    SyntheticSet set = set(drawn, "mean_shift-0.5");
    SoftLabels labels = set.softLabels();

    assertThat(set.hasProbabilities(), is(true));
    assertThat(labels.fits(), is(FITS));
    assertThat(labels.weight(), is(0.75));
    assertThat(labels.temperature(), greaterThan(0.0));
    assertThat(labels.logLoss(), lessThanOrEqualTo(labels.uncalibratedLogLoss()));
    int train = Cohort.open(cohort).readAll(Split.TRAIN).size();
    assertThat(labels.outOfFold(), greaterThan(train / 3L));
    assertThat(labels.outOfFold(), lessThanOrEqualTo((long) train));
    assertThat(labels, is(set(drawn, "none").softLabels()));
    assertThat(
        SyntheticWindows.readLedger(set).stream().map(LedgerRecord::softLabel).toList(),
        everyItem(is(labels.ofSample())));
    // Through the row that travels between transforms.
    SyntheticSet.InRows rows = new SyntheticSet.InRows();
    assertThat(rows.fromRow(rows.toRow(set)), is(set));
  }

  /** The teacher has seen the train windows, of which the log loss is therefore lower. */
  @Test
  void theLogLossIsOutOfFold() {
    SyntheticSet set = set(drawn, "none");
    LabelledWindows train = CohortWindows.load(Cohort.open(cohort), Split.TRAIN);
    try (ClassifierEnsemble teacher =
        new ClassifierEnsemble(Teacher.training(model), 12, 3, 2, Teacher.of(set))) {
      double[][] p = teacher.probabilities(train);
      double inFold = TemperatureScaling.logLoss(p, train.labels(), 1);
      assertThat(set.softLabels().uncalibratedLogLoss(), is(not(closeTo(inFold, 1e-6))));
      assertThat(set.softLabels().uncalibratedLogLoss(), closeTo(inFold, 0.2));
    }
  }

  @Test
  void samplesAndFilesAreAsWithoutThem() throws IOException {
    generate(directory, HARD);

    List<SyntheticWindow> hard = SyntheticWindows.read(set(directory, "none"));
    List<SyntheticWindow> soft = SyntheticWindows.read(set(drawn, "none"));
    for (int i = 0; i < hard.size(); i++) {
      assertThat(soft.get(i).values(), is(hard.get(i).values()));
      assertThat(soft.get(i).label(), is(hard.get(i).label()));
      assertThat(hard.get(i).probabilities().length, is(0));
    }
    assertThat(set(directory, "none").softLabels(), is(nullValue()));
    TinyRun.files(directory)
        .forEach(
            (name, bytes) -> {
              String text = new String(bytes, StandardCharsets.ISO_8859_1);
              assertThat(name, text, not(containsString("probabilities")));
              assertThat(name, text, not(containsString("teacher")));
              assertThat(name, text, not(containsString("soft")));
            });
  }

  @Test
  void sameBytesWithOneWorker() throws IOException {
    generate(directory, SOFT, "--targetParallelism=1");

    Map<String, byte[]> one = TinyRun.files(directory);
    Map<String, byte[]> three = TinyRun.files(drawn);
    assertThat(one.keySet(), is(three.keySet()));
    one.forEach((name, bytes) -> assertThat(name, bytes, is(three.get(name))));
  }

  @Test
  void samplesOfASetAndOfASelectionCanBeDrawnAgain() {
    LabelMix labels = LabelMix.parse("0=9,1=8");
    Pipeline pipeline = Pipeline.create();
    PCollection<SyntheticSet> pool =
        pipeline
            .apply(Create.of(model))
            .apply(
                GenerateSyntheticEhr.to(directory.resolve("pool").toString())
                    .withCohort(cohort)
                    .withConfig(
                        SOFT.withLabels(labels.times(2)).withGuidances(List.of(Guidance.none()))));
    pool.apply(
        SelectForTarget.of(model.directory(), cohort)
            .to(directory.resolve("synthetic").toString())
            .withLabels(labels)
            .withSelection(Selection.herding().withFourierFeatures(16)));
    pipeline.run().waitUntilFinish();

    SyntheticSet herded = set(directory, "synthetic/none-herding");
    herded.verify();
    assertThat(herded.softLabels(), is(set(directory, "pool/none").softLabels()));
    for (SyntheticSet set :
        List.of(set(directory, "pool/none"), set(directory, "synthetic/none"), herded)) {
      for (Replay.Sample sample : Replay.of(set, model).samples(List.of(0L, 7L, 20L))) {
        assertThat(sample.difference(), sample.outcome(), is(not(Replay.Outcome.DIFFERENT)));
        assertThat(sample.window().probabilities().length, is(2));
      }
    }
  }

  @Test
  void selectionOfOtherSharesIsAnError() {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(set(drawn, "none")))
        .apply(
            SelectForTarget.of(model.directory(), cohort)
                .to(directory.toString())
                .withLabels(LabelMix.parse("0=15,1=3"))
                .withSelection(Selection.herding().withFourierFeatures(16)));
    assertThat(
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish()).getMessage(),
        containsString("draw the pool with the same labels"));
  }

  @Test
  void exportsAreImportedAgain() throws IOException {
    SyntheticSet set = set(drawn, "none");
    List<SyntheticWindow> windows = SyntheticWindows.read(set);
    for (ExportFormat format : ExportFormat.values()) {
      ExportSynthetic.write(format, directory.resolve(format.name()).toString(), set, windows);
    }
    List<String> csv =
        Files.readAllLines(directory.resolve("CSV/export/samples.csv"), StandardCharsets.UTF_8);
    assertThat(csv.get(0).contains(",p_0,p_1"), is(true));
    String[] cells = csv.get(1).split(",");
    int last = csv.get(0).split(",").length - 1;
    assertThat(Float.parseFloat(cells[last]), is(windows.get(0).probabilities()[1]));

    for (ExportFormat format : List.of(ExportFormat.NPY, ExportFormat.PARQUET)) {
      Path imported = directory.resolve("imported-" + format.name());
      Pipeline pipeline = Pipeline.create();
      PCollection<SyntheticSet> sets =
          pipeline.apply(
              ImportSynthetic.from(directory.resolve(format.name()).resolve("export").toString())
                  .against(cohort)
                  .to(imported.toString()));
      PCollection<SyntheticSample> samples = sets.apply(ReadSynthetic.samples());
      PAssert.that(samples)
          .satisfies(
              rows -> {
                for (SyntheticSample row : rows) {
                  assertArrayEquals(
                      windows.get((int) row.getSampleId()).probabilities(), row.getProbabilities());
                }
                return null;
              });
      pipeline.run().waitUntilFinish();
      try (Stream<Path> found = Files.list(imported)) {
        SyntheticSet again = SyntheticSet.open(found.findFirst().orElseThrow().toString());
        again.verify();
        assertThat(again.hasProbabilities(), is(true));
        assertThat(again.softLabels(), is(nullValue()));
      }
    }
  }

  @Test
  void importRejectsWhatAreNoProbabilities() throws IOException {
    SyntheticSet set = set(drawn, "none");
    List<SyntheticWindow> windows =
        SyntheticWindows.read(set).stream()
            .map(w -> w.withProbabilities(new float[] {0.7f, 0.7f}))
            .toList();
    ExportSynthetic.write(ExportFormat.NPY, directory.toString(), set, windows);
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(
        ImportSynthetic.from(directory.resolve("export").toString())
            .against(cohort)
            .to(directory.resolve("imported").toString()));
    assertThat(
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish()).getMessage(),
        containsString("must be from 0 to 1 and add up to 1"));
  }

  @Test
  void aDamagedTeacherIsAnError() throws IOException {
    generate(directory, SOFT.withGuidances(List.of(Guidance.none())));
    Path file = directory.resolve("none/teacher-001.avro");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 30] ^= 1;
    Files.write(file, bytes);
    SyntheticSet set = set(directory, "none");

    assertThrows(DamagedFileException.class, set::verify);
    assertThat(
        assertThrows(DamagedFileException.class, () -> Replay.of(set, model).samples(List.of(1L)))
            .getMessage(),
        containsString("teacher-001.avro"));
  }

  @Test
  void needsACohort() {
    Pipeline pipeline = Pipeline.create();
    PCollection<TarDiffModel> models = pipeline.apply(Create.of(model));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> models.apply(GenerateSyntheticEhr.to(directory.toString()).withConfig(SOFT)))
            .getMessage(),
        containsString("withCohort(directory) must be called for soft labels"));
  }

  @Test
  void weightZeroIsTheHardLabel() {
    SoftLabels labels = new SoftLabels(1, 0, 1, 10, 1, 1, List.of(1.0, 1.0), "hash");
    assertArrayEquals(new float[] {0, 1}, SoftLabeller.soft(labels, 1, new double[] {0.9, 0.1}));
  }

  /** A class that the set does not have gets no probability; the others keep their odds. */
  @Test
  void probabilitiesAreForTheSharesOfTheSet() {
    SoftLabels labels = new SoftLabels(1, 1, 1, 10, 1, 1, List.of(2.0, 1.0, 0.0), "hash");
    float[] soft = SoftLabeller.soft(labels, 0, new double[] {0.2, 0.4, 0.4});
    assertArrayEquals(new float[] {0.5f, 0.5f, 0}, soft, 1e-6f);
  }

  @Test
  void configurationsAreChecked() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> HARD.withSoftLabels(-1)).getMessage(),
        containsString("softLabels must be from 0 to 100, was -1"));
    for (double weight : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThat(
          assertThrows(IllegalArgumentException.class, () -> HARD.withSoftLabelWeight(weight))
              .getMessage(),
          containsString("softLabelWeight must be from 0 to 1"));
    }
    assertThat(SOFT.samplerHash(), is(HARD.samplerHash()));
  }
}
