package io.tardiff.evaluation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import com.google.auto.value.AutoValue;
import io.tardiff.cohort.Split;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.apache.commons.math3.stat.StatUtils;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A row of the utility table: a protocol, a set and a model, summarised over seeds. */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
@JsonDeserialize(builder = UtilityRow.Builder.class)
@JsonPropertyOrder({ // Otherwise the order is that of reflection, which differs between runs.
  "protocol",
  "baseline",
  "test",
  "guidance_rule",
  "guidance_scale",
  "selection",
  "origin",
  "alpha",
  "model",
  "train_windows",
  "auroc",
  "auprc",
  "tuning_auroc",
  "tuning_auprc",
  "seeds",
  "fit_seconds",
  "gain",
  "against_real",
  "against_baseline"
})
public abstract class UtilityRow implements Serializable {
  static final String HELD_OUT = Split.HELD_OUT.label();

  @SchemaFieldDescription("TRTR, BASELINE, TSTR or TSRTR.")
  public abstract String getProtocol();

  @SchemaFieldDescription("How real windows were used instead; null unless BASELINE.")
  public abstract @Nullable String getBaseline();

  @SchemaFieldDescription(
      "Windows that models were scored on: held_out, or the name of a test cohort.")
  public abstract String getTest();

  @SchemaFieldDescription("Guidance rule of the synthetic set; null for real windows alone.")
  public abstract @Nullable String getGuidanceRule();

  @SchemaFieldDescription(
      "Guidance scale of the synthetic set, 0 for unguided; null for real windows alone.")
  public abstract @Nullable Double getGuidanceScale();

  @SchemaFieldDescription(
      "Selection of the synthetic set, none or herding; null for real windows alone.")
  public abstract @Nullable String getSelection();

  @SchemaFieldDescription(
      "Name of the synthetic set if it was made elsewhere; null for sets of this library and real windows alone.")
  public abstract @Nullable String getOrigin();

  @SchemaFieldDescription("Synthetic windows added per real train window; null unless TSRTR.")
  public abstract @Nullable Double getAlpha();

  @SchemaFieldDescription("Downstream model.")
  public abstract String getModel();

  @SchemaFieldDescription("Windows the model was fitted to.")
  public abstract int getTrainWindows();

  @SchemaFieldDescription("AUROC on the test windows.")
  public abstract Score getAuroc();

  @SchemaFieldDescription("AUPRC (average precision) on the test windows.")
  public abstract Score getAuprc();

  @SchemaFieldDescription("AUROC on tuning.")
  public abstract Score getTuningAuroc();

  @SchemaFieldDescription("AUPRC on tuning, which decides the choice of a set.")
  public abstract Score getTuningAuprc();

  @SchemaFieldDescription("Seeds of the fits, in the order of the values of each score.")
  public abstract List<Long> getSeeds();

  @SchemaFieldDescription("Mean time of a fit and its scoring, in seconds.")
  public abstract double getFitSeconds();

  @SchemaFieldDescription(
      "Gain over the baseline on the test windows, for guided or selected sets in TSTR; null"
          + " otherwise.")
  public abstract @Nullable Gain getGain();

  @SchemaFieldDescription(
      "Difference to the same model fitted to real train windows alone (TRTR), on the test"
          + " windows; null for TRTR itself and where TRTR was not measured.")
  public abstract @Nullable Gain getAgainstReal();

  @SchemaFieldDescription(
      "Difference to the same model with the baseline that has the highest AUPRC on the test windows;"
          + " null unless TSRTR and baselines were measured.")
  public abstract @Nullable Gain getAgainstBaseline();

  static Builder builder() {
    return new AutoValue_UtilityRow.Builder().setTest(HELD_OUT);
  }

  @AutoValue.Builder
  @JsonPOJOBuilder(withPrefix = "set")
  abstract static class Builder {
    /** Files of earlier versions have rows of held_out only, without its name. */
    @JsonCreator
    static Builder ofFile() {
      return builder();
    }

