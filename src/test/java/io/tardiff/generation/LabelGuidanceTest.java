package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.generation.GuidedSampler.Drawn;
import io.tardiff.generation.GuidedSampler.Steer;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Guidance.Rule;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TarDiffModel;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Classifier-free guidance of a model that also learned from windows without a label. */
class LabelGuidanceTest {
  private static final GenerationConfig CONFIG =
      GenerationConfig.defaults().withSamplingBatch(16).withSamplingSteps(4).withSeed(5);
  private static final double WEIGHT = 2.5;

  @TempDir static Path directory;
  private static TarDiffModel model;
  private static GuidedSampler guided;
  private static GuidedSampler plain;

  @BeforeAll
  static void train() {
    String cohort = TinyRun.unlabelledCohort(directory.resolve("cohort"));
    model = TarDiffModel.open(TinyRun.model(cohort, TinyRun.TRAINING, directory.resolve("model")));
    guided = new GuidedSampler(model, Steers.byEveryRule(CONFIG).withLabelGuidance(WEIGHT));
    plain = new GuidedSampler(model, Steers.byEveryRule(CONFIG));
  }

  @AfterAll
  static void close() {
    guided.close();
    plain.close();
  }

  @Test
  void weightMovesSamples() {
    assertThat(
        values(guided, Steer.by(Guidance.none())),
        is(not(values(plain, Steer.by(Guidance.none())))));
  }

  @ParameterizedTest
  @EnumSource(value = Rule.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void composesWithEveryRule(Rule rule) {
    List<Float> unguided = values(guided, Steer.by(Guidance.none()));
    if (rule != Rule.CANDIDATES) {
      assertThat(values(guided, Steers.by(rule, 0, model)), is(unguided));
      assertThat(values(guided, Steers.by(rule, 0.5, model)), is(not(unguided)));
    }
    Steer steer = Steers.by(rule, 0.5, model);
    List<Drawn> together = guided.draw(steer, 0, 100, 16);
    assertThat(guided.draw(steer, 0, 107, 1).get(0).values(), is(together.get(7).values()));
  }

  @Test
  void setsAreReplayedWithTheirWeight() {
    GenerationConfig config =
        CONFIG.withLabelGuidance(WEIGHT).withLabels(LabelMix.parse("0=5,1=4"));
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(model))
        .apply(GenerateSyntheticEhr.to(directory.resolve("sets").toString()).withConfig(config));
    pipeline.run().waitUntilFinish();
    SyntheticSet set = SyntheticSet.open(directory.resolve("sets/none").toString());

    for (Replay.Sample sample : Replay.of(set, model).samples(List.of(0L, 4L, 7L))) {
      assertThat(sample.outcome(), is(Replay.Outcome.SAME));
    }
    assertThat(
        GenerationConfig.settings().toJson(config).toString(),
        containsString("\"label_guidance\":2.5"));
    assertThat(
        GenerationConfig.settings().toJson(CONFIG).toString(),
        not(containsString("label_guidance")));
  }

  @Test
  void modelWithoutNullClassIsRejected() {
    TarDiffModel other = TarDiffModel.open(TinyRun.model(directory.resolve("other")));
    Exception thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> new GuidedSampler(other, CONFIG.withLabelGuidance(2)));
    assertThat(thrown.getMessage(), containsString("no null class"));
  }

  @Test
  void weightMustBePositive() {
    for (double weight : new double[] {0, -1, 101, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> CONFIG.withLabelGuidance(weight));
    }
  }

  private static List<Float> values(GuidedSampler sampler, Steer steer) {
    List<Float> values = new java.util.ArrayList<>();
    for (float value : sampler.draw(steer, 1, 0, 1).get(0).values()) {
      values.add(value);
    }
    return values;
  }
}
