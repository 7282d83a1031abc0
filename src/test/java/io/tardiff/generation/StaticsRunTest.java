package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.TinyRun;
import io.tardiff.cohort.Aggregate;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Concept;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.StaticCovariate;
import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.diffusion.Prediction;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.files.npy.Npy;
import io.tardiff.generation.GuidedSampler.Drawn;
import io.tardiff.generation.GuidedSampler.Steer;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Guidance.Rule;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.ImportSynthetic;
import io.tardiff.synthetic.ReadSynthetic;
import io.tardiff.synthetic.SyntheticSample;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticToEvents;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.DenoiserTraining.Missingness;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** Static covariates that are made together with values and masks, from cohort to export. */
class StaticsRunTest {
  private static final ConceptDictionary DICTIONARY =
      TinyRun.COHORT
          .dictionary()
          .with(Concept.of("Ward", "", Aggregate.STATIC, List.of(0.0, 0.0, 8.0, 9.0)));
  private static final int AGE = 0;
  private static final int GENDER = 1;
  private static final int HEIGHT = 2;
  private static final int WARD = 3;

  private static final TrainingConfig TRAINING =
      TinyRun.TRAINING.withDenoiser(
          TinyRun.TRAINING
              .denoiser()
              .withMissingness(Missingness.MASKS)
              .withGenerateStatics(true)
              .withNetwork(
                  DenoiserConfig.of(16, List.of(1, 2), 1, 2, List.of(1))
                      .withPrediction(Prediction.VELOCITY))
              .withTrainingSteps(800)
              .withBatchSize(32)
              .withLearningRate(2e-3));
  private static final GenerationConfig CONFIG =
      GenerationConfig.defaults().withSamplingBatch(64).withSamplingSteps(10).withSeed(5);

  @TempDir static Path shared;
  private static Cohort cohort;
  private static TarDiffModel model;
  private static SyntheticSet set;
  private static GuidedSampler sampler;

  /** No stay of the simulation has a ward. */
  @BeforeAll
  static void run() {
    Pipeline build = Pipeline.create();
    build
        .apply("Simulate", SimulatedIcu.of(600).withSeed(1))
        .apply(
            "Build cohort",
            BuildCohort.to(shared.resolve("cohort").toString())
                .withConfig(
                    TinyRun.COHORT
                        .withDictionary(DICTIONARY)
                        .withStatics(List.of("Age", "Gender", "Height", "Ward"))));
    build.run().waitUntilFinish();
    cohort = Cohort.open(shared.resolve("cohort").toString());
    String directory = TinyRun.model(cohort.directory(), TRAINING, shared.resolve("model"));
    model = TarDiffModel.open(directory);
    Pipeline generate = Pipeline.create();
    PCollection<SyntheticSet> sets =
        generate
            .apply(Create.of(model))
            .apply(
                GenerateSyntheticEhr.to(shared.resolve("synthetic").toString())
                    .withConfig(CONFIG.withLabels(LabelMix.balanced().withTotal(512))));
    sets.apply(ExportSynthetic.as(Set.of(ExportFormat.values())));
    generate.run().waitUntilFinish();
    set = SyntheticSet.open(shared.resolve("synthetic/none").toString());
    sampler = new GuidedSampler(model, Steers.byEveryRule(CONFIG));
  }

  @AfterAll
  static void close() {
    if (sampler != null) {
      sampler.close();
    }
  }

  private static List<float[]> ofTrain(int label) {
    return cohort.readAll(Split.TRAIN).stream()
        .filter(window -> window.label() == label)
        .map(EhrWindow::statics)
        .toList();
  }

  private static List<float[]> ofSamples(int label) {
    return SyntheticWindows.read(set).stream()
        .filter(window -> window.label() == label)
        .map(SyntheticWindow::statics)
        .toList();
  }

  /** The known values of a covariate. */
  private static double[] known(List<float[]> statics, int covariate) {
    return statics.stream()
        .mapToDouble(values -> values[covariate])
        .filter(value -> !Double.isNaN(value))
        .toArray();
  }

