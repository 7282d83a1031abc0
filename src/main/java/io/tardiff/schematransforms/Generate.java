package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import com.google.auto.value.AutoValue;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.Guidance;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A model to synthetic sets. */
@AutoService(SchemaTransformProvider.class)
public final class Generate extends Provider<Generate.Configuration> {
  private static final List<String> RULES = List.of("mean_shift", "interpolation");
  private static final List<Double> MEAN_SHIFT = List.of(0.01, 0.03, 0.1);
  private static final List<Double> INTERPOLATION = List.of(0.00001, 0.0001, 0.001);
  private static final String DDPM = "ddpm";

  public Generate() {
    super(
        "generate",
        List.of(INPUT),
        List.of(OUTPUT),
        "Draws synthetic, labelled windows of a model: an unguided set, and one for every guidance"
            + " rule and scale. Takes one row with a field model, its directory, as train gives it."
            + " A row comes out for each complete set: name, directory, guidance_rule,"
            + " guidance_scale, selection and samples (their number). read_synthetic reads the"
            + " windows themselves.");
  }

  /** Fields. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Configuration extends WorkerConfiguration {
    @SchemaFieldDescription("Seed of every random choice; 0 where it is left out.")
    public abstract @Nullable Long getSeed();

    @SchemaFieldDescription(
        "Rules by which influence moves a sample: mean_shift (the paper) and interpolation (the"
            + " authors' code); both where it is left out, [] for the unguided set alone.")
    public abstract @Nullable List<String> getGuidanceRules();

    @SchemaFieldDescription(
        "Scales of mean_shift to try, each above 0; 0.01, 0.03 and 0.1 where it is left out. The"
            + " unguided set (0) is always drawn too.")
    public abstract @Nullable List<Double> getGuidanceScales();

    @SchemaFieldDescription(
        "Scales of interpolation to try, each above 0 and at most 1; 0.00001, 0.0001 and 0.001"
            + " where it is left out.")
    public abstract @Nullable List<Double> getInterpolationScales();

    @SchemaFieldDescription(
        "Point of the target classifier's training at which influence is taken: best, or an epoch,"
            + " from 1, as text; best where it is left out.")
    public abstract @Nullable String getGuidanceAt();

    @SchemaFieldDescription(
        "Sampler: ddim, or ddpm, which is ddim with eta 1 and without variance_correction; ddim"
            + " where it is left out.")
    public abstract @Nullable String getSampler();

    @SchemaFieldDescription("Reverse steps of a sample; 20 where it is left out.")
    public abstract @Nullable Integer getSamplingSteps();

    @SchemaFieldDescription(
        "Share of fresh noise in a ddim step, 0 (none) to 1; 0.7 where it is left out.")
    public abstract @Nullable Double getEta();

    @SchemaFieldDescription(
        "Whether ddim steps give back the variance that the mean prediction loses; true where it is"
            + " left out.")
    public abstract @Nullable Boolean getVarianceCorrection();

    @SchemaFieldDescription(Labels.LABELS)
    public abstract @Nullable String getSampleLabels();

    @SchemaFieldDescription(Labels.COUNT)
    public abstract @Nullable Integer getCount();

    @SchemaFieldDescription("Windows drawn at once; 256 where it is left out.")
    public abstract @Nullable Integer getSamplingBatch();

    @SchemaFieldDescription(
        "Samples drawn for each that select keeps, at least 1: for a pool, with the sample_labels"
            + " and count of select. 1 where it is left out.")
    public abstract @Nullable Double getPoolFactor();
  }

  static GenerationConfig config(Configuration given, Fields fields) {
    GenerationConfig config = GenerationConfig.defaults().withResources(given.resources(fields));
    List<Guidance> guidances = guidances(given, fields);
    config = fields.apply("guidance_rules", guidances, config, GenerationConfig::withGuidances);
    config =
        fields.apply(
            "guidance_at", given.getGuidanceAt(), config, GenerationConfig::withGuidanceAt);
    config =
        fields.apply(
            "sampling_steps", given.getSamplingSteps(), config, GenerationConfig::withSteps);
    config =
        fields.apply(
            "sampling_batch", given.getSamplingBatch(), config, GenerationConfig::withBatch);
    config = fields.apply("seed", given.getSeed(), config, GenerationConfig::withSeed);
    LabelMix labels = Labels.of(given.getSampleLabels(), given.getCount(), fields);
    labels = fields.apply("pool_factor", given.getPoolFactor(), labels, LabelMix::times);
    return withSampler(config.withLabels(labels), given, fields);
  }

  private static List<Guidance> guidances(Configuration given, Fields fields) {
    List<Guidance> guidances = new ArrayList<>(List.of(Guidance.none()));
    List<String> rules = given.getGuidanceRules() == null ? RULES : given.getGuidanceRules();
    for (String word : rules) {
      if (!RULES.contains(word)) {
        fields.add("guidance_rules must be of mean_shift and interpolation, was " + word);
        continue;
      }
      Guidance.Rule rule = Guidance.Rule.of(word);
      boolean shift = rule == Guidance.Rule.MEAN_SHIFT;
      List<Double> scales = shift ? given.getGuidanceScales() : given.getInterpolationScales();
      List<Double> defaults = shift ? MEAN_SHIFT : INTERPOLATION;
      guidances.addAll(
          fields.get(
              shift ? "guidance_scales" : "interpolation_scales",
              List.of(),
              () -> Guidance.each(rule, scales == null ? defaults : scales)));
    }
    refuseScales(rules, "mean_shift", "guidance_scales", given.getGuidanceScales(), fields);
    refuseScales(
        rules, "interpolation", "interpolation_scales", given.getInterpolationScales(), fields);
    return guidances;
  }

  /** Whoever gives scales expects sets of them. */
  private static void refuseScales(
      List<String> rules, String rule, String field, @Nullable List<Double> scales, Fields fields) {
    if (scales != null && !rules.contains(rule)) {
      fields.add(field + " must be left out unless guidance_rules has " + rule);
    }
  }

