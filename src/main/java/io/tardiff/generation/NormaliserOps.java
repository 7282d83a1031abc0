package io.tardiff.generation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.Normalisers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** A {@link Normaliser} as TensorFlow ops, for exported graphs, in float64 as in Java. */
final class NormaliserOps {
  private final Ops tf;
  private final JsonNode json;

  NormaliserOps(Ops tf, Normaliser normaliser) {
    this.tf = tf;
    this.json = Normalisers.toJson(normaliser);
  }

  /** Converts clinical units to network units, {@code [batch, steps, channels]}. */
  Operand<TFloat32> normalise(Operand<TFloat32> x) {
    Operand<TFloat64> values = tf.dtypes.cast(x, TFloat64.class);
    return tf.dtypes.cast(
        isAffine()
            ? tf.math.div(tf.math.sub(values, row("shift")), row("scale"))
            : interpolate(values, "values", "scores"),
        TFloat32.class);
  }

  /** Converts network units to clinical units, {@code [batch, steps, channels]}. */
  Operand<TFloat32> denormalise(Operand<TFloat32> x) {
    Operand<TFloat64> values = tf.dtypes.cast(x, TFloat64.class);
    return tf.dtypes.cast(
        isAffine()
            ? tf.math.add(tf.math.mul(values, row("scale")), row("shift"))
            : interpolate(values, "scores", "values"),
        TFloat32.class);
  }

  private boolean isAffine() {
    return json.has("shift");
  }

  private Operand<TFloat64> row(String field) {
    return tf.constant(doubles(json.required(field)));
  }

  /** Interpolates linearly between the knots of each channel. */
  private Operand<TFloat64> interpolate(Operand<TFloat64> x, String from, String to) {
    long channels = x.shape().get(2);
    List<Operand<TFloat64>> mapped = new ArrayList<>();
    List<Operand<TFloat64>> columns =
        new ArrayList<>(
            tf.<TFloat64>unstack(
                    tf.reshape(x, tf.constant(new long[] {-1, channels})),
                    channels,
                    Unstack.axis(1L))
                .output());
    for (int c = 0; c < channels; c++) {
      double[] knots = doubles(json.required(from).get(c));
      double[] images = doubles(json.required(to).get(c));
      Operand<TFloat64> column = columns.get(c);
      Operand<TInt32> atMost =
          tf.reshape(
              tf.upperBound(
                  tf.expandDims(tf.constant(knots), tf.constant(0)),
                  tf.expandDims(column, tf.constant(0))),
              tf.constant(new int[] {-1}));
      Operand<TInt32> piece =
          tf.math.maximum(
              tf.constant(0),
              tf.math.minimum(tf.constant(knots.length - 2), tf.math.sub(atMost, tf.constant(1))));
      Operand<TInt32> end = tf.math.add(piece, tf.constant(1));
      Operand<TFloat64> share =
          tf.math.div(
              tf.math.sub(column, at(knots, piece)), tf.math.sub(at(knots, end), at(knots, piece)));
      mapped.add(
          tf.math.add(
              at(images, piece),
              tf.math.mul(share, tf.math.sub(at(images, end), at(images, piece)))));
    }
    return tf.reshape(
        tf.stack(mapped, Stack.axis(1L)), tf.constant(new long[] {-1, x.shape().get(1), channels}));
  }

  private Operand<TFloat64> at(double[] table, Operand<TInt32> index) {
    return tf.gather(tf.constant(table), index, tf.constant(0));
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
