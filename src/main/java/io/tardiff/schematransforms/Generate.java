package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import com.google.common.base.Strings;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.options.Configurations;
import io.tardiff.options.GuidanceOptions;
import io.tardiff.options.ResourceOptions;
import io.tardiff.options.SamplingOptions;
import io.tardiff.options.SeedOptions;
import io.tardiff.options.Values;
import io.tardiff.settings.Problems;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;

/** Generates synthetic sets from a model. */
@AutoService(SchemaTransformProvider.class)
public final class Generate extends Provider<Generate.Fields> {
  public Generate() {
    super(
        "generate",
        List.of(INPUT),
        List.of(OUTPUT),
        Fields.class,
        "Samples synthetic, labelled windows from a model: an unguided set, and one for every"
            + " guidance rule and scale. Takes one row with a field model, its directory, from"
            + " train. Outputs a row for each complete set: name, directory, guidance_rule,"
            + " guidance_scale, selection and samples (their number). read_synthetic reads the"
            + " windows themselves.");
  }

  /** The fields of the configuration. */
  public interface Fields
      extends OutputField,
          SeedOptions,
          GuidanceOptions,
          SamplingOptions,
          MatchedField,
          PoolField,
          ResourceOptions {}

  /** The cohort that moment guidance matches and a teacher is fitted to. */
  @Description("Cohort")
  public interface MatchedField extends PipelineOptions {
    @Description(
        "Directory of the cohort that the model is trained on; required if guidance_rules has"
            + " moment or candidates, or soft_labels is above 0. It need not exist before the input"
            + " is complete.")
    @Values(form = "path")
    String getCohort();

    void setCohort(String directory);
  }

  /** The size of a pool relative to the samples kept of it. */
  @Description("Selection")
  public interface PoolField extends PipelineOptions {
    @Description(
        "Samples generated per sample that select keeps, at least 1. For a pool, use the same"
            + " sample_labels and count as in select.")
    @Default.Double(1)
    Double getPoolFactor();

    void setPoolFactor(Double factor);
  }

  static GenerationConfig config(Fields fields, Problems problems) {
    GenerationConfig config = Configurations.generation(fields, problems);
    if (config.needsCohort() != (fields.getCohort() != null)) {
      problems.addAsIs(
          config.needsCohort()
              ? "cohort is required if guidance_rules has moment or candidates, or soft_labels is"
                  + " above 0"
              : "cohort must not be set unless guidance_rules has moment or candidates, or"
                  + " soft_labels is above 0");
    }
    LabelMix labels =
        problems.apply("poolFactor", config.labels(), l -> l.times(fields.getPoolFactor()));
    return config.withLabels(labels);
  }

  @Override
  Expansion prepare(Fields fields, Row row, Problems problems) {
    GenerationConfig config = config(fields, problems);
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.ofSets(
                Rows.models(inputs)
                    .apply(
                        "Generate",
                        GenerateSyntheticEhr.to(fields.getOutput())
                            .withCohort(Strings.nullToEmpty(fields.getCohort()))
                            .withConfig(config))));
  }
}
