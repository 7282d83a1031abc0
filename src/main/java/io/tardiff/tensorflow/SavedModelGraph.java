package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkState;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Signature;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.family.TType;

/**
 * A graph exported as a TensorFlow SavedModel: functions with named inputs and outputs.
 *
 * <pre>{@code
 * try (SavedModelGraph saved = new SavedModelGraph()) {
 *   Ops tf = saved.ops();
 *   Operand<TFloat32> x = saved.input("x", TFloat32.class, Shape.of(-1, 24, 7));
 *   Parameters<TFloat32> weights = Parameters.fixed(tf, TFloat32.class, model.denoiserWeights());
 *   ...
 *   saved.signature("serving_default", Map.of("x", x), Map.of("logits", logits));
 *   saved.write(out);   // saved_model.pb
 * }
 * }</pre>
 *
 * <p>Weights are constants ({@link Parameters#fixed}), so a SavedModel is the single file {@value
 * #FILE}, on any file system, and the same graph gives the same bytes. No session is created.
 */
public final class SavedModelGraph implements AutoCloseable {
  /** The name the file must have, in a directory of its own. */
  public static final String FILE = "saved_model.pb";

  /** The name of the default signature. */
  public static final String DEFAULT = Signature.DEFAULT_KEY;

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final MetaGraphDef.Builder meta = MetaGraphDef.newBuilder();

  public Ops ops() {
    return tf;
  }

  /** Adds an input, with the name it has in signatures. */
  public <T extends TType> Operand<T> input(String name, Class<T> type, Shape shape) {
    return tf.withName(name).placeholder(type, Placeholder.shape(shape));
  }

  /**
   * Adds a function.
   *
   * @param key {@link #DEFAULT} or another name
   */
  public void signature(
      String key,
      Map<String, ? extends Operand<?>> inputs,
      Map<String, ? extends Operand<?>> outputs) {
    SignatureDef.Builder signature =
        SignatureDef.newBuilder().setMethodName("tensorflow/serving/predict");
    inputs.forEach((name, input) -> signature.putInputs(name, info(input)));
    outputs.forEach((name, output) -> signature.putOutputs(name, info(output)));
    meta.putSignatureDef(key, signature.build());
  }

  private static TensorInfo info(Operand<?> operand) {
    Output<?> output = operand.asOutput();
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : output.shape().asArray()) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorInfo.newBuilder()
        .setName(output.op().name() + ":" + output.index())
        .setDtype(output.dataType())
        .setTensorShape(shape)
        .build();
  }

  /** Writes the contents of {@value #FILE}. */
  public void write(OutputStream out) throws IOException {
    checkState(meta.getSignatureDefCount() > 0, "there is no signature to write");
    meta.setGraphDef(graph.toGraphDef())
        .setMetaInfoDef(
            MetaGraphDef.MetaInfoDef.newBuilder()
                .addTags(SavedModelBundle.DEFAULT_TAG)
                .setTensorflowVersion(TensorFlow.version()));
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    // Attributes of ops are maps, whose order varies.
    coded.useDeterministicSerialization();
    SavedModel.newBuilder()
        .setSavedModelSchemaVersion(1)
        .addMetaGraphs(meta)
        .build()
        .writeTo(coded);
    coded.flush();
  }

  @Override
  public void close() {
    graph.close();
  }
}
