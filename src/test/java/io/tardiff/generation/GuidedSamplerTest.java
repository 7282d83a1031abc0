package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.generation.GuidedSampler.Drawn;
import io.tardiff.generation.GuidedSampler.Steer;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Guidance.Rule;
import io.tardiff.training.TarDiffModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuidedSamplerTest {
  private static final GenerationConfig CONFIG =
      GenerationConfig.defaults().withSamplingBatch(16).withSamplingSteps(8).withSeed(5);

  @TempDir static Path shared;
  private static TarDiffModel model;
  private static GuidedSampler sampler;

  @BeforeAll
  static void open() {
    model = TarDiffModel.open(TinyRun.model(shared.resolve("model")));
    sampler = new GuidedSampler(model, Steers.byEveryRule(CONFIG));
  }

  @AfterAll
  static void close() {
    if (sampler != null) {
      sampler.close();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Rule.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void scaleOfZeroIsTheUnguidedSamplerBitForBit(Rule rule) {
    List<Drawn> unguided = sampler.draw(Steer.by(Guidance.none()), 1, 0, 16);
    // Guidance.of would turn this into no guidance; run the guided graph itself.
    List<Drawn> guided = sampler.draw(Steers.by(rule, 0, model), 1, 0, 16);

    for (int i = 0; i < 16; i++) {
      assertThat(guided.get(i).values(), is(unguided.get(i).values()));
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void samplesDoNotDependOnTheirBatch(Rule rule) {
    Steer steer = Steers.by(rule, 0.1, model);
    List<Drawn> together = sampler.draw(steer, 0, 100, 16);
    List<Drawn> alone = sampler.draw(steer, 0, 107, 1);

    assertThat(alone.get(0).values(), is(together.get(7).values()));
    assertThat(alone.get(0).influenceAfter(), is(together.get(7).influenceAfter()));
    assertThat(together.get(8).values(), is(not(together.get(7).values())));
  }

  @Test
  void anotherSeedGivesOtherSamples() {
    try (GuidedSampler other = new GuidedSampler(model, CONFIG.withSeed(6))) {
      assertThat(
          other.draw(Steer.by(Guidance.none()), 0, 0, 1).get(0).values(),
          is(not(sampler.draw(Steer.by(Guidance.none()), 0, 0, 1).get(0).values())));
    }
  }

  @Test
  void anotherLabelGivesOtherSamples() {
    assertThat(
        sampler.draw(Steer.by(Guidance.none()), 0, 0, 1).get(0).values(),
        is(not(sampler.draw(Steer.by(Guidance.none()), 1, 0, 1).get(0).values())));
  }

  @Test
  void meanShiftRaisesTheInfluence() {
    assertThat(
        meanInfluence(Guidance.of(Rule.MEAN_SHIFT, 0.5)),
        greaterThan(meanInfluence(Guidance.none())));
  }

  /** In a single step, (1 - w) x + w g is a straight line in w. */
  @Test
  void interpolationIsLinearInItsScale() {
    try (GuidedSampler once = new GuidedSampler(model, CONFIG.withSamplingSteps(1))) {
      float[] none = inNetworkUnits(once, 0);
      float[] some = inNetworkUnits(once, 0.2);
      float[] twice = inNetworkUnits(once, 0.4);
      double moved = 0;
      // The other channels are rounded.
      for (int i = 0; i < none.length; i += 3) {
        assertThat((double) twice[i] - none[i], closeTo(2 * ((double) some[i] - none[i]), 1e-4));
        // Besides shrinking the window, interpolation moves it along the gradient.
        moved += Math.abs(some[i] - 0.8 * none[i]);
      }
      assertThat(moved, greaterThan(1e-4));
    }
  }

  private static float[] inNetworkUnits(GuidedSampler drawing, double weight) {
    float[] values =
        drawing.draw(Steers.by(Rule.INTERPOLATION, weight, model), 1, 0, 1).get(0).values().clone();
    model.normaliser().normalise(values);
    return values;
  }

  private static double meanInfluence(Guidance guidance) {
    return sampler.draw(Steer.by(guidance), 1, 0, 16).stream()
        .mapToDouble(Drawn::influenceAfter)
        .average()
        .orElseThrow();
  }

  @Test
  void samplesStayWithinTheRangeOfTrain() {
    float[] low = model.normaliser().low().clone();
    float[] high = model.normaliser().high().clone();
    int channels = low.length;
    for (Drawn drawn : sampler.draw(Steer.by(Guidance.none()), 0, 0, 16)) {
      float[] values = drawn.values().clone();
      model.normaliser().normalise(values);
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i] >= low[i % channels] - 1e-3, is(true));
        assertThat(values[i] <= high[i % channels] + 1e-3, is(true));
      }
    }
  }

  @Test
  void errorsNameTheValidValues() {
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> sampler.draw(Steer.by(Guidance.none()), 0, 0, 17))
            .getMessage(),
        containsString("from 1 to 16, was 17"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> new GuidedSampler(model, CONFIG.withGuidanceAt(9)))
            .getMessage(),
        containsString("best or from 1 to 3"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> new GuidedSampler(model, CONFIG.withSamplingSteps(51)))
            .getMessage(),
        containsString("from 1 to 50 (the noise steps), was 51"));
  }
}
