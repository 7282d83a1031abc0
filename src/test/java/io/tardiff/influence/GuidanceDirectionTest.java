package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.tensorflow.GradientTape;
import io.tardiff.tensorflow.GraphSession;
import io.tardiff.tensorflow.Layers.Order;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

final class GuidanceDirectionTest {
  private static final int SIZE = 37;
  private static final int STEPS = 3;
  private static final int CHANNELS = 2;
  private static final ClassifierConfig CONFIG =
      ClassifierConfig.forName("cnn").withHidden(8).withLayers(1);

  private final float[] values = gaussian(SIZE, 1);
  private final int[] labels = labels(SIZE);
  private final Weights weights = weights();

  private static float[] gaussian(int size, long seed) {
    float[] values = new float[size * STEPS * CHANNELS];
    Seeds.fillGaussian(values, 0, values.length, seed, "guidance");
    return values;
  }

  private static int[] labels(int size) {
    int[] labels = new int[size];
    Arrays.setAll(labels, i -> i % 4 == 0 ? 1 : 0);
    return labels;
  }

  private static Weights weights() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Parameters<TFloat32> phi = new Parameters<>(tf, TFloat32.class);
      TargetClassifier<TFloat32> classifier =
          new TargetClassifier<>(tf, TFloat32.class, phi, CONFIG, 2, Order.FIRST);
      classifier.logits(
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, STEPS, CHANNELS))));
      return phi.initial(1);
    }
  }

  private GuidanceDirection of(int batch, GuidanceOver over) {
    return GuidanceDirection.of(
        CONFIG, batch, 2, weights, STEPS, CHANNELS, values, labels, over, 1);
  }

  /** The mean gradient from a single batch that holds the whole set. */
  private double[] inOneBatch(GuidanceOver over) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Parameters<TFloat32> phi = new Parameters<>(tf, TFloat32.class);
    TargetClassifier<TFloat32> classifier =
        new TargetClassifier<>(tf, TFloat32.class, phi, CONFIG, 2, Order.FIRST);
    Placeholder<TFloat32> x =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(SIZE, STEPS, CHANNELS)));
    float[][] oneHot = new float[SIZE][2];
    float[] shares = new float[SIZE];
    int ones = Arrays.stream(labels).sum();
    for (int i = 0; i < SIZE; i++) {
      oneHot[i][labels[i]] = 1;
      shares[i] =
          over == GuidanceOver.ALL ? 1f / SIZE : 0.5f / (labels[i] == 1 ? ones : SIZE - ones);
    }
    Operand<TFloat32> losses = classifier.losses(classifier.logits(x), tf.constant(oneHot));
    GradientTape<TFloat32> tape = new GradientTape<>(tf, TFloat32.class);
    List<Operand<TFloat32>> gradients =
        tape.gradient(tape.dot(List.of(losses), List.of(tf.constant(shares))), phi.values());
    try (GraphSession session = new GraphSession(graph)) {
      phi.load(session, weights);
      return flat(session.step().feed(x, values).fetch(gradients).run());
    }
  }

  private static double[] flat(float[][] parts) {
    return Arrays.stream(parts)
        .flatMapToDouble(p -> IntStream.range(0, p.length).mapToDouble(i -> p[i]))
        .toArray();
  }

  private static double[] flat(Weights weights) {
    return flat(weights.all().stream().map(Weights.Weight::values).toArray(float[][]::new));
  }

  @ParameterizedTest
  @EnumSource(GuidanceOver.class)
  void isTheMeanGradientForAnyBatchSize(GuidanceOver over) {
    double[] mean = inOneBatch(over);
    double norm = Math.sqrt(Arrays.stream(mean).map(v -> v * v).sum());
    double[] unit = Arrays.stream(mean).map(v -> v / norm).toArray();
    // Batch sizes that divide a part, that need padding, and that exceed the set.
    for (int batch : new int[] {1, 2, 5, 64}) {
      GuidanceDirection direction = of(batch, over);
      assertThat(direction.norm(), closeTo(norm, 1e-6));
      assertArrayEquals(unit, flat(direction.direction()), 1e-5);
    }
  }

  @Test
  void hasLengthOne() {
    double[] direction = flat(of(8, GuidanceOver.ALL).direction());
    assertThat(Arrays.stream(direction).map(v -> v * v).sum(), closeTo(1, 1e-6));
  }

  @Test
  void sameSeedSameNumbers() {
    GuidanceDirection one = of(8, GuidanceOver.ALL);
    GuidanceDirection two = of(8, GuidanceOver.ALL);
    assertEquals(one.signal(), two.signal());
    assertArrayEquals(flat(one.direction()), flat(two.direction()));
  }

  /**
   * If all windows are equal, all halves have the same gradient; if labels are random, halves
   * disagree.
   */
  @Test
  void signalDistinguishesADirectionFromNoise() {
    int size = 200;
    float[] same = new float[size * STEPS * CHANNELS];
    Arrays.fill(same, 0.5f);
    int[] ones = new int[size];
    Arrays.fill(ones, 1);
    GuidanceDirection clear =
        GuidanceDirection.of(
            CONFIG, 50, 2, weights, STEPS, CHANNELS, same, ones, GuidanceOver.ALL, 1);
    assertThat(clear.signal(), greaterThan(0.999));

    // With a zero head every probability is one half; with balanced classes that do not differ, the
    // gradient is pure chance.
    List<Weights.Weight> undecided = new ArrayList<>();
    for (Weights.Weight weight : weights.all()) {
      float[] numbers =
          weight.name().startsWith("head") ? new float[weight.values().length] : weight.values();
      undecided.add(new Weights.Weight(weight.name(), weight.shape(), numbers));
    }
    int[] coin = new int[size];
    Arrays.setAll(coin, i -> i % 2);
    GuidanceDirection noise =
        GuidanceDirection.of(
            CONFIG,
            50,
            2,
            Weights.of(undecided),
            STEPS,
            CHANNELS,
            gaussian(size, 2),
            coin,
            GuidanceOver.ALL,
            1);
    assertThat(noise.signal(), lessThan(0.3));
  }

  @Test
  void errorsSayWhatIsWrong() {
    assertThat(
        error(new float[6], new int[] {1}, GuidanceOver.ALL).getMessage(),
        containsString("must hold at least 2 windows, held 1"));
    assertThat(
        error(new float[11], new int[] {1, 0}, GuidanceOver.ALL).getMessage(),
        containsString("values must hold 12 numbers, were 11"));
    assertThat(
        error(new float[12], new int[] {1, 2}, GuidanceOver.ALL).getMessage(),
        containsString("labels must be from 0 to 1, one was 2"));
    assertThat(
        error(new float[12], new int[] {1, 1}, GuidanceOver.BALANCED).getMessage(),
        containsString("must hold every class to be balanced, held [0, 2] by class"));
    float[] broken = new float[12];
    broken[3] = Float.NaN;
    assertThat(
        error(broken, new int[] {1, 0}, GuidanceOver.ALL).getMessage(),
        containsString("length above 0"));
    Exception e = assertThrows(IllegalArgumentException.class, () -> GuidanceOver.of("some"));
    assertThat(e.getMessage(), containsString("must be all or balanced, was some"));
  }

  private Exception error(float[] windows, int[] classes, GuidanceOver over) {
    return assertThrows(
        IllegalArgumentException.class,
        () ->
            GuidanceDirection.of(
                CONFIG, 128, 2, weights, STEPS, CHANNELS, windows, classes, over, 1));
  }
}
