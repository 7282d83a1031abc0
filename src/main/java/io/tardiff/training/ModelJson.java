package io.tardiff.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.Prediction;
import io.tardiff.influence.ClassifierConfig;
import java.util.ArrayList;
import java.util.List;

/** Configurations of a model as JSON, and back. */
final class ModelJson {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private ModelJson() {}

  static ObjectNode of(DenoiserTraining training) {
    ObjectNode json = MAPPER.createObjectNode();
    DenoiserConfig network = training.network();
    json.put("base", network.base());
    network.multipliers().forEach(json.putArray("multipliers")::add);
    json.put("blocks", network.blocks());
    json.put("heads", network.heads());
    network.attention().forEach(json.putArray("attention")::add);
    json.put("prediction", network.prediction().label());
    json.put("noise_schedule", training.schedule().label());
    json.put("noise_steps", training.noiseSteps());
    json.put("steps", training.steps());
    json.put("batch", training.batch());
    json.put("learning_rate", training.learningRate());
    json.put("average_decay", training.emaDecay());
    json.put("loss", training.loss().label());
    return json;
  }

  static DenoiserTraining denoiser(JsonNode json) {
    return DenoiserTraining.defaults()
        .withNetwork(
            DenoiserConfig.of(
                    json.required("base").asInt(),
                    integers(json.required("multipliers")),
                    json.required("blocks").asInt(),
                    json.required("heads").asInt(),
                    integers(json.required("attention")))
                .withPrediction(Prediction.of(json.required("prediction").asText())))
        .withSchedule(NoiseSchedule.Kind.of(json.required("noise_schedule").asText()))
        .withNoiseSteps(json.required("noise_steps").asInt())
        .withSteps(json.required("steps").asInt())
        .withBatch(json.required("batch").asInt())
        .withLearningRate(json.required("learning_rate").asDouble())
        .withEmaDecay(json.required("average_decay").asDouble())
        .withLoss(DenoiserTraining.Loss.of(json.required("loss").asText()));
  }

  static ObjectNode of(ClassifierConfig config) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("kind", config.kind().label());
    json.put("hidden", config.hidden());
    json.put("layers", config.layers());
    json.put("dropout", config.dropout());
    json.put("learning_rate", config.learningRate());
    json.put("batch", config.batch());
    json.put("epochs", config.epochs());
    json.put("patience", config.patience());
    json.put("class_weighting", config.classWeighting());
    return json;
  }

  static ClassifierConfig classifier(JsonNode json) {
    return ClassifierConfig.forName(json.required("kind").asText())
        .withHidden(json.required("hidden").asInt())
        .withLayers(json.required("layers").asInt())
        .withDropout(json.required("dropout").asDouble())
        .withLearningRate(json.required("learning_rate").asDouble())
        .withBatch(json.required("batch").asInt())
        .withEpochs(json.required("epochs").asInt())
        .withPatience(json.required("patience").asInt())
        .withClassWeighting(json.required("class_weighting").asBoolean());
  }

  private static List<Integer> integers(JsonNode json) {
    List<Integer> values = new ArrayList<>();
    json.forEach(v -> values.add(v.asInt()));
    return values;
  }
}
