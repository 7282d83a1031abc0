package io.tardiff.templates;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.common.collect.Iterables;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.evaluation.report.GuidanceSignal;
import io.tardiff.files.Json;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TarDiffModel.ClassifierEpoch;
import io.tardiff.training.TarDiffModel.DenoiserLoss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Creates the sections of {@code metrics.json} besides the evaluation: aggregates of the cohort,
 * the training and the guidance direction, from the files of the run.
 */
final class RunSections {

  private RunSections() {}

  /** Windows and labels per split, attrition and the shape of the windows. */
  private record CohortSection(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String task,
      String hash,
      WindowSpec spec,
      Map<String, Part> splits,
      List<Cohort.Attrition> attrition,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable WithoutLabel unlabelled) {

    private record WithoutLabel(long windows, Map<String, Long> dropped) {}

    private record Part(long windows, long[] labels, Map<String, Double> coverage) {}

    static CohortSection of(Cohort cohort) {
      Map<String, Part> splits = new LinkedHashMap<>();
      for (Split split : Split.values()) {
        splits.put(
            split.label(),
            new Part(cohort.count(split), cohort.labelCounts(split), cohort.coverage(split)));
      }
      return new CohortSection(
          cohort.task(),
          cohort.hash(),
          cohort.spec(),
          splits,
          cohort.attrition(),
          cohort.unlabelled() == 0 && cohort.unlabelledDropped().isEmpty()
              ? null
              : new WithoutLabel(cohort.unlabelled(), cohort.unlabelledDropped()));
    }
  }

  /** How the models were trained. */
  private record TrainingSection(
      String model,
      long denoiserWeights,
      int denoiserSteps,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DenoiserLoss denoiserLast,
      List<DenoiserLoss> denoiserHistory,
      int classifierBestEpoch,
      List<Epoch> classifierEpochs) {

    private record Epoch(
        int epoch, double trainLoss, double tuningLoss, double tuningAuroc, double tuningAuprc) {}

    static TrainingSection of(TarDiffModel model) {
      return new TrainingSection(
          model.id(),
          model.denoiserSize(),
          model.denoiser().trainingSteps(),
          Iterables.getLast(model.denoiserHistory(), null),
          model.denoiserHistory(),
          model.bestEpoch(),
          model.classifierEpochs().stream()
              .map(
                  e ->
                      new Epoch(
                          e.epoch(),
                          e.trainLoss(),
                          e.tuningLoss(),
                          e.tuningAuroc(),
                          e.tuningAuprc()))
              .toList());
    }
  }

  private record Throughput(double denoiserStepsPerSecond) {}

  private static GuidanceSignal signal(TarDiffModel model) {
    List<ClassifierEpoch> epochs = model.classifierEpochs();
    return new GuidanceSignal(
        model.bestEpoch(),
        epochs.get(model.bestEpoch() - 1).guidanceSignal(),
        epochs.stream()
            .map(e -> new GuidanceSignal.AtEpoch(e.epoch(), e.guidanceSignal()))
            .toList());
  }

  /** Returns the section of a cohort, as JSON by name. */
  static Map<String, String> of(Cohort cohort) {
    return Map.of("cohort", json(CohortSection.of(cohort)));
  }

  /**
   * Returns the sections of a model, as JSON by name, including the reliability of its guidance
   * direction.
   */
  static Map<String, String> of(TarDiffModel model) {
    Map<String, String> sections = new LinkedHashMap<>();
    sections.put("training", json(TrainingSection.of(model)));
    sections.put("guidance_signal", json(signal(model)));
    model
        .timings()
        .ifPresent(
            took -> {
              sections.put("timings", json(took));
              if (took.denoiserSeconds() > 0) {
                sections.put(
                    "throughput",
                    json(
                        new Throughput(model.denoiser().trainingSteps() / took.denoiserSeconds())));
              }
            });
    return sections;
  }

  private static String json(Record section) {
    return Json.RECORDS.valueToTree(section).toString();
  }

  /** Reads the sections once the model, and so the cohort, is complete. */
  static final class ReadFn extends DoFn<TarDiffModel, KV<String, String>> {
    private final String cohort;

    ReadFn(String cohort) {
      this.cohort = cohort;
    }

    @ProcessElement
    public void process(@Element TarDiffModel model, OutputReceiver<KV<String, String>> out) {
      Map<String, String> sections = new LinkedHashMap<>(of(Cohort.open(cohort)));
      sections.putAll(of(model));
      sections.forEach((name, json) -> out.output(KV.of(name, json)));
    }
  }
}
