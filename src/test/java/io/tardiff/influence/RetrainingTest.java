package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;

import io.tardiff.tensorflow.Differences;
import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Layers.Order;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;

/**
 * Compares J with actual retraining: one step of gradient descent on a window lowers the guidance
 * loss by {@code lr J}, and by more after the window has climbed J.
 */
final class RetrainingTest {
  private static final int SIZE = 24;
  private static final int STEPS = 3;
  private static final int CHANNELS = 2;
  private static final int STRIDE = STEPS * CHANNELS;
  private static final double RATE = 1e-3;

  @ParameterizedTest
  @ValueSource(strings = {"gru", "cnn", "transformer", "summary"})
  void climbingInfluenceLowersTheGuidanceLossOfTheRetrainedClassifier(String kind) {
    ClassifierConfig config = ClassifierConfig.forName(kind).withHidden(8).withLayers(1);
    float[] guidance = new float[SIZE * STRIDE];
    Seeds.fillGaussian(guidance, 0, guidance.length, 1, "guidance");
    int[] labels = new int[SIZE];
    double[] oneHot = new double[2 * SIZE];
    for (int i = 0; i < SIZE; i++) {
      labels[i] = i % 3 == 0 ? 1 : 0;
      oneHot[2 * i + labels[i]] = 1;
      // The positive class is high in the first channel.
      guidance[i * STRIDE] += 2 * labels[i];
    }
    double[] guidanceValues = new double[guidance.length];
    for (int i = 0; i < guidance.length; i++) {
      guidanceValues[i] = guidance[i];
    }

    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Parameters<TFloat64> phi = new Parameters<>(tf, TFloat64.class);
    Parameters<TFloat64> direction = new Parameters<>(tf, TFloat64.class);
    TargetClassifier<TFloat64> classifier =
        new TargetClassifier<>(tf, TFloat64.class, phi, config, 2, Order.FIRST);
    Placeholder<TFloat64> z =
        tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(1, STEPS, CHANNELS)));
    Operand<TFloat64> label = tf.dtypes.cast(tf.constant(new float[][] {{0, 1}}), TFloat64.class);
    Influence<TFloat64> influence =
        new Influence<>(tf, TFloat64.class, classifier, phi, direction, z, label);
    Operand<TFloat64> candidateLoss =
        tf.sum(classifier.losses(classifier.logits(z), label), tf.constant(0));
    List<Operand<TFloat64>> candidateGradient =
        new GradientTape<>(tf, TFloat64.class).gradient(candidateLoss, phi.values());
    Placeholder<TFloat64> g =
        tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(SIZE, STEPS, CHANNELS)));
    Placeholder<TFloat64> gLabels =
        tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(SIZE, 2)));
    Operand<TFloat64> guidanceLoss =
        tf.math.mean(classifier.losses(classifier.logits(g), gLabels), tf.constant(0));

    try (GraphSession session = new GraphSession(graph)) {
      Weights weights = Differences.randomWeights(phi, 0.3, 1);
      GuidanceDirection toward =
          GuidanceDirection.of(
              config, 8, 2, weights, STEPS, CHANNELS, guidance, labels, GuidanceOver.ALL, 1);
      direction.load(session, toward.direction());

      double[] window = Differences.gaussian(STRIDE, 5);
      double[] drops = new double[4];
      for (int climb = 0; climb < drops.length; climb++) {
        phi.load(session, weights);
        double before = loss(session, guidanceLoss, g, guidanceValues, gLabels, oneHot);
        double j = session.step().feed(z, window).fetch(influence.values()).runDoubles()[0][0];
        double[] uphill =
            session.step().feed(z, window).fetch(influence.gradient()).runDoubles()[0];
        float[][] step = session.step().feed(z, window).fetch(candidateGradient).run();
        phi.load(session, retrained(weights, step));
        double after = loss(session, guidanceLoss, g, guidanceValues, gLabels, oneHot);
        drops[climb] = before - after;
        // G has length 1, so J has to be multiplied by the length of the mean gradient.
        double predicted = RATE * j * toward.norm();
        assertThat(
            "drop after " + climb + " climbs",
            drops[climb],
            closeTo(predicted, 0.02 * Math.abs(predicted) + 1e-6));
        for (int i = 0; i < STRIDE; i++) {
          window[i] += 2 * uphill[i];
        }
      }
      for (int climb = 1; climb < drops.length; climb++) {
        assertThat(drops[climb], greaterThan(drops[climb - 1]));
      }
    }
  }

  private static Weights retrained(Weights weights, float[][] gradient) {
    List<Weights.Weight> moved = new ArrayList<>();
    for (Weights.Weight weight : weights.all()) {
      float[] values = weight.values().clone();
      float[] along = gradient[moved.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] -= (float) (RATE * along[i]);
      }
      moved.add(new Weights.Weight(weight.name(), weight.shape(), values));
    }
    return Weights.of(moved);
  }

  private static double loss(
      GraphSession session,
      Operand<TFloat64> loss,
      Placeholder<TFloat64> x,
      double[] values,
      Placeholder<TFloat64> oneHot,
      double[] hot) {
    return session.step().feed(x, values).feed(oneHot, hot).fetch(loss).runDoubles()[0][0];
  }
}
