package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * A graph and the session that runs it.
 *
 * <pre>{@code
 * float[][] out =
 *     session.step().feed(x, values).feed(labels, classes).fetch(loss).target(update).run();
 * }</pre>
 *
 * <p>Every feed is checked for its number of values, because TensorFlow silently accepts a wrong
 * one. {@code step()} is thread-safe.
 */
public final class GraphSession implements AutoCloseable {
  private final Graph graph;
  private final Session session;

  /**
   * Creates a session that owns {@code graph} and closes it. The graph is run as written. Otherwise
   * TensorFlow would rewrite it for every set of fetches before the first run, which takes seconds
   * for a denoiser, and minutes for a recurrent classifier over hundreds of steps and its influence
   * gradient.
   */
  public GraphSession(Graph graph) {
    this(graph, false);
  }

  private GraphSession(Graph graph, boolean rewritten) {
    this.graph = graph;
    this.session = new Session(graph, configuration(rewritten));
  }

  /**
   * Creates a session that lets TensorFlow rewrite the graph first. Convolutions then run an eighth
   * faster, which pays off over thousands of runs; recurrent networks gain nothing.
   */
  public static GraphSession rewritten(Graph graph) {
    return new GraphSession(graph, true);
  }

  static ConfigProto configuration(boolean rewritten) {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(TensorFlowThreads.perProcess())
        .setInterOpParallelismThreads(TensorFlowThreads.perProcess())
        .setAllowSoftPlacement(true)
        .setGraphOptions(
            GraphOptions.newBuilder()
                .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(!rewritten)))
        .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
        .build();
  }

  /** Returns a new run of the graph. */
  public Step step() {
    return new Step();
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }

  /** The feeds, fetches and targets of a single run; cannot be reused. */
  public final class Step {
    private final Session.Runner runner = session.runner();
    private final List<Tensor> fed = new ArrayList<>();

    public Step feed(Operand<TFloat32> placeholder, float... values) {
      Shape shape = checkedShape(placeholder, values.length);
      return feed(placeholder, TFloat32.tensorOf(shape, DataBuffers.of(values, true, false)));
    }

    public Step feed(Operand<TFloat64> placeholder, double... values) {
      Shape shape = checkedShape(placeholder, values.length);
      return feed(placeholder, TFloat64.tensorOf(shape, DataBuffers.of(values, true, false)));
    }

    public Step feed(Operand<TInt32> placeholder, int... values) {
      Shape shape = checkedShape(placeholder, values.length);
      return feed(placeholder, TInt32.tensorOf(shape, DataBuffers.of(values, true, false)));
    }

    private Step feed(Operand<?> placeholder, Tensor tensor) {
      fed.add(tensor);
      runner.feed(placeholder, tensor);
      return this;
    }

    public Step fetch(Operand<?> operand) {
      runner.fetch(operand);
      return this;
    }

    public Step fetch(List<? extends Operand<?>> operands) {
      operands.forEach(runner::fetch);
      return this;
    }

    public Step target(Op op) {
      runner.addTarget(op);
      return this;
    }

    /** Runs the graph and returns the fetches in order, flattened row-major, as float32. */
    public float[][] run() {
      try (Result result = runFed()) {
        float[][] out = new float[result.size()][];
        for (int i = 0; i < out.length; i++) {
          out[i] = floats(result.get(i));
        }
        return out;
      }
    }

    /** Like {@link #run}, but as float64. */
    public double[][] runDoubles() {
      try (Result result = runFed()) {
        double[][] out = new double[result.size()][];
        for (int i = 0; i < out.length; i++) {
          out[i] = doubles(result.get(i));
        }
        return out;
      }
    }

    private Result runFed() {
      try {
        return runner.run();
      } finally {
        fed.forEach(Tensor::close);
      }
    }
  }

  private static Shape checkedShape(Operand<?> placeholder, int length) {
    Shape shape = placeholder.shape();
    checkArgument(
        shape.size() == length,
        "%s must be fed %s numbers (shape %s), was fed %s",
        placeholder.op().name(),
        shape.size(),
        shape,
        length);
    return shape;
  }

  private static float[] floats(Tensor tensor) {
    RawTensor raw = tensor.asRawTensor();
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    switch (tensor.dataType()) {
      case DT_FLOAT -> raw.data().asFloats().read(values);
      case DT_DOUBLE -> {
        double[] doubles = doubles(tensor);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) doubles[i];
        }
      }
      default -> throw new IllegalArgumentException("cannot read " + tensor.dataType());
    }
    return values;
  }

  private static double[] doubles(Tensor tensor) {
    RawTensor raw = tensor.asRawTensor();
    double[] values = new double[Math.toIntExact(tensor.shape().size())];
    switch (tensor.dataType()) {
      case DT_DOUBLE -> raw.data().asDoubles().read(values);
      case DT_FLOAT -> {
        float[] floats = floats(tensor);
        for (int i = 0; i < values.length; i++) {
          values[i] = floats[i];
        }
      }
      default -> throw new IllegalArgumentException("cannot read " + tensor.dataType());
    }
    return values;
  }
}
