package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;

import io.tardiff.tensorflow.GraphSession;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class ClassifierInputsTest {
  private static final int STEPS = 4;
  private static final int CHANNELS = 2;

  // Two windows. The first channel of the first is observed at steps 1 and 3, the second never.
  private static final float[] VALUES = {10, 20, 11, 21, 12, 22, 13, 23, 0, 1, 2, 3, 4, 5, 6, 7};
  private static final boolean[] MASK = {
    false, false, true, false, false, false, true, false, //
    true, true, true, true, true, true, false, true
  };

  @Test
  void valuesAreReadAsTheyAre() {
    assertThat(ClassifierInputs.VALUES.of(STEPS, CHANNELS, VALUES, MASK), is(VALUES));
  }

  @Test
  void bitsFollowValues() {
    float[] inputs = ClassifierInputs.VALUES_MASK.of(STEPS, CHANNELS, VALUES, MASK);

    assertThat(inputs.length, is(32));
    assertThat(step(inputs, 0, 4), is(new float[] {10, 20, -1, -1}));
    assertThat(step(inputs, 1, 4), is(new float[] {11, 21, 1, -1}));
    assertThat(step(inputs, 7, 4), is(new float[] {6, 7, -1, 1}));
  }

  /** At an observed step, the time is that since the observation before it (Che et al., 2018). */
  @Test
  void timesBeginAnewAfterAnObservation() {
    float[] inputs = ClassifierInputs.VALUES_MASK_TIME.of(STEPS, CHANNELS, VALUES, MASK);

    double[][] expected = {
      {0, 0}, {0.25, 0.25}, {0.25, 0.5}, {0.5, 0.75}, // first window
      {0, 0}, {0.25, 0.25}, {0.25, 0.25}, {0.25, 0.25} // second window
    };
    for (int i = 0; i < expected.length; i++) {
      float[] step = step(inputs, i, 6);
      assertThat((double) step[4], closeTo(expected[i][0], 1e-6));
      assertThat((double) step[5], closeTo(expected[i][1], 1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource
  void someOfTheWindowsAreReadAlike(ClassifierInputs inputs) {
    float[] all = inputs.of(STEPS, CHANNELS, VALUES, MASK);
    float[] second = new float[all.length / 2];
    inputs.write(STEPS, CHANNELS, VALUES, MASK, 8, 16, second);

    assertThat(second, is(Arrays.copyOfRange(all, all.length / 2, all.length)));
  }

  @ParameterizedTest
  @EnumSource
  void graphReadsTheSame(ClassifierInputs inputs) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Shape shape = Shape.of(2, STEPS, CHANNELS);
    Placeholder<TFloat32> values = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    Placeholder<TFloat32> bits = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    float[] signs = new float[MASK.length];
    IntStream.range(0, signs.length).forEach(i -> signs[i] = MASK[i] ? 1 : -1);
    try (GraphSession session = new GraphSession(graph)) {
      float[] read =
          session
              .step()
              .feed(values, VALUES)
              .feed(bits, signs)
              // What is fed cannot be fetched.
              .fetch(tf.identity(ClassifierInputOps.of(tf, inputs, values, bits)))
              .run()[0];
      float[] expected = inputs.of(STEPS, CHANNELS, VALUES, MASK);
      assertThat(read.length, is(expected.length));
      for (int i = 0; i < read.length; i++) {
        assertThat((double) read[i], closeTo(expected[i], 1e-6));
      }
    }
  }

  private static float[] step(float[] inputs, int step, int width) {
    return Arrays.copyOfRange(inputs, step * width, (step + 1) * width);
  }
}
