package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.influence.Guidance.Rule;
import io.tardiff.tensorflow.GraphSession;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;

class GuidanceTest {
  private static final double VARIANCE = 0.3;
  private static final double FROM_CLEAN = 0.6;

  /** Two windows of two steps and one channel; the gradient of the second is zero. */
  private static final double[] NEXT = {0.5, -1, 2, 3};

  private static final double[] GRADIENT = {3, -4, 0, 0};

  @Test
  void meanShiftMovesEveryWindowByTheSameLength() {
    double[] moved = move(Rule.MEAN_SHIFT, 0.1);
    double rms = Math.sqrt((9 + 16) / 2.0);

    assertThat(moved[0], is(closeTo(0.5 + 0.1 * VARIANCE * 3 / rms, 1e-12)));
    assertThat(moved[1], is(closeTo(-1 - 0.1 * VARIANCE * 4 / rms, 1e-12)));
    assertThat(moved[2], is(2.0));
    assertThat(moved[3], is(3.0));
  }

  @Test
  void interpolationGoesFromTheWindowToTheGradient() {
    double[] moved = move(Rule.INTERPOLATION, 0.1);

    for (int i = 0; i < moved.length; i++) {
      assertThat(moved[i], is(closeTo(0.9 * NEXT[i] + 0.1 * GRADIENT[i], 1e-12)));
    }
    assertThat(move(Rule.INTERPOLATION, 1), is(GRADIENT));
  }

  @Test
  void momentMovesTheCleanWindow() {
    double[] moved = move(Rule.MOMENT, 0.1);

    for (int i = 0; i < moved.length; i++) {
      assertThat(moved[i], is(closeTo(NEXT[i] + FROM_CLEAN * 0.1 * GRADIENT[i], 1e-12)));
    }
  }

  @Test
  void momentLeavesVeryNoisyAndAlmostCleanWindowsAlone() {
    GuidanceRule moment = Rule.MOMENT.onGraph();

    assertThat(moment.weight(2, 0.08), is(0.0));
    assertThat(moment.weight(2, 0.25), is(closeTo(2 * 0.75, 1e-12)));
    assertThat(moment.weight(2, 0.75), is(closeTo(2 * 0.25, 1e-12)));
    assertThat(moment.weight(2, 0.8), is(0.0));
    assertThat(Rule.MEAN_SHIFT.onGraph().weight(2, 0.08), is(2.0));
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void scaleOfZeroMovesNothing(Rule rule) {
    assertThat(move(rule, 0), is(NEXT));
    assertThat(Guidance.of(rule, 0), is(Guidance.none()));
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void rejectsNegativeAndNonFiniteScales(Rule rule) {
    for (double scale : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(
          assertThrows(IllegalArgumentException.class, () -> rule.check(scale)).getMessage(),
          is("guidanceScale must be finite and at least 0, was " + scale));
    }
  }

  @Test
  void interpolationScaleIsAtMostOne() {
    Rule.MEAN_SHIFT.check(1.5);
    Rule.INTERPOLATION.check(1);
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Guidance.of(Rule.INTERPOLATION, 1.5))
            .getMessage(),
        is("guidanceScale must be at most 1 for interpolation, was 1.5"));
  }

  @Test
  void isNamedByRuleAndScale() {
    assertThat(Guidance.of(Rule.of("mean_shift"), 0.03).name(), is("mean_shift-0.03"));
    assertThat(Guidance.of(Rule.of("interpolation"), 1e-5).name(), is("interpolation-0.00001"));
    assertThat(Guidance.none().name(), is("none"));
    assertThat(
        Guidance.each(Rule.MEAN_SHIFT, List.of(0.01, 0.1)).stream().map(Guidance::name).toList(),
        is(List.of("mean_shift-0.01", "mean_shift-0.1")));
    assertThrows(
        IllegalArgumentException.class, () -> Guidance.each(Rule.MEAN_SHIFT, List.of(0.1, 0.1)));
  }

  private static double[] move(Rule rule, double weight) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Shape windows = Shape.of(2, 2, 1);
    Placeholder<TFloat64> next = tf.placeholder(TFloat64.class, Placeholder.shape(windows));
    Placeholder<TFloat64> gradient = tf.placeholder(TFloat64.class, Placeholder.shape(windows));
    GuidanceRule.Step step =
        new GuidanceRule.Step(tf.constant(VARIANCE), tf.constant(FROM_CLEAN), tf.constant(weight));
    var moved = rule.onGraph().move(tf, next, gradient, step);
    try (GraphSession session = new GraphSession(graph)) {
      return session
          .step()
          .feed(next, NEXT)
          .feed(gradient, GRADIENT)
          .fetch(tf.identity(moved))
          .runDoubles()[0];
    }
  }
}