    abstract Builder setProtocol(String protocol);

    abstract Builder setTest(String test);

    abstract Builder setBaseline(@Nullable String baseline);

    abstract Builder setGuidanceRule(@Nullable String rule);

    abstract Builder setGuidanceScale(@Nullable Double scale);

    abstract Builder setSelection(@Nullable String selection);

    abstract Builder setOrigin(@Nullable String origin);

    abstract Builder setAlpha(@Nullable Double alpha);

    abstract Builder setModel(String model);

    abstract Builder setTrainWindows(int windows);

    abstract Builder setAuroc(Score auroc);

    abstract Builder setAuprc(Score auprc);

    abstract Builder setTuningAuroc(Score auroc);

    abstract Builder setTuningAuprc(Score auprc);

    abstract Builder setSeeds(List<Long> seeds);

    abstract Builder setFitSeconds(double seconds);

    abstract Builder setGain(@Nullable Gain gain);

    abstract Builder setAgainstReal(@Nullable Gain difference);

    abstract Builder setAgainstBaseline(@Nullable Gain difference);

    abstract UtilityRow build();
  }

  /** A metric over seeds. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  public abstract static class Score implements Serializable {
    public abstract double getMean();

    @SchemaFieldDescription("Sample standard deviation over seeds; NaN with one seed.")
    public abstract double getSd();

    @SchemaFieldDescription("The metric of each seed.")
    public abstract List<Double> getValues();

    static Score of(List<Double> values) {
      double[] array = values.stream().mapToDouble(Double::doubleValue).toArray();
      double sd = array.length < 2 ? Double.NaN : Math.sqrt(StatUtils.variance(array));
      return new AutoValue_UtilityRow_Score(StatUtils.mean(array), sd, List.copyOf(values));
    }

    @JsonCreator
    static Score read(
        @JsonProperty("mean") double mean,
        @JsonProperty("sd") double sd,
        @JsonProperty("values") List<Double> values) {
      List<Double> numbers = values.stream().map(v -> v == null ? Double.NaN : v).toList();
      return new AutoValue_UtilityRow_Score(mean, sd, numbers);
    }
  }

  /** Differences with 95 % intervals from a paired bootstrap over test subjects. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  public abstract static class Gain implements Serializable {
    public abstract Interval getAuroc();

    public abstract Interval getAuprc();

    @JsonCreator
    static Gain of(@JsonProperty("auroc") Interval auroc, @JsonProperty("auprc") Interval auprc) {
      return new AutoValue_UtilityRow_Gain(auroc, auprc);
    }
  }

  /** A difference and its 95 % interval. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  public abstract static class Interval implements Serializable {
    @SchemaFieldDescription("Difference of the means over seeds on the split itself.")
    public abstract double getDifference();

    @SchemaFieldDescription("2.5 % quantile over bootstrap replicates.")
    public abstract double getLow();

    @SchemaFieldDescription("97.5 % quantile over bootstrap replicates.")
    public abstract double getHigh();

    /**
     * Returns the smallest difference that the comparison would have shown with a power of 80 %:
     * half the width of the interval times (1.96 + 0.84) / 1.96.
     *
     * <p>Half the width is 1.96 standard errors of a difference between means over these seeds on
     * these subjects. A difference of 1.96 + 0.84 standard errors lies, in 80 % of samples of
     * subjects, so far from 0 that its 95 % interval excludes 0. More subjects make it smaller. The
     * variation between seeds is averaged, not included.
     */
    public double smallestDetectable() {
      return (getHigh() - getLow()) / 2 * (1.96 + 0.84) / 1.96;
    }

    @JsonCreator
    static Interval of(
        @JsonProperty("difference") double difference,
        @JsonProperty("low") double low,
        @JsonProperty("high") double high) {
      return new AutoValue_UtilityRow_Interval(difference, low, high);
    }
  }
}
