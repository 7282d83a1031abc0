package io.tardiff.templates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.training.TarDiffModel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * What {@code metrics.json} tells of a run beside its evaluation: aggregates of the cohort, of
 * training and of the guidance direction, taken from the files of the run.
 */
final class RunSections {
  static final String TIMINGS = "timings";
  static final String THROUGHPUT = "throughput";

  private static final ObjectMapper JSON = new ObjectMapper();

  private RunSections() {}

  /** Windows and labels per split, attrition and the shape of the windows. */
  static Map<String, JsonNode> of(Cohort cohort) {
    JsonNode json = cohort.json();
    ObjectNode section = JSON.createObjectNode();
    section.put("hash", cohort.hash());
    section.set("spec", json.get("spec"));
    ObjectNode splits = section.putObject("splits");
    for (Split split : Split.values()) {
      ObjectNode part = splits.putObject(split.label());
      part.put("windows", cohort.count(split));
      ArrayNode labels = part.putArray("labels");
      for (long count : cohort.labelCounts(split)) {
        labels.add(count);
      }
      part.set("coverage", json.at("/splits/" + split.label() + "/coverage"));
    }
    section.set("attrition", json.get("attrition"));
    return Map.of("cohort", section);
  }

  /** How the models were trained, and how far the guidance direction can be trusted. */
  static Map<String, JsonNode> of(TarDiffModel model) {
    JsonNode denoiser = model.json().get("denoiser");
    JsonNode classifier = model.json().get("classifier");
    Map<String, JsonNode> sections = new LinkedHashMap<>();

    ObjectNode training = JSON.createObjectNode();
    training.put("model", model.id());
    training.put("denoiser_weights", denoiser.get("weights").asLong());
    training.put("denoiser_steps", model.denoiser().trainingSteps());
    JsonNode history = denoiser.get("history");
    if (!history.isEmpty()) {
      training.set("denoiser_last", history.get(history.size() - 1));
    }
    training.put("classifier_best_epoch", model.bestEpoch());
    ArrayNode epochs = training.putArray("classifier_epochs");
    ArrayNode signals = JSON.createArrayNode();
    double classifierSeconds = 0;
    for (JsonNode epoch : classifier.get("epochs")) {
      epochs
          .addObject()
          .put("epoch", epoch.get("epoch").asInt())
          .put("tuning_auroc", epoch.get("tuning_auroc").asDouble())
          .put("tuning_auprc", epoch.get("tuning_auprc").asDouble());
      signals
          .addObject()
          .put("epoch", epoch.get("epoch").asInt())
          .put("cosine", epoch.get("guidance_signal").asDouble());
      classifierSeconds += epoch.get("seconds").asDouble();
    }
    sections.put("training", training);

    ObjectNode signal = JSON.createObjectNode();
    signal.put("best_epoch", model.bestEpoch());
    signal.put("cosine", signals.get(model.bestEpoch() - 1).get("cosine").asDouble());
    signal.set("by_epoch", signals);
    sections.put("guidance_signal", signal);

    double denoiserSeconds = denoiser.get("seconds").asDouble();
    sections.put(
        TIMINGS,
        JSON.createObjectNode()
            .put("denoiser_seconds", denoiserSeconds)
            .put("classifier_seconds", classifierSeconds));
    ObjectNode throughput = JSON.createObjectNode();
    if (denoiserSeconds > 0) {
      throughput.put(
          "denoiser_steps_per_second", model.denoiser().trainingSteps() / denoiserSeconds);
    }
    sections.put(THROUGHPUT, throughput);
    return sections;
  }

  /** Reads the sections once the element says that cohort and model are there. */
  static final class ReadFn extends DoFn<String, KV<String, String>> {
    private final String cohort;

    ReadFn(String cohort) {
      this.cohort = cohort;
    }

    @ProcessElement
    public void process(@Element String model, OutputReceiver<KV<String, String>> out) {
      Map<String, JsonNode> sections = new LinkedHashMap<>(of(Cohort.open(cohort)));
      sections.putAll(of(TarDiffModel.open(model)));
      sections.forEach((name, json) -> out.output(KV.of(name, json.toString())));
    }
  }
}
