package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

final class MovingAverageTest {
  private static final double DECAY = 0.3;

  /** The gradient of w is 1, so Adam subtracts the learning rate at every step. */
  @Test
  void followsTheUpdatedWeights() {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Parameters<TFloat32> weights = new Parameters<>(tf, TFloat32.class);
    Operand<TFloat32> w = weights.get("w", Initialiser.constant(4), 2);
    GradientTape<TFloat32> tape = new GradientTape<>(tf, TFloat32.class);
    Adam<TFloat32> adam =
        new Adam<>(
            tf,
            TFloat32.class,
            weights,
            tape.gradient(tf.sum(w, tf.constant(0)), weights.values()));
    Parameters<TFloat32> average = new Parameters<>(tf, TFloat32.class);
    average.mirror(weights);
    MovingAverage<TFloat32> moving = new MovingAverage<>(tf, TFloat32.class, average, adam);
    try (GraphSession session = new GraphSession(graph)) {
      weights.initialise(session, 1);
      adam.slots().initialise(session, 1);
      average.load(session, weights.save(session));
      double expectedWeight = 4;
      double expectedAverage = 4;
      for (int t = 1; t <= 5; t++) {
        moving.apply(adam.apply(session.step(), t, 0.5), t, DECAY).run();
        expectedWeight -= 0.5;
        // 2/11, 3/12, 4/13 and 5/14 are the limits of the first steps; 4/13 is above the decay.
        double decay = t == 1 ? 2.0 / 11 : t == 2 ? 3.0 / 12 : DECAY;
        expectedAverage = decay * expectedAverage + (1 - decay) * expectedWeight;
        for (Parameters<TFloat32> values : List.of(weights, average)) {
          double expected = values == weights ? expectedWeight : expectedAverage;
          for (float value : values.save(session).get("w").values()) {
            assertThat("step " + t, (double) value, closeTo(expected, 1e-4));
          }
        }
      }
    }
  }
}
