package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.diffusion.Prediction;
import io.tardiff.diffusion.ReverseProcess;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.generation.GuidedSampler.Drawn;
import io.tardiff.generation.GuidedSampler.Steer;
import io.tardiff.influence.ClassifierInputs;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Guidance.Rule;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.ImportSynthetic;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticToEvents;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.DenoiserTraining.Missingness;
import io.tardiff.training.FittedClassifier;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** Masks that are made together with the values, from training to the finished sample. */
class MaskedRunTest {
  private static final TrainingConfig TRAINING = masked(ClassifierInputs.VALUES_MASK_TIME);
  private static final GenerationConfig CONFIG =
      GenerationConfig.defaults().withSamplingBatch(64).withSamplingSteps(10).withSeed(5);
  private static final int CHANNELS = 3;

  @TempDir static Path shared;
  private static Cohort cohort;
  private static TarDiffModel model;
  private static GuidedSampler sampler;

  private static TrainingConfig masked(ClassifierInputs inputs) {
    return TinyRun.TRAINING
        .withDenoiser(
            TinyRun.TRAINING
                .denoiser()
                .withMissingness(Missingness.MASKS)
                .withNetwork(
                    TinyRun.TRAINING.denoiser().network().withPrediction(Prediction.VELOCITY))
                .withTrainingSteps(600)
                .withLearningRate(2e-3))
        .withClassifier(
            TinyRun.TRAINING
                .classifier()
                .withNetwork(TinyRun.TRAINING.classifier().network().withInputs(inputs)));
  }

  @BeforeAll
  static void train() {
    String directory = TinyRun.cohort(shared.resolve("cohort"));
    cohort = Cohort.open(directory);
    model = TarDiffModel.open(TinyRun.model(directory, TRAINING, shared.resolve("model")));
    sampler = new GuidedSampler(model, Steers.byEveryRule(CONFIG));
  }

  @AfterAll
  static void close() {
    if (sampler != null) {
      sampler.close();
    }
  }

  private static List<Drawn> samples() {
    List<Drawn> samples = new ArrayList<>();
    for (int batch = 0; batch < 4; batch++) {
      samples.addAll(sampler.draw(Steer.by(Guidance.none()), 0, 64L * batch, 64));
    }
    return samples;
  }

  @Test
  void ratesOfObservationAreThoseOfTrain() {
    List<EhrWindow> train =
        cohort.readAll(Split.TRAIN).stream().filter(window -> window.label() == 0).toList();
    List<Drawn> samples = samples();
    for (int c = 0; c < CHANNELS; c++) {
      double real = coverage(train.stream().map(EhrWindow::mask).toList(), c);
      double made = coverage(samples.stream().map(Drawn::mask).toList(), c);
      assertThat(model.spec().channels().get(c).name(), made, closeTo(real, 0.1));
    }
  }

  private static double coverage(List<boolean[]> masks, int channel) {
    long observed = 0;
    long cells = 0;
    for (boolean[] mask : masks) {
      for (int i = channel; i < mask.length; i += CHANNELS) {
        observed += mask[i] ? 1 : 0;
        cells++;
      }
    }
    return (double) observed / cells;
  }

  @Test
  void gapsAreFilledLikeThoseOfTheCohort() {
    int gaps = 0;
    for (Drawn drawn : samples()) {
      for (int i = 0; i < drawn.mask().length; i++) {
        if (!drawn.mask()[i]) {
          float before =
              i >= CHANNELS
                  ? drawn.values()[i - CHANNELS]
                  : cohort.filling().orElseThrow().standard().get(i).floatValue();
          assertThat(drawn.values()[i], is(before));
          gaps++;
        }
      }
    }
    assertThat(gaps, greaterThan(100));
  }

  @Test
  void samplesDoNotDependOnTheirBatch() {
    Guidance guidance = Guidance.of(Rule.MEAN_SHIFT, 0.1);
    Drawn together = sampler.draw(Steer.by(guidance), 1, 100, 16).get(7);
    Drawn alone = sampler.draw(Steer.by(guidance), 1, 107, 1).get(0);

    assertThat(alone.values(), is(together.values()));
    assertThat(alone.mask(), is(together.mask()));
    assertThat(alone.influenceAfter(), is(together.influenceAfter()));
  }

