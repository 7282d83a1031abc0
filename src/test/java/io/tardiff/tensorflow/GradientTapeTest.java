package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;

final class GradientTapeTest {
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final GradientTape<TFloat64> tape = new GradientTape<>(tf, TFloat64.class);
  private final ForwardAccumulator<TFloat64> accumulator =
      new ForwardAccumulator<>(tf, TFloat64.class);
  private final Placeholder<TFloat64> x =
      tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(3)));
  private final Placeholder<TFloat64> other =
      tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(3)));
  private final GraphSession session = new GraphSession(graph);

  @AfterEach
  void close() {
    session.close();
  }

  private Operand<TFloat64> total(Operand<TFloat64> operand) {
    return tf.sum(operand, tf.constant(0));
  }

  private double[] at(Operand<TFloat64> operand, double... values) {
    return session.step().feed(x, values).fetch(operand).runDoubles()[0];
  }

  @Test
  void nestsToAnyOrder() {
    // x^3 - 2x: 3x^2 - 2, 6x, 6
    Operand<TFloat64> cube = tf.math.mul(x, tf.math.mul(x, x));
    Operand<TFloat64> y = total(tf.math.sub(cube, tf.math.add(x, x)));
    Operand<TFloat64> first = tape.gradient(y, x);
    Operand<TFloat64> second = tape.gradient(total(first), x);
    Operand<TFloat64> third = tape.gradient(total(second), x);
    assertArrayEquals(new double[] {1, 10, 25}, at(first, 1, 2, -3), 1e-12);
    assertArrayEquals(new double[] {6, 12, -18}, at(second, 1, 2, -3), 1e-12);
    assertArrayEquals(new double[] {6, 6, 6}, at(third, 1, 2, -3), 1e-12);
  }

  @Test
  void dotSumsProductsOfEveryPair() {
    Operand<TFloat64> scalar = total(x);
    Operand<TFloat64> dot = tape.dot(List.of(x, scalar), List.of(x, scalar));
    assertArrayEquals(new double[] {14 + 36}, at(dot, 1, 2, 3), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> tape.dot(List.of(x), List.of(x, scalar)));
  }

  @Test
  void targetMustBeAScalar() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> tape.gradient(x, x));
    assertThat(e.getMessage(), containsString("target must be a scalar"));
  }

  @Test
  void sourceThatTheTargetDoesNotDependOnIsAnError() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> tape.gradient(total(x), other));
    assertThat(e.getMessage(), containsString("target"));
  }

  @Test
  void sourceBehindStopGradientIsAnError() {
    Operand<TFloat64> y = total(tf.math.add(x, tf.stopGradient(other)));
    assertThrows(IllegalArgumentException.class, () -> tape.gradient(y, List.of(x, other)));
  }

  @Test
  void opWithoutAGradientIsAnError() {
    Operand<TFloat64> y = total(tf.math.digamma(x));
    assertThrows(IllegalArgumentException.class, () -> tape.gradient(y, x));
  }

  @Test
  void forwardModeNamesAnOpWithoutARule() {
    Operand<TFloat64> y = tf.math.digamma(x);
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> accumulator.derivative(y, List.of(x), List.of(other)));
    assertThat(e.getMessage(), containsString("of type Digamma has no forward derivative"));
  }

  @Test
  void forwardModeChecksItsDirections() {
    Operand<TFloat64> y = tf.math.square(x);
    assertThrows(
        IllegalArgumentException.class, () -> accumulator.derivative(y, List.of(x), List.of()));
    Exception shape =
        assertThrows(
            IllegalArgumentException.class,
            () -> accumulator.derivative(y, List.of(x), List.of(total(x))));
    assertThat(shape.getMessage(), containsString("direction 0 must be of shape"));
    Exception unreachable =
        assertThrows(
            IllegalArgumentException.class,
            () -> accumulator.derivative(y, List.of(other), List.of(x)));
    assertThat(unreachable.getMessage(), containsString("does not depend"));
  }

  @Test
  void forwardModeDoesNotPassStopGradient() {
    Operand<TFloat64> y = tf.math.mul(tf.stopGradient(x), x);
    Operand<TFloat64> change = accumulator.derivative(y, List.of(x), List.of(other));
    double[] out =
        session.step().feed(x, 1, 2, 3).feed(other, 1, 1, 2).fetch(change).runDoubles()[0];
    assertArrayEquals(new double[] {1, 2, 6}, out, 1e-12);
  }
}