  @Test
  void trainSplitDescribesTheCovariates() {
    List<StaticCovariate> statics = cohort.staticCovariates().orElseThrow();

    assertThat(statics.get(AGE).scale().resolution(), is(1.0));
    assertThat(statics.get(GENDER).categories(), is(List.of(0.0, 1.0)));
    assertThat(statics.get(HEIGHT).isSometimesMissing(), is(true));
    assertThat(statics.get(WARD).known(), is(0.0));
    // Three channels, their bits; age; two sexes; height and its bit.
    assertThat(model.layout().width(), is(3 + 3 + 1 + 2 + 2));
    assertThat(model.hasStatics() && set.hasStatics(), is(true));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void marginalsOfAClassAreThoseOfTrain(int label) {
    List<float[]> train = ofTrain(label);
    List<float[]> samples = ofSamples(label);
    StaticCovariate age = cohort.staticCovariates().orElseThrow().get(AGE);

    assertThat(
        mean(known(samples, AGE)),
        closeTo(mean(known(train, AGE)), 0.35 * age.standardDeviation()));
    assertThat(deviation(known(samples, AGE)) / deviation(known(train, AGE)), closeTo(1, 0.3));
    assertThat(mean(known(samples, GENDER)), closeTo(mean(known(train, GENDER)), 0.15));
    assertThat(
        known(samples, HEIGHT).length / (double) samples.size(),
        closeTo(known(train, HEIGHT).length / (double) train.size(), 0.12));
  }

  @Test
  void covariatesAgreeWithEachOther() {
    List<float[]> samples = new ArrayList<>(ofSamples(0));
    samples.addAll(ofSamples(1));
    List<float[]> train = new ArrayList<>(ofTrain(0));
    train.addAll(ofTrain(1));

    // In the simulation, men are 13 cm taller. The network is tiny.
    assertThat(taller(samples), greaterThan(0.4 * taller(train)));
  }

  private static double taller(List<float[]> statics) {
    return mean(known(statics.stream().filter(s -> s[GENDER] == 1).toList(), HEIGHT))
        - mean(known(statics.stream().filter(s -> s[GENDER] == 0).toList(), HEIGHT));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }

  @Test
  void valuesAreOfTheKindAndTheRangeOfTrain() {
    for (int label = 0; label < 2; label++) {
      for (float[] statics : ofSamples(label)) {
        assertThat(statics[AGE], is((float) Math.rint(statics[AGE])));
        assertThat(statics[AGE] >= 18 && statics[AGE] <= 90, is(true));
        assertThat(statics[GENDER] == 0 || statics[GENDER] == 1, is(true));
        assertThat(Float.isNaN(statics[WARD]), is(true));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void samplesDoNotDependOnTheirBatch(Rule rule) {
    Drawn together = sampler.draw(Steers.by(rule, 0.1, model), 1, 100, 16).get(7);
    Drawn alone = sampler.draw(Steers.by(rule, 0.1, model), 1, 107, 1).get(0);

    assertThat(alone.values(), is(together.values()));
    assertThat(alone.mask(), is(together.mask()));
    assertThat(alone.statics(), is(together.statics()));
    assertThat(alone.influenceAfter(), is(together.influenceAfter()));
  }

  @ParameterizedTest
  @EnumSource(value = Rule.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void scaleOfZeroIsTheUnguidedSampler(Rule rule) {
    Drawn unguided = sampler.draw(Steer.by(Guidance.none()), 1, 3, 1).get(0);
    Drawn guided = sampler.draw(Steers.by(rule, 0, model), 1, 3, 1).get(0);

    assertThat(guided.values(), is(unguided.values()));
    assertThat(guided.statics(), is(unguided.statics()));
  }

  @Test
  void replayDrawsTheSameSamples() {
    for (Replay.Sample sample : Replay.of(set, model).samples(List.of(3L, 400L))) {
      assertThat(sample.difference(), sample.outcome(), is(Replay.Outcome.SAME));
    }
  }

  @Test
  void exportsHoldThem() throws IOException {
    Path export = shared.resolve("synthetic/none/export");
    List<SyntheticWindow> windows = SyntheticWindows.read(set);

    List<CSVRecord> rows =
        CSVParser.parse(
                export.resolve("samples.csv"),
                StandardCharsets.UTF_8,
                CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).build())
            .getRecords();
    assertThat(rows.size(), is(12 * windows.size()));
    for (int i = 0; i < rows.size(); i++) {
      float[] statics = windows.get(i / 12).statics();
      assertThat(rows.get(i).get("Age"), is(Float.toString(statics[AGE])));
      assertThat(
          rows.get(i).get("Height"),
          is(Float.isNaN(statics[HEIGHT]) ? "" : Float.toString(statics[HEIGHT])));
      assertThat(rows.get(i).get("Ward"), is(""));
    }
    try (Npy.Reader array =
        Npy.reader(Files.newInputStream(export.resolve("samples-statics.npy")))) {
      assertThat(array.dimension(0), is((long) windows.size()));
      for (SyntheticWindow window : windows) {
        float[] row = new float[4];
        array.read(row);
        assertThat(row, is(window.statics()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"samples-values.npy", "samples.parquet"})
  void exportsCanBeImported(String file) {
    Path directory = shared.resolve("imported-" + file);
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(
        ImportSynthetic.from(shared.resolve("synthetic/none/export/" + file).toString())
            .against(cohort.directory())
            .to(directory.toString()));
    pipeline.run().waitUntilFinish();

    SyntheticSet imported = SyntheticSet.open(directory.resolve("samples").toString());
    assertThat(imported.hasStatics() && imported.isMasked(), is(true));
    List<SyntheticWindow> expected = SyntheticWindows.read(set);
    List<SyntheticWindow> windows = SyntheticWindows.read(imported);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(windows.get(i).statics(), is(expected.get(i).statics()));
      assertThat(windows.get(i).mask(), is(expected.get(i).mask()));
    }
  }

  @Test
  void eventsAndSamplesHoldThem() {
    SyntheticWindow first = SyntheticWindows.read(set).get(0);
    Pipeline pipeline = Pipeline.create();
    PCollection<SyntheticSet> sets = pipeline.apply(Create.of(set));
    PAssert.that(sets.apply(SyntheticToEvents.create()))
        .satisfies(
            events -> {
              Map<String, Double> facts = new HashMap<>();
              for (EhrEvent event : events) {
                if (event.getSubjectId().equals("0") && event.getTime() == null) {
                  facts.put(event.getCode(), event.getNumericValue());
                }
              }
              assertThat(facts.get("Age"), is((double) first.statics()[AGE]));
              assertThat(facts.get("Gender"), is((double) first.statics()[GENDER]));
              assertThat(facts.containsKey("Ward"), is(false));
              return null;
            });
    PAssert.that(sets.apply(ReadSynthetic.samples()))
        .satisfies(
            samples -> {
              for (SyntheticSample sample : samples) {
                if (sample.getSampleId() == 0) {
                  assertThat(
                      sample.getStaticNames(), is(List.of("Age", "Gender", "Height", "Ward")));
                  assertThat(sample.getStatics(), is(first.statics()));
                }
              }
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  /** Uses only the documented signatures, like another program, with noise of any form. */
  @Test
  void savedSamplerDrawsTheSameCovariates() throws IOException {
    Path saved = shared.resolve("savedmodel");
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(model))
        .apply(ExportSavedModels.to(saved.toString()).withConfig(CONFIG));
    pipeline.run().waitUntilFinish();
    JsonNode json = new ObjectMapper().readTree(saved.resolve("savedmodel.json").toFile());
    assertThat(json.get("denoiser_channels").asInt(), is(model.layout().width()));
    assertThat(json.get("statics").get(HEIGHT).asText(), is("Height"));
    int batch = 16;
    int size = 12 * model.layout().width();
    Shape shape = Shape.of(batch, 12, model.layout().width());
    int[] labels = new int[batch];
    Arrays.fill(labels, 1);
    List<Drawn> expected = sampler.draw(Steer.by(Guidance.none()), 1, 40, batch);
    double[] x = new double[batch * size];
    float[] initial = noise(batch, size, 0);
    for (int i = 0; i < x.length; i++) {
      x[i] = initial[i];
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(saved.resolve("sampler").toString())) {
      for (int step = 0; step < 10; step++) {
        Map<String, Tensor> inputs =
            Map.of(
                "x",
                TFloat64.tensorOf(shape, DataBuffers.of(x)),
                "noise",
                TFloat32.tensorOf(shape, DataBuffers.of(noise(batch, size, step + 1))),
                "label",
                TInt32.vectorOf(labels),
                "step",
                TInt32.scalarOf(step));
        try (Result result = bundle.function("unguided").call(inputs)) {
          ((TFloat64) result.get("x").orElseThrow()).copyTo(DataBuffers.of(x, false, false));
        }
      }
      try (Result result =
          bundle
              .function("clinical")
              .call(Map.of("x", TFloat64.tensorOf(shape, DataBuffers.of(x))))) {
        float[] statics = new float[batch * 4];
        ((TFloat32) result.get("statics").orElseThrow())
            .copyTo(DataBuffers.of(statics, false, false));
        for (int i = 0; i < batch; i++) {
          assertThat(Arrays.copyOfRange(statics, 4 * i, 4 * i + 4), is(expected.get(i).statics()));
        }
      }
    }
  }

  private static float[] noise(int batch, int size, int number) {
    float[] noise = new float[batch * size];
    for (int i = 0; i < batch; i++) {
      Seeds.fillGaussian(noise, i * size, size, CONFIG.seed(), "sampling noise", 40 + i, number);
    }
    return noise;
  }

  @Test
  void cohortOfAnEarlierVersionIsRefused() throws IOException {
    Path earlier = Files.createDirectory(shared.resolve("earlier"));
    for (Map.Entry<String, byte[]> file : TinyRun.files(shared.resolve("cohort")).entrySet()) {
      Files.write(earlier.resolve(file.getKey()), file.getValue());
    }
    ObjectMapper json = new ObjectMapper();
    ObjectNode content = (ObjectNode) json.readTree(earlier.resolve("cohort.json").toFile());
    content.remove("statics");
    Files.delete(earlier.resolve("manifest.json"));
    json.writeValue(earlier.resolve("cohort.json").toFile(), content);
    Cohort opened = Cohort.open(earlier.toString());

    assertThat(opened.staticCovariates().isPresent(), is(false));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> TrainModels.check(opened, TRAINING))
            .getMessage(),
        containsString("generateStatics must be false for"));
  }
}
