package io.tardiff.evaluation.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.Fidelity;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.Missingness;
import io.tardiff.evaluation.SetFigures;
import io.tardiff.evaluation.SetMeasures;
import io.tardiff.evaluation.UtilityCurves.ClassCurves;
import io.tardiff.evaluation.UtilityRow;
import io.tardiff.files.Json;
import io.tardiff.progress.Printable;
import io.tardiff.synthetic.SyntheticSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the script of the page draws, as JSON.
 *
 * @param classes number of classes; 0 if no set was measured
 * @param purpose what the sets are for
 * @param kept name of the kept set
 * @param sets the measured sets, the real tuning windows first
 * @param figures figures of the kept set
 * @param missingness coverage of the kept set; null if it has no masks
 * @param coverage share of the steps that were measured, of each split by channel
 */
record ReportData(
    int classes,
    List<Channel> channels,
    String purpose,
    @Nullable String kept,
    List<MeasuredSet> sets,
    List<Row> utility,
    List<Curves> curves,
    @Nullable SetFigures figures,
    @Nullable Missingness missingness,
    Map<String, List<Double>> coverage,
    Training training,
    GuidanceSignal guidanceSignal) {

  /** Enough to draw, and a third of the size. */
  private static final MathContext DIGITS = new MathContext(4);

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(
              new SimpleModule()
                  .addSerializer(double.class, new ShortSerializer())
                  .addSerializer(Double.class, new ShortSerializer()))
          .build();

  record Channel(String name, String unit) {}

  /**
   * A measured set.
   *
   * @param ks Kolmogorov-Smirnov statistic of each channel
   */
  record MeasuredSet(
      String name,
      boolean real,
      boolean kept,
      List<Double> ks,
      double closerToTrain,
      double closerIfCopied) {}

  record Row(
      String protocol,
      String set,
      String model,
      @Nullable Double alpha,
      UtilityRow.Score auroc,
      UtilityRow.Score auprc,
      UtilityRow.@Nullable Gain gain) {}

  record Curves(String protocol, @Nullable String set, String model, List<ClassCurves> classes) {}

  /** The curves of the training, of what the section holds of them. */
  record Training(
      List<DenoiserLoss> denoiserHistory, int classifierBestEpoch, List<Epoch> classifierEpochs) {

    record DenoiserLoss(double step, double trainLoss, double tuningLoss) {}

    record Epoch(
        double epoch,
        double trainLoss,
        double tuningLoss,
        double tuningAuroc,
        double tuningAuprc) {}

    static Training of(JsonNode section) {
      List<DenoiserLoss> history = new ArrayList<>();
      for (JsonNode loss : section.path("denoiser_history")) {
        history.add(
            new DenoiserLoss(
                number(loss, "step"), number(loss, "train_loss"), number(loss, "tuning_loss")));
      }
      List<Epoch> epochs = new ArrayList<>();
      for (JsonNode epoch : section.path("classifier_epochs")) {
        epochs.add(
            new Epoch(
                number(epoch, "epoch"),
                number(epoch, "train_loss"),
                number(epoch, "tuning_loss"),
                number(epoch, "tuning_auroc"),
                number(epoch, "tuning_auprc")));
      }
      return new Training(history, section.path("classifier_best_epoch").asInt(), epochs);
    }
  }

  private static double number(JsonNode object, String field) {
    return object.path(field).asDouble(Double.NaN);
  }

  static ReportData of(Evaluation evaluation) {
    GuidanceChoice choice = evaluation.choice();
    SyntheticSet kept = choice == null ? null : choice.getChosen();
    WindowSpec spec = kept == null ? null : kept.spec();
    return new ReportData(
        spec == null ? 0 : spec.classes(),
        channels(evaluation, spec),
        evaluation.purpose().label(),
        kept == null ? null : ReportPage.name(kept),
        evaluation.measures().stream().map(measures -> measured(measures, kept)).toList(),
        evaluation.utility().stream()
            .filter(row -> row.getTest().equals(Split.HELD_OUT.label()))
            .map(
                row ->
                    new Row(
                        row.getProtocol(),
                        ReportPage.name(SetName.of(row)),
                        row.getModel(),
                        row.getAlpha(),
                        row.getAuroc(),
                        row.getAuprc(),
                        row.getGain()))
            .toList(),
        evaluation.curves().stream()
            .map(
                curves ->
                    new Curves(
                        curves.protocol().name(),
                        curves.set() == null ? null : ReportPage.name(curves.set()),
                        curves.model(),
                        curves.classes()))
            .toList(),
        evaluation.measures().stream()
            .filter(measures -> measures.set() != null && measures.set().equals(kept))
            .findFirst()
            .map(SetMeasures::figures)
            .orElse(null),
        evaluation.measures().stream()
            .filter(measures -> measures.set() != null && measures.set().equals(kept))
            .findFirst()
            .map(measures -> measures.fidelity().missingness())
            .orElse(null),
        coverage(evaluation.section("cohort"), spec),
        Training.of(evaluation.section("training")),
        Json.record(evaluation.section("guidance_signal"), GuidanceSignal.class));
  }

  private static Map<String, List<Double>> coverage(JsonNode cohort, @Nullable WindowSpec spec) {
    Map<String, List<Double>> coverage = new LinkedHashMap<>();
    if (spec != null) {
      cohort
          .path("splits")
          .fields()
          .forEachRemaining(
              split -> {
                JsonNode ofSplit = split.getValue().path("coverage");
                if (!ofSplit.isEmpty()) {
                  coverage.put(
                      Printable.of(split.getKey()),
                      spec.channels().stream()
                          .map(channel -> number(ofSplit, channel.name()))
                          .toList());
                }
              });
    }
    return coverage;
  }

  private static List<Channel> channels(Evaluation evaluation, @Nullable WindowSpec spec) {
    if (spec != null) {
      return spec.channels().stream()
          .map(channel -> new Channel(Printable.of(channel.name()), Printable.of(channel.unit())))
          .toList();
    }
    return evaluation.measures().stream()
        .findFirst()
        .map(measures -> measures.fidelity().channels())
        .orElse(List.of())
        .stream()
        .map(channel -> new Channel(Printable.of(channel.channel()), ""))
        .toList();
  }

  private static MeasuredSet measured(SetMeasures measures, @Nullable SyntheticSet kept) {
    return new MeasuredSet(
        ReportPage.name(measures.set()),
        measures.set() == null,
        measures.set() != null && measures.set().equals(kept),
        measures.fidelity().channels().stream().map(Fidelity.Channel::ks).toList(),
        measures.privacy().closerToTrain(),
        measures.privacy().closerIfCopied());
  }

  /**
   * Returns JSON that can be put into a script element: no character of it can end the element or
   * start markup.
   */
  String json() {
    try {
      return MAPPER
          .writeValueAsString(this)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes four significant digits, and null for NaN and infinities, which JSON lacks. */
  private static final class ShortSerializer extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      if (!Double.isFinite(value)) {
        generator.writeNull();
      } else if (value == Math.rint(value) && Math.abs(value) < 1e6) {
        generator.writeNumber((long) (double) value);
      } else {
        generator.writeNumber(new BigDecimal(value).round(DIGITS).doubleValue());
      }
    }
  }
}
