package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import io.tardiff.diffusion.Prediction;
import io.tardiff.diffusion.ReverseProcess;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.generation.GuidedSampler.Drawn;
import io.tardiff.influence.ClassifierInputs;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Guidance.Rule;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.DenoiserTraining.Missingness;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
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
    sampler = new GuidedSampler(model, CONFIG);
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
      samples.addAll(sampler.draw(Guidance.none(), 0, 64L * batch, 64));
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
    Drawn together = sampler.draw(guidance, 1, 100, 16).get(7);
    Drawn alone = sampler.draw(guidance, 1, 107, 1).get(0);

    assertThat(alone.values(), is(together.values()));
    assertThat(alone.mask(), is(together.mask()));
    assertThat(alone.influenceAfter(), is(together.influenceAfter()));
  }

  @ParameterizedTest
  @EnumSource(value = Rule.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void scaleOfZeroIsTheUnguidedSampler(Rule rule) {
    Drawn unguided = sampler.draw(Guidance.none(), 1, 3, 1).get(0);
    Drawn guided = sampler.draw(rule, 0, 1, 3, 1).get(0);

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
                noiseStep,
                ReverseStep.Coefficients.of(
                    tf,
                    tf.constant(ReverseStep.Coefficients.scalars(last)),
                    tf.constant(last.deviation()))),
            tf.constant(0.5));
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
      Drawn unguided = once.draw(Guidance.none(), 1, 3, 1).get(0);
      Drawn guided = once.draw(Rule.INTERPOLATION, 0.9, 1, 3, 1).get(0);

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

  @Test
  void cohortWithoutGapsGivesFilledWindows() {
    assertThat(cohort.isFullyObserved(), is(false));
    assertThat(model.isMasked(), is(true));
    assertThat(model.denoiserChannels(), is(2 * CHANNELS));
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
