package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.tardiff.TinyRun;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.generation.GuidedSampler.Drawn;
import io.tardiff.influence.Guidance;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.FittedClassifier;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

class ExportSavedModelsTest {
  private static final int BATCH = 8;
  private static final int STEPS = 12;
  private static final int CHANNELS = 3;
  private static final Shape WINDOWS = Shape.of(BATCH, STEPS, CHANNELS);
  private static final GenerationConfig CONFIG =
      GenerationConfig.defaults().withSamplingBatch(BATCH).withSamplingSteps(6).withSeed(5);

  @TempDir static Path shared;
  private static TarDiffModel model;
  private static Path saved;

  @BeforeAll
  static void export() {
    model = TarDiffModel.open(TinyRun.model(shared.resolve("model")));
    saved = shared.resolve("savedmodel");
    export(saved);
  }

  private static void export(Path directory) {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(model))
        .apply(ExportSavedModels.to(directory.toString()).withConfig(CONFIG));
    pipeline.run().waitUntilFinish();
  }

  /** Uses only the files and the documented signatures, like another program. */
  @ParameterizedTest
  @EnumSource(
      value = Guidance.Rule.class,
      names = {"MOMENT", "CANDIDATES"},
      mode = EnumSource.Mode.EXCLUDE)
  void savedSamplerDrawsTheSamplesOfThePipeline(Guidance.Rule rule) throws IOException {
    boolean guided = rule != Guidance.Rule.NONE;
    Guidance guidance = guided ? Guidance.of(rule, 0.1) : Guidance.none();
    List<Drawn> expected;
    try (GuidedSampler sampler = new GuidedSampler(model, CONFIG)) {
      expected = sampler.draw(GuidedSampler.Steer.by(guidance), 1, 40, BATCH);
    }
    JsonNode description = new ObjectMapper().readTree(saved.resolve("savedmodel.json").toFile());
    int[] labels = new int[BATCH];
    Arrays.fill(labels, 1);
    float[] values;
    try (SavedModelBundle bundle = SavedModelBundle.load(saved.resolve("sampler").toString())) {
      float[] first = noise(0);
      double[] x = new double[first.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = first[i];
      }
      for (int step = 0; step < description.get("sampling_steps").asInt(); step++) {
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("x", TFloat64.tensorOf(WINDOWS, DataBuffers.of(x)));
        inputs.put("noise", TFloat32.tensorOf(WINDOWS, DataBuffers.of(noise(step + 1))));
        inputs.put("label", TInt32.vectorOf(labels));
        inputs.put("step", TInt32.scalarOf(step));
        if (guided) {
          inputs.put("scale", TFloat64.scalarOf(0.1));
        }
        x = doubles(bundle, guided ? rule.label() : "unguided", inputs, "x");
      }
      values =
          floats(
              bundle,
              "clinical",
              Map.of("x", TFloat64.tensorOf(WINDOWS, DataBuffers.of(x))),
              "values");
    }
    for (int i = 0; i < BATCH; i++) {
      float[] window = Arrays.copyOfRange(values, i * 36, (i + 1) * 36);
      for (int j = 0; j < window.length; j++) {
        float value = expected.get(i).values()[j];
        // Constant weights may change the last bit.
        assertThat((double) window[j], is(closeTo(value, 1e-6 * Math.abs(value))));
      }
    }
  }

  private static float[] noise(int number) {
    float[] noise = new float[BATCH * STEPS * CHANNELS];
    for (int i = 0; i < BATCH; i++) {
      Seeds.fillGaussian(noise, i * 36, 36, CONFIG.seed(), "sampling noise", 40 + i, number);
    }
    return noise;
  }

  @Test
  void savedClassifierTakesClinicalValuesInAnyBatchSize() {
    LabelledWindows windows = windows(5);
    float[] clinical = windows.values().clone();
    model.normaliser().denormalise(clinical);
    float[][] expected;
    try (FittedClassifier classifier =
        FittedClassifier.restore(
            model.classifierTraining(),
            STEPS,
            CHANNELS,
            2,
            model.classifierWeights(model.bestEpoch()),
            List.of())) {
      expected = classifier.logits(windows);
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(saved.resolve("classifier").toString())) {
      Map<String, Tensor> inputs =
          Map.of(
              "values", TFloat32.tensorOf(Shape.of(5, STEPS, CHANNELS), DataBuffers.of(clinical)));
      float[] logits = floats(bundle, "serving_default", inputs, "logits");
      float[] probabilities = floats(bundle, "serving_default", inputs, "probabilities");
      for (int i = 0; i < 5; i++) {
        double odds = Math.exp(expected[i][1] - expected[i][0]);
        assertThat((double) logits[2 * i], is(closeTo(expected[i][0], 1e-4)));
        assertThat((double) logits[2 * i + 1], is(closeTo(expected[i][1], 1e-4)));
        assertThat((double) probabilities[2 * i + 1], is(closeTo(odds / (1 + odds), 1e-4)));
      }
    }
  }

  /** Recomputes the first step of the unguided sampler from the noise of the denoiser. */
  @Test
  void savedDenoiserPredictsTheNoiseOfTheSampler() {
    var step = GuidedSampler.process(model, CONFIG).steps().get(0);
    float[] x = noise(0);
    double[] initial = new double[x.length];
    int[] labels = new int[BATCH];
    int[] noiseSteps = new int[BATCH];
    Arrays.fill(noiseSteps, step.noiseStep());
    float[] predicted;
    double[] next;
    for (int i = 0; i < x.length; i++) {
      initial[i] = x[i];
    }
    try (SavedModelBundle denoiser = SavedModelBundle.load(saved.resolve("denoiser").toString());
        SavedModelBundle sampler = SavedModelBundle.load(saved.resolve("sampler").toString())) {
      predicted =
          floats(
              denoiser,
              "serving_default",
              Map.of(
                  "x", TFloat32.tensorOf(WINDOWS, DataBuffers.of(x)),
                  "noise_step", TInt32.vectorOf(noiseSteps),
                  "label", TInt32.vectorOf(labels)),
              "noise");
      next =
          doubles(
              sampler,
              "unguided",
              Map.of(
                  "x", TFloat64.tensorOf(WINDOWS, DataBuffers.of(initial)),
                  "noise", TFloat32.tensorOf(WINDOWS, DataBuffers.of(new float[x.length])),
                  "label", TInt32.vectorOf(labels),
                  "step", TInt32.scalarOf(0)),
              "x");
    }
    float[] low = model.normaliser().low();
    float[] high = model.normaliser().high();
    for (int i = 0; i < x.length; i++) {
      double clean = (initial[i] - step.noise() * predicted[i]) / step.signal();
      clean = Math.max(low[i % CHANNELS], Math.min(high[i % CHANNELS], clean));
      assertThat(
          next[i], is(closeTo(step.fromClean() * clean + step.fromNoisy() * initial[i], 1e-4)));
    }
  }

  @Test
  void describesTheModelsAndIsDeterministic() throws IOException {
    JsonNode json = new ObjectMapper().readTree(saved.resolve("savedmodel.json").toFile());
    assertThat(json.get("channels").findValuesAsText("name"), is(List.of("HR", "SBP", "RR")));
    assertThat(json.get("model_id").asText(), is(model.id()));
    assertThat(json.get("noise_steps").asInt(), is(50));
    assertThat(
        ImmutableList.copyOf(json.fieldNames()),
        is(
            List.of(
                "model_id",
                "steps",
                "step_minutes",
                "channels",
                "classes",
                "noise_steps",
                "sampling_steps",
                "eta",
                "variance_correction",
                "classifier_epoch")));

    Path again = shared.resolve("again");
    export(again);
    Map<String, byte[]> files = TinyRun.files(saved);
    assertThat(files.size(), is(4));
    for (String name : files.keySet()) {
      assertThat(name, Files.readAllBytes(again.resolve(name)), is(files.get(name)));
    }
  }

  /** Windows of noise, in network units. */
  private static LabelledWindows windows(int size) {
    float[] values = new float[size * STEPS * CHANNELS];
    Seeds.fillGaussian(values, 0, values.length, 3, "windows");
    return new LabelledWindows(STEPS, CHANNELS, 2, values, new int[size]);
  }

  private static float[] floats(
      SavedModelBundle bundle, String signature, Map<String, Tensor> inputs, String output) {
    try (Result result = bundle.function(signature).call(inputs)) {
      TFloat32 tensor = (TFloat32) result.get(output).orElseThrow();
      float[] values = new float[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asFloats().read(values);
      return values;
    }
  }

  private static double[] doubles(
      SavedModelBundle bundle, String signature, Map<String, Tensor> inputs, String output) {
    try (Result result = bundle.function(signature).call(inputs)) {
      TFloat64 tensor = (TFloat64) result.get(output).orElseThrow();
      double[] values = new double[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asDoubles().read(values);
      return values;
    }
  }
}
