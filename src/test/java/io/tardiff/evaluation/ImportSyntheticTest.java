package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.ExportCohort;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.Split;
import io.tardiff.evaluation.report.EvaluationTable;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.files.npy.Npy;
import io.tardiff.files.parquet.ParquetOutput;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.ClassifierInputs;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.ImportSynthetic;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.DenoiserTraining;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.schemas.SchemaRegistry;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportSyntheticTest {
  private static final int WIDTH = 4;

  @TempDir static Path directory;
  private static Cohort cohort;
  private static List<EhrWindow> train;

  @TempDir Path input;
  @TempDir Path output;

  @BeforeAll
  static void exportACohort() {
    cohort = Fixtures.cohort(directory.resolve("cohort"));
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(cohort))
        .apply(ExportCohort.as(Set.of(ExportFormat.NPY, ExportFormat.PARQUET)));
    pipeline.run().waitUntilFinish();
    train = cohort.readAll(Split.TRAIN);
  }

  private ImportSynthetic from(Object location) {
    return ImportSynthetic.from(location.toString())
        .against(cohort.directory())
        .to(output.toString());
  }

  private SyntheticSet imported(Object location, String name) {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(from(location));
    pipeline.run().waitUntilFinish();
    return SyntheticSet.open(output.resolve(name).toString());
  }

  private static Path export(String file) {
    return directory.resolve("cohort/export").resolve(file);
  }

  /** The windows in the order of an export, which is that of the shards. */
  private static List<EhrWindow> exported() {
    List<EhrWindow> windows = new ArrayList<>();
    for (String shard : cohort.shards(Split.TRAIN)) {
      try (var records = cohort.read(shard)) {
        records.forEachRemaining(windows::add);
      }
    }
    return windows;
  }

  private static void assertIsTrain(SyntheticSet set) {
    List<EhrWindow> expected = exported();
    List<SyntheticWindow> windows = SyntheticWindows.read(set);
    assertThat(windows, hasSize(expected.size()));
    for (int i = 0; i < windows.size(); i++) {
      assertThat(windows.get(i).sampleId(), is((long) i));
      assertThat(windows.get(i).label(), is(expected.get(i).label()));
      assertThat(Arrays.equals(windows.get(i).values(), expected.get(i).values()), is(true));
    }
  }

  @Test
  void readsTheArraysOfAnExport() throws IOException {
    SyntheticSet set = imported(export("train-values.npy"), "train");
    assertIsTrain(set);
    assertThat(set.isMadeElsewhere(), is(true));
    assertThat(set.title(), is("train (made elsewhere)"));
    assertThat(set.spec(), is(cohort.spec()));
    assertThat(
        Files.readString(output.resolve("train/set.json")),
        containsString("\"origin\" : \"train\""));
    set.verify();
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> SyntheticWindows.readLedger(set));
    assertThat(e.getMessage(), containsString("was made elsewhere, so it has no ledger"));
  }

  @Test
  void readsTheParquetOfAnExport() {
    assertIsTrain(imported(export("train.parquet"), "train"));
  }

  @Test
  void readsTheExportOfASyntheticSet() {
    Path ours = directory.resolve("ours");
    SyntheticSet set = Fixtures.write(ours, "none", 0, Fixtures.likeTrain(cohort, 1));
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(set))
        .apply(ExportSynthetic.as(Set.of(ExportFormat.NPY, ExportFormat.PARQUET)));
    pipeline.run().waitUntilFinish();
    for (String file : List.of("samples-values.npy", "samples.parquet")) {
      SyntheticSet again = imported(ours.resolve("export/" + file), "samples");
      List<SyntheticWindow> expected = SyntheticWindows.read(set);
      List<SyntheticWindow> windows = SyntheticWindows.read(again);
      assertThat(windows, hasSize(expected.size()));
      for (int i = 0; i < windows.size(); i++) {
        assertThat(
            file, Arrays.equals(windows.get(i).values(), expected.get(i).values()), is(true));
      }
    }
  }

  @Test
  void theSetKeepsItsOriginInAPipeline() throws Exception {
    SyntheticSet set = SyntheticSet.madeElsewhere("/set", "timevae", 7, cohort.spec());
    var coder = SchemaRegistry.createDefault().getSchemaCoder(SyntheticSet.class);
    assertThat(roundTrip(coder, set), is(set));
  }

  /** There are no masks to learn, so none can be read either. */
  @Test
  void cohortWithoutGapsGivesNoMasks() {
    TrainingConfig masks =
        TrainingConfig.defaults()
            .withDenoiser(
                DenoiserTraining.defaults().withMissingness(DenoiserTraining.Missingness.MASKS));
    TrainModels.check(cohort, masks);
    assertThat(cohort.isFullyObserved(), is(true));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    TrainModels.check(
                        cohort,
                        masks.withClassifier(
                            ClassifierTraining.of(
                                ClassifierConfig.forName("gru")
                                    .withInputs(ClassifierInputs.VALUES_MASK)))))
            .getMessage(),
        containsString("the cohort " + cohort.directory() + " has no gaps"));
  }

  private static <T> T roundTrip(org.apache.beam.sdk.coders.Coder<T> coder, T value)
      throws CoderException {
    return CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, value));
  }

  @Test
  void evaluatesSetsMadeElsewhereBesideOurs() throws IOException {
    for (String name : List.of("gan", "vae")) {
      Files.createDirectories(input.resolve(name));
      Files.copy(export("train-values.npy"), input.resolve(name + "/values.npy"));
      Files.copy(export("train-labels.npy"), input.resolve(name + "/labels.npy"));
    }
    SyntheticSet ours =
        Fixtures.write(directory.resolve("none"), "none", 0, Fixtures.likeTrain(cohort, 1));
    assertThat(from(input).check(), is(List.of("gan", "vae")));
    Path evaluation = output.resolve("evaluation");
    Pipeline pipeline = Pipeline.create();
    PCollectionList.of(pipeline.apply("Ours", Create.of(ours)))
        .and(pipeline.apply("Import", from(input)))
        .apply("All", Flatten.pCollections())
        .apply(
            "Evaluate",
            EvaluateSyntheticEhr.against(cohort.directory())
                .withTrainer(new Fixtures.ClassMeans())
                .withConfig(
                    EvaluationConfig.defaults()
                        .withModels(List.of("means"))
                        .withSeeds(2)
                        .withAlphas(List.of(1.0))))
        .apply("Write", WriteEvaluation.to(evaluation.toString()));
    pipeline.run().waitUntilFinish();

    String json = Files.readString(evaluation.resolve("metrics.json"));
    JsonNode metrics = new ObjectMapper().readTree(json);
    List<String> origins = new ArrayList<>();
    metrics
        .path("utility")
        .forEach(
            row -> {
              if (row.path("protocol").asText().equals("TSTR")) {
                origins.add(row.path("origin").asText());
              }
            });
    assertThat(origins, is(List.of("null", "gan", "vae")));
    assertThat(metrics.path("privacy").path(2).path("origin").asText(), is("gan"));
    assertThat(metrics.path("privacy").path(2).path("exact_copies").asInt(), is(train.size()));
    String table = EvaluationTable.of(json);
    assertThat(table, containsString("gan (made elsewhere)"));
    assertThat(table, containsString("of 3 sets, this one has the highest tuning AUPRC"));
    assertThat(
        Files.readString(evaluation.resolve("report.html")),
        containsString("vae (made elsewhere)"));
  }

  /** Labels of both sets are wrong; the probabilities of one are right. */
  @Test
  void softLabelsDecideWhatModelsLearn() throws IOException {
    List<SyntheticWindow> wrong = Fixtures.mislabelled(Fixtures.likeTrain(cohort, 1));
    List<SyntheticWindow> soft =
        wrong.stream()
            .map(
                w ->
                    w.withProbabilities(
                        w.label() == 0 ? new float[] {0.1f, 0.9f} : new float[] {0.9f, 0.1f}))
            .toList();
    SyntheticSet set = SyntheticSet.madeElsewhere("", "set", wrong.size(), cohort.spec());
    ExportSynthetic.write(ExportFormat.NPY, input.resolve("hard").toString(), set, wrong);
    ExportSynthetic.write(
        ExportFormat.PARQUET, input.resolve("soft").toString(), set.withProbabilities(true), soft);
    Files.move(input.resolve("hard/export"), input.resolve("a"));
    Files.move(input.resolve("soft/export"), input.resolve("b"));
    Path evaluation = output.resolve("evaluation");
    Pipeline pipeline = Pipeline.create();
    PCollectionList.of(pipeline.apply("Hard", from(input.resolve("a/samples-values.npy"))))
        .and(
            pipeline.apply(
                "Soft",
                ImportSynthetic.from(input.resolve("b/samples.parquet").toString())
                    .against(cohort.directory())
                    .to(output.resolve("of-parquet").toString())))
        .apply("All", Flatten.pCollections())
        .apply(
            "Evaluate",
            EvaluateSyntheticEhr.against(cohort.directory())
                .withConfig(
                    EvaluationConfig.defaults()
                        .withModels(List.of("logistic"))
                        .withSeeds(1)
                        .withTsrtrSets(EvaluationConfig.TsrtrSets.ALL)
                        .withAlphas(List.of(1.0))))
        .apply("Write", WriteEvaluation.to(evaluation.toString()));
    pipeline.run().waitUntilFinish();

    List<Double> tstr = new ArrayList<>();
    List<Double> tsrtr = new ArrayList<>();
    for (JsonNode row :
        new ObjectMapper().readTree(evaluation.resolve("metrics.json").toFile()).path("utility")) {
      double auroc = row.path("auroc").path("mean").asDouble();
      switch (row.path("protocol").asText()) {
        case "TSTR" -> tstr.add(auroc);
        case "TSRTR" -> tsrtr.add(auroc);
        default -> {}
      }
    }
    assertThat(tstr, hasSize(2));
    assertThat(Collections.min(tstr), lessThan(0.35));
    assertThat(Collections.max(tstr), greaterThan(0.75));
    assertThat(tsrtr, hasSize(2));
    assertThat(Collections.max(tsrtr), greaterThan(0.75));
  }

  @Test
  void aDirectoryWithSeveralSetsIsAmbiguous() {
    fails(export(""), "holds several sets of windows: give one by its file, such as ");
  }

  @Test
  void namesAreSafeInPaths() throws IOException {
    Path odd = Files.createDirectories(input.resolve("..my set$"));
    copyArrays(odd, UnaryOperator.identity());
    assertThat(from(odd).check(), is(List.of("my_set_")));
  }

  @Test
  void aMissingFileIsNamed() {
    fails(input.resolve("values.npy"), "there is no file ", "values.npy");
    fails(input.resolve("*.parquet"), "there is no file ", "*.parquet");
  }

  @Test
  void anEmptyLocationIsRefused() {
    fails(input, "holds no windows: it must be or hold *values.npy with *labels.npy");
  }

  // Arrays.

  private Path copyArrays(Path to, UnaryOperator<float[]> change) throws IOException {
    arrays(to, 12, WIDTH, exported(), change);
    return to;
  }

  private static void arrays(
      Path to, int steps, int width, List<EhrWindow> windows, UnaryOperator<float[]> change)
      throws IOException {
    try (OutputStream values = Files.newOutputStream(to.resolve("values.npy"));
        OutputStream labels = Files.newOutputStream(to.resolve("labels.npy"));
        Npy.Writer valueWriter =
            Npy.writer(values, Npy.Type.FLOAT32, windows.size(), steps, width);
        Npy.Writer labelWriter = Npy.writer(labels, Npy.Type.INT64, windows.size())) {
      for (EhrWindow window : windows) {
        valueWriter.write(change.apply(window.values().clone()));
        labelWriter.write(new long[] {window.label()});
      }
    }
  }

  private void fails(Object location, String... reasons) {
    Throwable e =
        assertThrows(
            RuntimeException.class,
            () -> {
              from(location).check();
              Pipeline pipeline = Pipeline.create();
              pipeline.apply(from(location));
              pipeline.run().waitUntilFinish();
            });
    if (e instanceof Pipeline.PipelineExecutionException) {
      e = e.getCause();
    }
    for (String reason : reasons) {
      assertThat(e.getMessage(), containsString(reason));
    }
    assertThat(e.getMessage(), not(containsString("\n")));
    assertThat(Files.exists(output.resolve("manifest.json")), is(false));
  }

  @Test
  void rejectsArraysOfAnotherShape() throws IOException {
    arrays(input, 12, 3, exported(), values -> Arrays.copyOf(values, 36));
    fails(
        input,
        "values.npy must be an array of [windows, 12 steps, 4 channels] like the cohort's windows,"
            + " was ["
            + train.size()
            + ", 12, 3]");
  }

  @Test
  void rejectsArraysOfOtherLengths() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    try (Npy.Writer labels =
        Npy.writer(Files.newOutputStream(input.resolve("labels.npy")), Npy.Type.INT64, 1)) {
      labels.write(new long[] {1});
    }
    fails(
        input, "labels.npy must be an array of [" + train.size() + "] like the number of windows");
  }

  @Test
  void needsLabels() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    Files.delete(input.resolve("labels.npy"));
    fails(input, "values.npy needs labels.npy beside it");
  }

  @Test
  void rejectsLabelsThatAreNoClasses() throws IOException {
    for (double label : new double[] {2, -1, 0.5, Double.NaN}) {
      copyArrays(input, UnaryOperator.identity());
      try (Npy.Writer labels =
          Npy.writer(
              Files.newOutputStream(input.resolve("labels.npy")), Npy.Type.FLOAT64, train.size())) {
        for (int i = 0; i < train.size(); i++) {
          labels.write(new double[] {i == 3 ? label : 0});
        }
      }
      fails(input, "the label of window 3 (from 0) must be a whole number from 0 to 1");
    }
  }

  @Test
  void rejectsIntegers() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    try (Npy.Writer values =
        Npy.writer(
            Files.newOutputStream(input.resolve("values.npy")),
            Npy.Type.INT64,
            train.size(),
            12,
            WIDTH)) {
      for (EhrWindow window : train) {
        values.write(window.values());
      }
    }
    fails(input, "values.npy must hold floats, held int64");
  }

  @Test
  void rejectsValuesThatAreNotFinite() throws IOException {
    copyArrays(
        input,
        values -> {
          values[7] = Float.NaN;
          return values;
        });
    fails(input, "values must be finite, window 0 (from 0) was not at step 1 of MAP");
  }

  @Test
  void rejectsNormalisedValues() throws IOException {
    copyArrays(
        input,
        values -> {
          cohort.normaliser().normalise(values);
          return values;
        });
    fails(input, "of the values of HR are in its valid range", "must be in clinical units");
  }

  @Test
  void rejectsTruncatedArrays() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    try (RandomAccessFile file = new RandomAccessFile(input.resolve("values.npy").toFile(), "rw")) {
      file.setLength(file.length() - 5);
    }
    fails(input, "values.npy is truncated: it ends within window " + (train.size() - 1));
  }

  @Test
  void rejectsDataBehindAnArray() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    Files.write(input.resolve("values.npy"), new byte[] {1}, StandardOpenOption.APPEND);
    fails(input, "values.npy has data behind the array that its header declares");
  }

  @Test
  void aHostileHeaderAllocatesNothing() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    for (String file : List.of("values.npy", "labels.npy")) {
      Path path = input.resolve(file);
      String bytes = Files.readString(path, StandardCharsets.ISO_8859_1);
      String count = "(" + train.size() + ",";
      String huge = "(" + "9".repeat(15) + ",";
      int padding = huge.length() - count.length();
      Files.writeString(
          path,
          bytes.replace(count, huge).replace(" ".repeat(padding) + "\n", "\n"),
          StandardCharsets.ISO_8859_1);
    }
    fails(input, "is truncated: it ends within window " + train.size() + " of 999999999999999");
  }

  @Test
  void rejectsWhatIsNoArray() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    Files.writeString(input.resolve("values.npy"), "values");
    fails(input, "cannot read ", "values.npy: file ends within its header");
  }

  private void masks(Npy.Type type, int steps, double... numbers) throws IOException {
    try (Npy.Writer mask =
        Npy.writer(
            Files.newOutputStream(input.resolve("mask.npy")), type, train.size(), steps, WIDTH)) {
      for (int i = 0; i < train.size(); i++) {
        double[] window = new double[steps * WIDTH];
        for (int j = 0; j < window.length; j++) {
          window[j] = numbers[j % numbers.length];
        }
        mask.write(window);
      }
    }
  }

  /** HR is observed in every other step, the others always. */
  @Test
  void fillsTheGapsOfASetWithMasks() throws IOException {
    copyArrays(
        input,
        values -> {
          for (int i = WIDTH; i < values.length; i += 2 * WIDTH) {
            values[i] = i == WIDTH ? Float.NaN : -999;
          }
          return values;
        });
    masks(Npy.Type.FLOAT64, 12, 1, 1, 1, 1, 0, 1, 1, 1);
    SyntheticSet set = imported(input, input.getFileName().toString());

    assertThat(set.isMasked(), is(true));
    SyntheticWindow window = SyntheticWindows.read(set).get(5);
    EhrWindow given = exported().get(5);
    for (int step = 0; step < 12; step++) {
      assertThat(window.mask()[step * WIDTH], is(step % 2 == 0));
      assertThat(window.mask()[step * WIDTH + 1], is(true));
      assertThat(window.values()[step * WIDTH], is(given.values()[step / 2 * 2 * WIDTH]));
    }
  }

  @Test
  void rejectsMasksOfOtherNumbers() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    masks(Npy.Type.FLOAT64, 12, 1, 0.5);
    fails(input, "mask.npy: masks must hold 0 or 1, that of window 0 (from 0) does not");
  }

  @Test
  void rejectsMasksOfAnotherShape() throws IOException {
    copyArrays(input, UnaryOperator.identity());
    masks(Npy.Type.FLOAT64, 11, 1);
    fails(input, "mask.npy must be an array of [" + train.size() + ", 12, 4] like values.npy, was");
  }

  // Parquet.

  private Path parquet(MessageType schema, List<Object[]> rows) throws IOException {
    Path file = input.resolve("set.parquet");
    try (ParquetOutput out =
        new ParquetOutput(
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), schema)) {
      for (Object[] row : rows) {
        out.write(row);
      }
    }
    return file;
  }

  private static MessageType schema(String... columns) {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    for (String column : columns) {
      schema.addField(
          Types.optional(
                  List.of("sample_id", "label", "step").contains(column)
                      ? PrimitiveTypeName.INT64
                      : PrimitiveTypeName.DOUBLE)
              .named(column));
    }
    return schema.named("rows");
  }

  /** Columns in another order than the cohort's channels. */
  private static final String[] COLUMNS = {"MAP", "step", "HR", "DBP", "sample_id", "SBP", "label"};

  private static List<Object[]> rows(int windows) {
    List<Object[]> rows = new ArrayList<>();
    for (int w = 0; w < windows; w++) {
      for (int step = 0; step < 12; step++) {
        rows.add(new Object[] {90.0, (long) step, 80.0 + w, 70.0, (long) w, 120.0 + step, w % 2L});
      }
    }
    return rows;
  }

  @Test
  void matchesColumnsByName() throws IOException {
    SyntheticSet set = imported(parquet(schema(COLUMNS), rows(3)), "set");
    SyntheticWindow window = SyntheticWindows.read(set).get(1);
    assertThat(window.label(), is(1));
    assertThat(Arrays.copyOfRange(window.values(), 4, 8), is(new float[] {81, 121, 70, 90}));
  }

  @Test
  void aPatternIsOneSet() throws IOException {
    Files.move(
        parquet(schema(COLUMNS), rows(3)),
        Files.createDirectories(input.resolve("a")).resolve("1.parquet"));
    Files.move(parquet(schema(COLUMNS), rows(2)), input.resolve("a/2.parquet"));
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(from(input.resolve("a") + "/*.parquet"));
    pipeline.run().waitUntilFinish();
    assertThat(SyntheticSet.open(output.resolve("a").toString()).count(), is(5L));
  }

  @Test
  void rejectsMissingColumns() throws IOException {
    parquet(
        schema("sample_id", "label", "step", "HR", "SBP"),
        List.<Object[]>of(new Object[] {1L, 0L, 0L, 1.0, 2.0}));
    fails(input, "set.parquet lacks the columns DBP, MAP");
  }

  @Test
  void rejectsUnknownColumns() throws IOException {
    String[] columns = Arrays.copyOf(COLUMNS, 8);
    columns[7] = "Lactate";
    parquet(schema(columns), rows(1).stream().map(row -> Arrays.copyOf(row, 8)).toList());
    fails(input, "set.parquet has columns that are not of the cohort: Lactate");
  }

  @Test
  void rejectsMasksOfSomeChannels() throws IOException {
    String[] columns = Arrays.copyOf(COLUMNS, 8);
    columns[7] = "HR_observed";
    parquet(schema(columns), rows(1).stream().map(row -> Arrays.copyOf(row, 8)).toList());
    fails(
        input,
        "set.parquet has masks of some channels only: it lacks the columns SBP_observed,"
            + " DBP_observed, MAP_observed");
  }

  @Test
  void rejectsRowsInAnotherOrder() throws IOException {
    List<Object[]> rows = rows(2);
    rows.add(3, rows.remove(20));
    parquet(schema(COLUMNS), rows);
    fails(
        input, "window 0 (from 0) must have 12 rows in the order of their steps", "row of step 3");
  }

  @Test
  void rejectsAnIncompleteWindow() throws IOException {
    parquet(schema(COLUMNS), rows(2).subList(0, 20));
    fails(input, "set.parquet must have 12 rows (steps) for each window, had 20 rows");
  }

  @Test
  void rejectsGaps() throws IOException {
    List<Object[]> rows = rows(2);
    rows.get(13)[2] = null;
    parquet(schema(COLUMNS), rows);
    fails(input, "values must be finite, window 1 (from 0) was not at step 1 of HR");
  }

  @Test
  void rejectsWhatIsNoParquet() throws IOException {
    Files.writeString(input.resolve("set.parquet"), "sample_id,label,step");
    fails(input, "cannot read ", "set.parquet");
  }
}