  @ParameterizedTest
  @EnumSource(value = Rule.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void scaleOfZeroIsTheUnguidedSampler(Rule rule) {
    Drawn unguided = sampler.draw(Steer.by(Guidance.none()), 1, 3, 1).get(0);
    Drawn guided = sampler.draw(Steers.by(rule, 0, model), 1, 3, 1).get(0);

    assertThat(guided.values(), is(unguided.values()));
    assertThat(guided.mask(), is(unguided.mask()));
  }

  /**
   * With the interpolation, x' = (1 - w) x + w g, so guided and unguided steps give g, here against
   * central differences of the influence by values and bits.
   */
  @Test
  void gradientOfTheInfluenceIsThatOfValuesAndBits() {
    int width = 2 * CHANNELS;
    int steps = model.spec().steps();
    int size = steps * width;
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Shape shape = Shape.of(1, steps, width);
    Placeholder<TFloat64> x = tf.placeholder(TFloat64.class, Placeholder.shape(shape));
    Placeholder<TFloat32> z = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Placeholder<TInt32> label = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
    Placeholder<TInt32> noiseStep = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
    Parameters<TFloat32> denoiser = new Parameters<>(tf, TFloat32.class);
    Parameters<TFloat32> phi = new Parameters<>(tf, TFloat32.class);
    Parameters<TFloat32> direction = new Parameters<>(tf, TFloat32.class);
    ReverseProcess.Step last = GuidedSampler.process(model, CONFIG).steps().get(9);
    GuidedStep step =
        new GuidedStep(
            tf,
            model,
            new GuidedStep.Networks(denoiser, phi, direction),
            new ReverseStep.Inputs(
                x,
                z,
                label,
                1,
                noiseStep,
                ReverseStep.Coefficients.of(
                    tf,
                    tf.constant(ReverseStep.Coefficients.scalars(last)),
                    tf.constant(last.deviation()))),
            tf.constant(0.5),
            null);
    float[] noise = new float[size];
    Seeds.fillGaussian(noise, 0, size, 3, "test", 0, 0);
    double[] state = new double[size];
    for (int i = 0; i < size; i++) {
      state[i] = noise[i];
    }
    try (GraphSession session = new GraphSession(graph)) {
      denoiser.load(session, model.denoiserWeights());
      phi.load(session, model.classifierWeights(model.bestEpoch()));
      direction.load(session, model.guidanceDirection(model.bestEpoch()));
      double[][] out =
          session
              .step()
              .feed(x, state)
              .feed(z, new float[size])
              .feed(label, new int[] {1})
              .feed(noiseStep, new int[] {last.noiseStep()})
              .fetch(step.next(Rule.INTERPOLATION))
              .fetch(step.next(Rule.NONE))
              .fetch(step.clean())
              .runDoubles();
      double largest = 0;
      for (int i = 0; i < size; i++) {
        double gradient = (out[0][i] - 0.5 * out[1][i]) / 0.5;
        float[] clean = new float[size];
        for (int j = 0; j < size; j++) {
          clean[j] = (float) out[2][j];
        }
        float h = 0.02f;
        // A bit that changes its sign would change the time since the last observation.
        if (i % width >= CHANNELS && Math.abs(clean[i]) <= h) {
          continue;
        }
        double difference = influence(session, step, label, clean, i, h);
        difference -= influence(session, step, label, clean, i, -h);
        assertThat("number " + i, gradient, closeTo(difference / (2 * h), 2e-3));
        largest = Math.max(largest, Math.abs(gradient));
      }
      assertThat(largest, greaterThan(0.01));
    }
  }

  /** Without masks among its inputs, the classifier has nothing to say of them. */
  @Test
  void guidanceByValuesMovesValuesOnly() {
    TarDiffModel reader =
        TarDiffModel.open(
            TinyRun.model(
                cohort.directory(), masked(ClassifierInputs.VALUES), shared.resolve("values")));
    try (GuidedSampler once = new GuidedSampler(reader, CONFIG.withSamplingSteps(1))) {
      Drawn unguided = once.draw(Steer.by(Guidance.none()), 1, 3, 1).get(0);
      Drawn guided = once.draw(Steers.by(Rule.INTERPOLATION, 0.9, model), 1, 3, 1).get(0);

      assertThat(guided.mask(), is(unguided.mask()));
      assertThat(guided.values(), is(not(unguided.values())));
    }
  }

  private static double influence(
      GraphSession session,
      GuidedStep step,
      Placeholder<TInt32> label,
      float[] clean,
      int at,
      float h) {
    float[] moved = clean.clone();
    moved[at] += h;
    return session
        .step()
        .feed(step.clean(), moved)
        .feed(label, new int[] {1})
        .fetch(step.influences())
        .run()[0][0];
  }

  private static SyntheticSet set() {
    Path directory = shared.resolve("sets");
    if (!Files.exists(directory)) {
      Pipeline pipeline = Pipeline.create();
      pipeline
          .apply(Create.of(model))
          .apply(
              GenerateSyntheticEhr.to(directory.toString())
                  .withConfig(
                      CONFIG
                          .withGuidances(List.of(Guidance.none()))
                          .withLabels(LabelMix.balanced().withTotal(96))))
          .apply(ExportSynthetic.as(Set.of(ExportFormat.values())));
      pipeline.run().waitUntilFinish();
    }
    return SyntheticSet.open(directory.resolve("none").toString());
  }

  @Test
  void setsKeepTheMasks() {
    assertThat(set().isMasked(), is(true));
    set().verify();
    Drawn drawn = sampler.draw(Steer.by(Guidance.none()), 0, 7, 1).get(0);
    SyntheticWindow stored = SyntheticWindows.read(set()).get(7);
    assertThat(stored.mask(), is(drawn.mask()));
    assertThat(stored.values(), is(drawn.values()));
    assertThat(
        Replay.of(set(), model).samples(List.of(7L, 70L)).stream()
            .map(Replay.Sample::outcome)
            .toList(),
        is(List.of(Replay.Outcome.SAME, Replay.Outcome.SAME)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"samples-values.npy", "samples.parquet"})
  void exportsKeepTheMasks(String file, @TempDir Path output) {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(
        ImportSynthetic.from(Path.of(set().directory(), "export", file).toString())
            .against(cohort.directory())
            .to(output.toString()));
    pipeline.run().waitUntilFinish();

    SyntheticSet imported = SyntheticSet.open(output.resolve("samples").toString());
    assertThat(imported.isMasked(), is(true));
    List<SyntheticWindow> expected = SyntheticWindows.read(set());
    List<SyntheticWindow> windows = SyntheticWindows.read(imported);
    assertThat(windows.size(), is(expected.size()));
    for (int i = 0; i < windows.size(); i++) {
      assertThat(windows.get(i).mask(), is(expected.get(i).mask()));
      assertThat(windows.get(i).values(), is(expected.get(i).values()));
    }
  }

  @Test
  void tableSaysWhatWasObserved() throws IOException {
    List<String> lines = Files.readAllLines(Path.of(set().directory(), "export", "samples.csv"));

    assertThat(
        lines.get(0), is("sample_id,label,step,HR,SBP,RR,HR_observed,SBP_observed,RR_observed"));
    boolean[] mask = SyntheticWindows.read(set()).get(0).mask();
    for (int step = 0; step < 3; step++) {
      String[] cells = lines.get(1 + step).split(",");
      for (int c = 0; c < CHANNELS; c++) {
        assertThat(cells[6 + c], is(mask[step * CHANNELS + c] ? "1" : "0"));
      }
    }
  }

  @Test
  void eventsAreThoseOfObservedValues() {
    long observed = 0;
    for (SyntheticWindow window : SyntheticWindows.read(set())) {
      for (boolean cell : window.mask()) {
        observed += cell ? 1 : 0;
      }
    }
    Pipeline pipeline = Pipeline.create();
    PAssert.thatSingleton(
            pipeline
                .apply(Create.of(set()))
                .apply(SyntheticToEvents.create())
                .apply(Filter.by(event -> Set.of("HR", "SBP", "RR").contains(event.getCode())))
                .apply(Count.globally()))
        .isEqualTo(observed);
    pipeline.run().waitUntilFinish();
    assertThat(observed, lessThan(96L * 36));
  }

  @Test
  void selectionKeepsTheMasks(@TempDir Path output) {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(set()))
        .apply(
            SelectForTarget.of(model.directory(), cohort.directory())
                .to(output.toString())
                .withLabels(LabelMix.balanced().withTotal(48))
                .withoutBaseline()
                .withSelection(Selection.herding().withFourierFeatures(64)));
    pipeline.run().waitUntilFinish();

    SyntheticSet selected = SyntheticSet.open(output.resolve("none-herding").toString());
    assertThat(selected.isMasked(), is(true));
    List<SyntheticWindow> pool = SyntheticWindows.read(set());
    for (SyntheticWindow window : SyntheticWindows.read(selected)) {
      assertThat(window.mask(), is(pool.get((int) window.sampleId()).mask()));
    }
  }

  @Test
  void savedModelsHaveTheMasks(@TempDir Path output) {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(model))
        .apply(ExportSavedModels.to(output.toString()).withConfig(CONFIG));
    pipeline.run().waitUntilFinish();

    Drawn drawn = sampler.draw(Steer.by(Guidance.none()), 1, 3, 1).get(0);
    int size = model.spec().steps() * 2 * CHANNELS;
    try (SavedModelBundle bundle = SavedModelBundle.load(output.resolve("sampler").toString())) {
      double[] x = new double[size];
      float[] first = noise(size, 3, 0);
      for (int i = 0; i < size; i++) {
        x[i] = first[i];
      }
      Shape shape = Shape.of(1, model.spec().steps(), 2 * CHANNELS);
      for (int step = 0; step < CONFIG.samplingSteps(); step++) {
        Map<String, Tensor> inputs =
            Map.of(
                "x", TFloat64.tensorOf(shape, DataBuffers.of(x)),
                "noise", TFloat32.tensorOf(shape, DataBuffers.of(noise(size, 3, step + 1))),
                "label", TInt32.vectorOf(1),
                "step", TInt32.scalarOf(step));
        try (Result result = bundle.function("unguided").call(inputs)) {
          ((TFloat64) result.get("x").orElseThrow()).copyTo(DataBuffers.of(x));
        }
      }
      try (Result result =
          bundle
              .function("clinical")
              .call(Map.of("x", TFloat64.tensorOf(shape, DataBuffers.of(x))))) {
        TFloat32 values = (TFloat32) result.get("values").orElseThrow();
        TBool mask = (TBool) result.get("mask").orElseThrow();
        for (int i = 0; i < drawn.mask().length; i++) {
          long step = i / CHANNELS;
          long c = i % CHANNELS;
          assertThat(mask.getBoolean(0, step, c), is(drawn.mask()[i]));
          float value = values.getFloat(0, step, c);
          if (drawn.mask()[i]) {
            assertThat((double) value, closeTo(drawn.values()[i], 1e-4 * Math.abs(value)));
          } else {
            assertThat(Float.isNaN(value), is(true));
          }
        }
      }
    }
    // The target classifier reads values, masks and times.
    try (SavedModelBundle bundle = SavedModelBundle.load(output.resolve("classifier").toString());
        FittedClassifier classifier =
            FittedClassifier.restore(
                model.classifierTraining(),
                model.spec().steps(),
                CHANNELS,
                2,
                model.classifierWeights(model.bestEpoch()),
                List.of())) {
      float[] network = drawn.values().clone();
      model.normaliser().normalise(network);
      float[] expected =
          classifier
              .logits(
                  new LabelledWindows(
                      model.spec().steps(), CHANNELS, 2, network, drawn.mask(), new int[1]))[0];
      Shape shape = Shape.of(1, model.spec().steps(), CHANNELS);
      Map<String, Tensor> inputs =
          Map.of(
              "values", TFloat32.tensorOf(shape, DataBuffers.of(drawn.values())),
              "mask", TBool.tensorOf(shape, DataBuffers.of(drawn.mask())));
      try (Result result = bundle.function("serving_default").call(inputs)) {
        TFloat32 logits = (TFloat32) result.get("logits").orElseThrow();
        assertThat((double) logits.getFloat(0, 0), closeTo(expected[0], 1e-4));
        assertThat((double) logits.getFloat(0, 1), closeTo(expected[1], 1e-4));
      }
    }
  }

  private static float[] noise(int size, long id, int number) {
    float[] noise = new float[size];
    Seeds.fillGaussian(noise, 0, size, CONFIG.seed(), "sampling noise", id, number);
    return noise;
  }

  @Test
  void denoiserHasABitForEachChannel() {
    assertThat(cohort.isFullyObserved(), is(false));
    assertThat(model.isMasked(), is(true));
    assertThat(model.hasStatics(), is(false));
    assertThat(sampler.draw(Steer.by(Guidance.none()), 0, 0, 1).get(0).statics().length, is(0));
    assertThat(model.layout().width(), is(2 * CHANNELS));
    assertThat(TarDiffModel.open(TinyRun.model(shared.resolve("filled"))).isMasked(), is(false));
  }

  @Test
  void classifierCannotReadMasksThatSamplesWillNotHave() {
    TrainingConfig filled =
        TRAINING.withDenoiser(TRAINING.denoiser().withMissingness(Missingness.FILLED));

    assertThat(
        assertThrows(IllegalArgumentException.class, () -> TrainModels.check(cohort, filled))
            .getMessage(),
        containsString("classifierInputs must be values, because samples will have no masks"));
  }
}
