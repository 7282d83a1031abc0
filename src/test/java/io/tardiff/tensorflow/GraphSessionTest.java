package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

final class GraphSessionTest {

  @Test
  void wrongNumberOfValuesIsAnErrorThatNamesTheShape() {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2, 3)));
    try (GraphSession session = new GraphSession(graph)) {
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> session.step().feed(x, new float[5]));
      assertThat(e.getMessage(), containsString("must be fed 6 numbers (shape [2, 3]), was fed 5"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void returnsFetchesInOrderFromManyThreads(boolean rewritten) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
    Operand<TFloat32> doubled = tf.math.add(x, x);
    Operand<TFloat32> squared = tf.math.square(x);
    try (GraphSession session =
        rewritten ? GraphSession.rewritten(graph) : new GraphSession(graph)) {
      IntStream.range(1, 200)
          .parallel()
          .forEach(
              i -> {
                float[][] out =
                    session.step().feed(x, i, -i).fetch(List.of(doubled, squared)).run();
                assertArrayEquals(new float[] {2f * i, -2f * i}, out[0]);
                assertArrayEquals(new float[] {(float) i * i, (float) i * i}, out[1]);
              });
    }
  }

  @Test
  void loadingWeightsOfAnotherShapeNamesTheWeight() {
    Graph graph = new Graph();
    Parameters<TFloat32> parameters = new Parameters<>(Ops.create(graph), TFloat32.class);
    parameters.get("kernel", Initialiser.zeros(), 2, 2);
    try (GraphSession session = new GraphSession(graph)) {
      Weights flat =
          Weights.of(List.of(new Weights.Weight("kernel", new long[] {4}, new float[4])));
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> parameters.load(session, flat));
      assertThat(e.getMessage(), containsString("weight kernel must be of shape [2, 2], was [4]"));
    }
  }

  @Test
  void initialValuesDependOnlyOnSeedAndName() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters<TFloat32> one = new Parameters<>(tf, TFloat32.class);
      one.get("a", Initialiser.fanIn(4), 4);
      Parameters<TFloat32> two = new Parameters<>(tf, TFloat32.class);
      two.get("b", Initialiser.fanIn(4), 4);
      two.get("a", Initialiser.fanIn(4), 4);
      assertArrayEquals(one.initial(3).get("a").values(), two.initial(3).get("a").values());
      assertFalse(
          Arrays.equals(one.initial(3).get("a").values(), two.initial(3).get("b").values()));
      for (float value : one.initial(4).get("a").values()) {
        assertThat(Math.abs(value), lessThanOrEqualTo(0.5f));
      }
    }
  }
}
