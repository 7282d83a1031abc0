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
 * Writes the networks of a model as TensorFlow SavedModels, for use without this library.
 *
 * <pre>{@code
 * model.apply(
 *     "Export SavedModels",
 *     ExportSavedModels.to("gs://bucket/run/savedmodel").withConfig(GenerationConfig.defaults()));
 * }</pre>
 *
 * <p>Writes these SavedModels under the directory. Each contains its weights and accepts any batch
 * size {@code b}; windows have {@code s} steps and {@code c} channels. Those of the denoiser have
 * {@code d} channels: the values, then with masks a bit per channel, then with static covariates
 * channels that are constant over time.
 *
 * <table>
 * <caption>Signatures</caption>
 * <tr><th>SavedModel<th>signature<th>inputs<th>outputs
 * <tr><td>{@code denoiser}<td>{@code serving_default}
 *   <td>{@code x} float32 [b, s, d], noisy, network units; {@code noise_step} int32 [b], from 0;
 *   {@code label} int32 [b]
 *   <td>{@code noise} float32 [b, s, d]
 * <tr><td>{@code classifier}<td>{@code serving_default}
 *   <td>{@code values} float32 [b, s, c], clinical units; {@code mask} bool [b, s, c], if it reads
 *   masks
 *   <td>{@code logits}, {@code probabilities} float32 [b, classes]
 * <tr><td>{@code sampler}<td>{@code unguided}
 *   <td>{@code x} float64 [b, s, d], network units; {@code noise} float32 [b, s, d]; {@code label}
 *   int32 [b]; {@code step} int32 scalar
 *   <td>{@code x} float64 [b, s, d], after one reverse step
 * <tr><td><td>{@code mean_shift}, {@code interpolation}<td>the same, and {@code scale} float64 scalar, the guidance scale w<td>the same
 * <tr><td><td>{@code clinical}<td>{@code x} float64 [b, s, d]
 *   <td>{@code values} float32 [b, s, c], clinical units; with masks {@code mask} bool [b, s, c], and
 *   values are NaN in gaps; with static covariates {@code statics} float32 [b, statics], NaN if
 *   unknown
 * </table>
 *
 * <p>To draw samples, start from standard normal noise, run {@code step} 0 to {@code
 * sampling_steps} - 1 with fresh standard normal noise each, then {@code clinical}. In Python:
 *
 * <pre>
 * s = tf.saved_model.load("savedmodel/sampler").signatures
 * x = tf.random.normal([256, 48, 9], dtype=tf.float64)        # labels: int32 [256]
 * for step in range(20):
 *     x = s["unguided"](x=x, noise=tf.random.normal(x.shape), label=labels, step=tf.constant(step))["x"]
 * values = s["clinical"](x=x)["values"]
 * </pre>
 *
 * <p>With the noise of a pipeline, this gives the samples of that pipeline up to the last bit of
 * some values, because TensorFlow computes with constant weights in another order. The classifier
 * is that of the guidance epoch. {@code savedmodel.json}, written last, describes the interface:
 * channels and units in order, steps, classes, {@code sampling_steps}, {@code noise_steps} and the
 * id of the model; {@code denoiser_channels} where d is not c, and the names of the static
 * covariates where samples have them.
 *
 * <p>Rules that match moments are not exported, because their fit belongs to a set and not to the
 * model.
 *
 * <p>Input: one model; several would overwrite each other. Output: the directory, when all files
 * are written.
 */
@AutoValue
public abstract class ExportSavedModels
    extends PTransform<PCollection<TarDiffModel>, PCollection<String>> {
  private static final long serialVersionUID = 1L;

  /** The file that describes the SavedModels. */
  public static final String FILE = "savedmodel.json";

  /** Settings that do not apply: the batch size is open, and the epoch is resolved. */
  private static final List<String> NOT_SAVED = List.of("sampling_batch", "guidance_epoch");

  abstract String directory();

  abstract GenerationConfig config();

  /**
   * Writes SavedModels under {@code directory}, with the sampler of {@link
   * GenerationConfig#defaults()}.
   */
  public static ExportSavedModels to(String directory) {
    return new AutoValue_ExportSavedModels(directory, GenerationConfig.defaults());
  }

  /** Sets the reverse steps, eta, variance correction and guidance epoch of the sampler. */
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
    if (model.layout().width() > spec.channels().size()) {
      json.put("denoiser_channels", model.layout().width());
    }
    if (model.hasStatics()) {
      spec.statics().forEach(json.withArray("/statics")::add);
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