  private static GenerationConfig withSampler(
      GenerationConfig config, Configuration given, Fields fields) {
    String sampler = given.getSampler() == null ? "ddim" : given.getSampler();
    if (sampler.equals(DDPM)) {
      if (given.getEta() != null || given.getVarianceCorrection() != null) {
        fields.add("eta and variance_correction must be left out where sampler is ddpm");
      }
      return config.withEta(1).withVarianceCorrection(false);
    }
    if (!sampler.equals("ddim")) {
      fields.add("sampler must be ddim or ddpm, was " + sampler);
    }
    GenerationConfig ddim =
        fields.apply(
            "variance_correction",
            given.getVarianceCorrection(),
            config,
            GenerationConfig::withVarianceCorrection);
    return fields.apply("eta", given.getEta(), ddim, GenerationConfig::withEta);
  }

  @Override
  Expansion prepare(Configuration given, Fields fields) {
    GenerationConfig config = config(given, fields);
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.ofSets(
                Rows.models(inputs)
                    .apply(
                        "Generate",
                        GenerateSyntheticEhr.to(given.getOutput()).withConfig(config))));
  }

  /** How many samples of which label: fields of generate and of select. */
  static final class Labels {
    static final String LABELS =
        "Labels of the synthetic windows: as_train, balanced, or so many of each, such as"
            + " 0=100,1=50; as_train where it is left out.";
    static final String COUNT =
        "Synthetic windows per set; as many as train where it is left out. Not with counts in"
            + " sample_labels.";

    private Labels() {}

    static LabelMix of(@Nullable String labels, @Nullable Integer count, Fields fields) {
      LabelMix mix =
          fields.apply(
              "sample_labels", labels, LabelMix.asTrain(), (any, text) -> LabelMix.parse(text));
      return fields.apply("count", count, mix, (m, total) -> m.withTotal(total));
    }
  }
}
