package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.cohort.ChannelScale;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.Normalisers;
import io.tardiff.tensorflow.GraphSession;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class NormaliserOpsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"method": "z_score", "shift": [80.1, 120.3], "scale": [17.3, 21.9],
         "min": [30, 40], "max": [190, 230]}
        """,
        """
        {"method": "quantile", "values": [[40, 60.5, 80.25, 130], [90, 110]],
         "scores": [[-2.5, -0.1, 0.7, 3], [-1, 1]]}
        """
      })
  void opsMatchTheNormaliser(String json) throws IOException {
    Normaliser normaliser = Normalisers.fromJson(new ObjectMapper().readTree(json));
    Random random = new Random(1);
    float[] values = new float[3 * 5 * 2];
    for (int i = 0; i < values.length; i++) {
      // Includes values beyond both ends, and a knot.
      values[i] = i == 0 ? 60.5f : (float) (20 + 180 * random.nextDouble());
    }
    float[] inNetworkUnits = values.clone();
    normaliser.normalise(inNetworkUnits);
    float[] back = inNetworkUnits.clone();
    normaliser.denormalise(back);

    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Operand<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(3, 5, 2)));
    NormaliserOps ops = new NormaliserOps(tf, normaliser);
    Operand<TFloat32> normalised = ops.normalise(x);
    Operand<TFloat32> denormalised = ops.denormalise(x);
    try (GraphSession session = new GraphSession(graph)) {
      assertThat(session.step().feed(x, values).fetch(normalised).run()[0], is(inNetworkUnits));
      assertThat(session.step().feed(x, inNetworkUnits).fetch(denormalised).run()[0], is(back));
    }
  }

  @Test
  void roundingMatchesTheScales() {
    List<ChannelScale> scales =
        List.of(
            new ChannelScale(1, 40, 180), ChannelScale.CONTINUOUS, new ChannelScale(0.1, 21, 180));
    Random random = new Random(1);
    float[] values = new float[4 * 5 * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == 0 ? 60.5f : (float) (20 + 180 * random.nextDouble());
    }
    float[] rounded = values.clone();
    ChannelScale.round(scales, rounded);

    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Operand<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(4, 5, 3)));
    Operand<TFloat32> out = SavedNetworks.round(tf, scales, x);
    try (GraphSession session = new GraphSession(graph)) {
      assertThat(session.step().feed(x, values).fetch(out).run()[0], is(rounded));
    }
    assertThat(
        SavedNetworks.round(tf, Collections.nCopies(3, ChannelScale.CONTINUOUS), x),
        sameInstance(x));
  }
}
