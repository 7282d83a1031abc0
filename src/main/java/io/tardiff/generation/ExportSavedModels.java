package io.tardiff.generation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.AtomicFile;
import io.tardiff.progress.DisplayItems;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes the networks of a model as TensorFlow SavedModels, for programs that know nothing of this
 * library.
 *
 * <pre>{@code
 * model.apply(
 *     "Export SavedModels",
 *     ExportSavedModels.to("gs://bucket/run/savedmodel").withConfig(GenerationConfig.defaults()));
 * }</pre>
 *
 * <p>Under the directory, each with weights inside and a batch size that is open ({@code b}; {@code
 * s} steps and {@code c} channels):
 *
 * <table>
 * <caption>Signatures</caption>
 * <tr><th>SavedModel<th>signature<th>inputs<th>outputs
 * <tr><td>{@code denoiser}<td>{@code serving_default}
 *   <td>{@code x} float32 [b, s, c], noisy, network units; {@code noise_step} int32 [b], from 0;
 *   {@code label} int32 [b]
 *   <td>{@code noise} float32 [b, s, c]
 * <tr><td>{@code classifier}<td>{@code serving_default}
 *   <td>{@code values} float32 [b, s, c], clinical units
 *   <td>{@code logits}, {@code probabilities} float32 [b, classes]
 * <tr><td>{@code sampler}<td>{@code unguided}
 *   <td>{@code x} float64 [b, s, c], network units; {@code noise} float32 [b, s, c]; {@code label}
 *   int32 [b]; {@code step} int32 scalar
 *   <td>{@code x} float64 [b, s, c], one reverse step on
 * <tr><td><td>{@code mean_shift}, {@code interpolation}<td>the same and {@code scale}, w of the
 *   guidance, float64 scalar<td>the same
 * <tr><td><td>{@code clinical}<td>{@code x} float64 [b, s, c]
 *   <td>{@code values} float32 [b, s, c], clinical units
 * </table>
 *
 * <p>A sample is standard normal noise, {@code step} from 0 to {@code sampling_steps} - 1 with
 * fresh standard normal noise each, then {@code clinical}; in Python:
 *
 * <pre>
 * s = tf.saved_model.load("savedmodel/sampler").signatures
 * x = tf.random.normal([256, 48, 9], dtype=tf.float64)        # labels: int32 [256]
 * for step in range(20):
 *     x = s["unguided"](x=x, noise=tf.random.normal(x.shape), label=labels, step=tf.constant(step))["x"]
 * values = s["clinical"](x=x)["values"]
 * </pre>
 *
 * <p>With the noise of a pipeline these are the pipeline's samples, but for the last bit of a
 * number here and there (weights are constants, which TensorFlow computes with in another order).
 * The classifier is that of the epoch which guides. {@code savedmodel.json}, written last, has what
 * a caller must know: channels and units in their order, steps, classes, {@code sampling_steps},
 * {@code noise_steps} and the model's id.
 *
 * <p>Input: models, best one alone, as each is written to the same place. Output: the directory of
 * the SavedModels, when they are there.
 */
@AutoValue
public abstract class ExportSavedModels
    extends PTransform<PCollection<TarDiffModel>, PCollection<String>> {
  private static final long serialVersionUID = 1L;

  /** Describes the SavedModels beside it. */
  public static final String FILE = "savedmodel.json";

  /** Settings that do not apply: the batch size is open, and the epoch is resolved. */
  private static final List<String> NOT_SAVED = List.of("sampling_batch", "guidance_epoch");

  abstract String directory();

  abstract GenerationConfig config();

  /** Writes under {@code directory}, a sampler of {@link GenerationConfig#defaults()}. */
  public static ExportSavedModels to(String directory) {
    return new AutoValue_ExportSavedModels(directory, GenerationConfig.defaults());
  }

  /** The sampler: its reverse steps, eta, variance correction and the epoch that guides. */
  public ExportSavedModels withConfig(GenerationConfig config) {
    return new AutoValue_ExportSavedModels(directory(), config);
  }

  @Override
  public PCollection<String> expand(PCollection<TarDiffModel> model) {
    return model.apply("Write SavedModels", ParDo.of(new ExportFn(directory(), config())));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    DisplayItems.of(this, builder);
  }

  private static final class ExportFn extends DoFn<TarDiffModel, String> {
    private final String directory;
    private final GenerationConfig config;

    ExportFn(String directory, GenerationConfig config) {
      this.directory = directory;
      this.config = config;
    }

    @Setup
    public void setUp() {
      TensorFlowLibrary.check();
    }

    @ProcessElement
    public void process(@Element TarDiffModel model, OutputReceiver<String> output)
        throws IOException {
      for (String network : SavedNetworks.NAMES) {
        AtomicFile.write(
            AtomicFile.resolve(directory, network + "/saved_model.pb"),
            out -> SavedNetworks.write(network, model, config, out));
      }
      AtomicFile.writeText(
          AtomicFile.resolve(directory, FILE),
          description(model, config).toPrettyString() + System.lineSeparator());
      output.output(directory);
    }
  }

  private static ObjectNode description(TarDiffModel model, GenerationConfig config) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    WindowSpec spec = model.spec();
    json.put("model_id", model.id());
    json.put("steps", spec.steps());
    json.put("step_minutes", spec.stepMinutes());
    for (WindowSpec.Channel channel : spec.channels()) {
      json.withArray("/channels")
          .addObject()
          .put("name", channel.name())
          .put("unit", channel.unit());
    }
    json.put("classes", spec.classes());
    json.put("noise_steps", model.denoiser().noiseSteps());
    ObjectNode sampler = GenerationConfig.settings().toSnakeCaseJson(config);
    sampler.remove(NOT_SAVED);
    json.setAll(sampler);
    json.put("classifier_epoch", config.guidanceEpoch(model));
    return json;
  }
}
