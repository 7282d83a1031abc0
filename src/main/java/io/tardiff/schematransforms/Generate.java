package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.options.Configurations;
import io.tardiff.options.GuidanceOptions;
import io.tardiff.options.ResourceOptions;
import io.tardiff.options.SamplingOptions;
import io.tardiff.options.SeedOptions;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;

/** A model to synthetic sets. */
@AutoService(SchemaTransformProvider.class)
public final class Generate extends Provider<Generate.Fields> {
  public Generate() {
    super(
        "generate",
        List.of(INPUT),
        List.of(OUTPUT),
        Fields.class,
        "Draws synthetic, labelled windows of a model: an unguided set, and one for every guidance"
            + " rule and scale. Takes one row with a field model, its directory, as train gives it."
            + " A row comes out for each complete set: name, directory, guidance_rule,"
            + " guidance_scale, selection and samples (their number). read_synthetic reads the"
            + " windows themselves.");
  }

  /** Fields. */
  public interface Fields
      extends OutputField,
          SeedOptions,
          GuidanceOptions,
          SamplingOptions,
          PoolField,
          ResourceOptions {}

  /** How much larger a pool is than what will be kept of it. */
  @Description("Selection")
  public interface PoolField extends PipelineOptions {
    @Description(
        "Samples drawn for each that select keeps, at least 1: for a pool, with the sample_labels"
            + " and count of select.")
    @Default.Double(1)
    Double getPoolFactor();

    void setPoolFactor(Double factor);
  }

  static GenerationConfig config(Fields fields, Row row, Problems problems) {
    // Whoever gives scales expects sets of them.
    List<String> rules = TextList.words(fields.getGuidanceRules());
    refuseScales(rules, "mean_shift", "guidance_scales", row, problems);
    refuseScales(rules, "interpolation", "interpolation_scales", row, problems);
    GenerationConfig config = Configurations.generation(fields, problems);
    LabelMix labels =
        problems.apply("poolFactor", config.labels(), l -> l.times(fields.getPoolFactor()));
    return config.withLabels(labels);
  }

  private static void refuseScales(
      List<String> rules, String rule, String field, Row row, Problems problems) {
    if (!rules.contains(rule) && row.getSchema().hasField(field) && row.getValue(field) != null) {
      problems.addAsIs(field + " must be left out unless guidance_rules has " + rule);
    }
  }

  @Override
  Expansion prepare(Fields fields, Row row, Problems problems) {
    GenerationConfig config = config(fields, row, problems);
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.ofSets(
                Rows.models(inputs)
                    .apply(
                        "Generate",
                        GenerateSyntheticEhr.to(fields.getOutput()).withConfig(config))));
  }
}
