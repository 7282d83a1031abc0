package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Forward-mode directional derivatives of a graph.
 *
 * <p>{@link GradientTape} computes how a scalar depends on many sources. This class computes how
 * every element of a target changes as the sources move in one direction, {@code d/de
 * target(sources + e directions)} at e = 0. Each op propagates the changes of its inputs, so one
 * sweep at about twice the cost of the network gives, for example, the slope of every row's loss
 * along a direction in weight space:
 *
 * <pre>{@code
 * ForwardAccumulator<TFloat32> accumulator = new ForwardAccumulator<>(tf, TFloat32.class);
 * Operand<TFloat32> slopes = accumulator.derivative(losses, weights.values(), direction.values());
 * Operand<TFloat32> steer = tape.gradient(tf.sum(slopes, tf.constant(0)), x);   // mixed derivative
 * }</pre>
 *
 * <p>The derivative consists of ops that TensorFlow can differentiate again. Every op that {@link
 * Layers} adds with {@link Layers.Order#FIRST} has a rule; any other op on the path is an error
 * that names it.
 */
public final class ForwardAccumulator<T extends TFloating> {
  private final Ops tf;
  private final Class<T> type;
  private final Map<Double, Operand<T>> constants = new HashMap<>();

  public ForwardAccumulator(Ops tf, Class<T> type) {
    this.tf = tf;
    this.type = type;
  }

  /**
   * Returns the derivative of {@code target} as {@code sources} move along {@code directions}, of
   * the shape of the target.
   *
   * @param directions one per source, of the same shape
   * @throws IllegalArgumentException if a shape differs, if the target does not depend on any
   *     source, or if an op on the path has no rule
   */
  public Operand<T> derivative(
      Operand<T> target,
      List<? extends Operand<T>> sources,
      List<? extends Operand<T>> directions) {
    checkArgument(
        sources.size() == directions.size(),
        "sources and directions must pair up, were %s and %s",
        sources.size(),
        directions.size());
    Map<Output<?>, Operand<T>> changes = new HashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      checkArgument(
          sources.get(i).shape().equals(directions.get(i).shape()),
          "direction %s must be of shape %s, was %s",
          i,
          sources.get(i).shape(),
          directions.get(i).shape());
      changes.put(sources.get(i).asOutput(), directions.get(i));
    }
    for (GraphOperation op : leadingTo((GraphOperation) target.op())) {
      List<Output<?>> inputs = new ArrayList<>();
      List<Operand<T>> inputChanges = new ArrayList<>();
      for (Operand<?> input : op.inputs()) {
        inputs.add(input.asOutput());
        inputChanges.add(changes.get(input.asOutput()));
      }
      boolean constant = inputChanges.stream().allMatch(Objects::isNull);
      if (!constant && !changes.containsKey(op.output(0))) {
        List<Operand<T>> outputs = new Rule(op, inputs, inputChanges).apply();
        for (int i = 0; i < outputs.size(); i++) {
          changes.put(op.output(i), outputs.get(i));
        }
      }
    }
    Operand<T> change = changes.get(target.asOutput());
    checkArgument(change != null, "target does not depend on any of the sources");
    return change;
  }

  /** Returns {@code target} and the ops it depends on, inputs first. */
  private static List<GraphOperation> leadingTo(GraphOperation target) {
    Set<GraphOperation> needed = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>(List.of(target));
    while (!open.isEmpty()) {
      GraphOperation op = open.pop();
      if (!op.type().equals("StopGradient") && needed.add(op)) {
        op.inputs().forEach(input -> open.push((GraphOperation) input.op()));
      }
    }
    // A graph lists its ops in order of creation, and inputs are created first.
    List<GraphOperation> ordered = new ArrayList<>(needed.size());
    Iterator<GraphOperation> all = ((Graph) target.env()).operations();
    all.forEachRemaining(
        op -> {
          if (needed.contains(op)) {
            ordered.add(op);
          }
        });
    return ordered;
  }

  /** Propagates the changes of an op's inputs to its outputs; null means no change. */
  private final class Rule {
    private final GraphOperation op;
    private final List<Output<?>> inputs;
    private final List<Operand<T>> changes;

    private Rule(GraphOperation op, List<Output<?>> inputs, List<Operand<T>> changes) {
      this.op = op;
      this.inputs = inputs;
      this.changes = changes;
    }

    List<Operand<T>> apply() {
      return switch (op.type()) {
        case "Identity", "Reshape", "Transpose", "Slice", "ReverseV2", "BroadcastTo", "Neg" ->
            linear();
        case "Sum", "Mean" -> linear("keep_dims");
        case "SplitV" -> linear("num_split");
        case "Unpack" -> linear("num", "axis");
        case "Pack" -> joined(inputs.size(), "axis");
        case "ConcatV2" -> joined(inputs.size() - 1);
        case "Add", "AddV2" -> List.of(sum(part(0), part(1)));
        case "Sub" -> List.of(sum(part(0), changes.get(1) == null ? null : tf.math.neg(part(1))));
        case "AddN" -> List.of(tf.math.addN(nonNullChanges()));
        case "BiasAdd" ->
            changes.contains(null)
                ? List.of(sum(part(0), part(1)))
                : reapply(List.of(changes.get(0).asOutput(), changes.get(1).asOutput()));
        case "Mul" -> product();
        case "MatMul" -> product("transpose_a", "transpose_b");
        case "BatchMatMulV2" -> product("adj_x", "adj_y");
        case "BatchMatMulV3" -> product("adj_x", "adj_y", "Tout");
        case "Conv2D" -> product("strides", "padding");
        default -> List.of(elementwise(value(op.output(0)), changes.get(0)));
      };
    }

    private Operand<T> elementwise(Operand<T> y, Operand<T> change) {
      return switch (op.type()) {
        case "Sigmoid" -> tf.math.mul(minus(y, tf.math.square(y)), change);
        case "Tanh" -> minus(change, tf.math.mul(tf.math.square(y), change));
        case "Exp" -> tf.math.mul(y, change);
        case "Log" -> tf.math.div(change, value(inputs.get(0)));
        case "Square" -> tf.math.mul(tf.math.mul(constant(2), value(inputs.get(0))), change);
        case "Rsqrt" ->
            tf.math.mul(tf.math.mul(constant(-0.5), tf.math.mul(y, tf.math.square(y))), change);
        case "Maximum" -> {
          checkArgument(changes.get(1) == null, "Maximum must be against a constant");
          Operand<T> first = value(inputs.get(0));
          Operand<T> second = value(inputs.get(1));
          yield tf.math.mul(tf.dtypes.cast(tf.math.greater(first, second), type), change);
        }
        case "Softmax" -> {
          Operand<T> mean = tf.sum(tf.math.mul(y, change), tf.constant(-1), Sum.keepDims(true));
          yield tf.math.mul(y, tf.math.sub(change, mean));
        }
        default ->
            throw new IllegalArgumentException(
                "op " + op.name() + " of type " + op.type() + " has no forward derivative");
      };
    }

    private List<Operand<T>> nonNullChanges() {
      return changes.stream().filter(Objects::nonNull).toList();
    }

    /** Applies the op itself to the change of its first input. */
    private List<Operand<T>> linear(String... attributes) {
      List<Output<?>> changed = new ArrayList<>(inputs);
      changed.set(0, changes.get(0).asOutput());
      return reapply(changed, attributes);
    }

    /**
     * Applies the op itself to the changes of its first {@code count} inputs, which form one list.
     */
    private List<Operand<T>> joined(int count, String... attributes) {
      Output<?>[] parts = new Output<?>[count];
      for (int i = 0; i < count; i++) {
        parts[i] =
            (changes.get(i) == null ? tf.zerosLike(value(inputs.get(i))) : changes.get(i))
                .asOutput();
      }
      OperationBuilder builder = builder(attributes).addInputList(parts);
      inputs.subList(count, inputs.size()).forEach(builder::addInput);
      return outputs(builder);
    }

    /** Product rule for an op that is linear in each of its two inputs. */
    private List<Operand<T>> product(String... attributes) {
      Operand<T> left =
          changes.get(0) == null
              ? null
              : reapply(List.of(changes.get(0).asOutput(), inputs.get(1)), attributes).get(0);
      Operand<T> right =
          changes.get(1) == null
              ? null
              : reapply(List.of(inputs.get(0), changes.get(1).asOutput()), attributes).get(0);
      return List.of(sum(left, right));
    }

    /** Returns the change of input {@code i}, broadcast to the shape of the output. */
    private Operand<T> part(int i) {
      Operand<T> change = changes.get(i);
      return change == null || change.shape().equals(op.output(0).shape())
          ? change
          : tf.broadcastTo(change, shapeOf(op.output(0)));
    }

    private Operand<T> sum(Operand<T> left, Operand<T> right) {
      // AddN does not broadcast, which saves nine ops in its gradient.
      return left == null ? right : right == null ? left : tf.math.addN(List.of(left, right));
    }

    private Operand<T> minus(Operand<T> left, Operand<T> right) {
      return sum(left, tf.math.neg(right));
    }

    private List<Operand<T>> reapply(List<Output<?>> newInputs, String... attributes) {
      OperationBuilder builder = builder(attributes);
      newInputs.forEach(builder::addInput);
      return outputs(builder);
    }

    private OperationBuilder builder(String... attributes) {
      OperationBuilder builder = tf.scope().opBuilder(op.type(), op.type());
      for (String attribute : attributes) {
        builder.setAttr(attribute, op.attributes().getAttrValueProto(attribute));
      }
      return builder;
    }

    private List<Operand<T>> outputs(OperationBuilder builder) {
      Operation built = builder.build();
      List<Operand<T>> outputs = new ArrayList<>();
      for (int i = 0; i < built.numOutputs(); i++) {
        outputs.add(built.output(i));
      }
      return outputs;
    }

    @SuppressWarnings("unchecked") // changes only reach tensors of the network's float type
    private Operand<T> value(Output<?> output) {
      return (Operand<T>) output;
    }

    private Operand<TInt32> shapeOf(Output<?> output) {
      if (output.shape().hasUnknownDimension()) {
        return tf.shape(output);
      }
      return tf.constant(
          Arrays.stream(output.shape().asArray()).mapToInt(Math::toIntExact).toArray());
    }
  }

  private Operand<T> constant(double value) {
    return constants.computeIfAbsent(value, v -> tf.dtypes.cast(tf.constant(v), type));
  }
}
