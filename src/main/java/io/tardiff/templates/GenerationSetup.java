package io.tardiff.templates;

import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.Guidance;
import java.util.ArrayList;
import java.util.List;

/** Turns options into the configuration of generation. */
final class GenerationSetup {
  private static final String DDPM = "ddpm";
  private static final String UNGUIDED = Guidance.Rule.NONE.label();

  private GenerationSetup() {}

  static <O extends RunOptions & GuidanceOptions & SamplingOptions> GenerationConfig of(
      O options, OptionProblems problems) {
    GenerationConfig config = GenerationConfig.defaults().withSeed(options.getSeed());
    List<Guidance> guidances = new ArrayList<>(List.of(Guidance.none()));
    guidances.addAll(guided(options, problems));
    config = config.withGuidances(guidances);
    config = problems.apply("guidanceAt", config, c -> c.withGuidanceAt(options.getGuidanceAt()));
    config = problems.apply("samplingSteps", config, c -> c.withSteps(options.getSamplingSteps()));
    config = problems.apply("samplingBatch", config, c -> c.withBatch(options.getSamplingBatch()));
    config = withSampler(config, options, problems);
    LabelMix labels =
        problems.get(
            "sampleLabels", LabelMix.asTrain(), () -> LabelMix.parse(options.getSampleLabels()));
    if (options.getCount() != null) {
      labels = problems.apply("count", labels, l -> l.withTotal(options.getCount()));
    }
    return config.withLabels(labels);
  }

  /** Every rule with each of its scales. */
  private static List<Guidance> guided(GuidanceOptions options, OptionProblems problems) {
    List<String> rules = ValueList.words(options.getGuidanceRules());
    if (rules.contains(UNGUIDED)) {
      if (rules.size() > 1) {
        problems.add(
            "--guidanceRules must be none alone or rules, was %s", String.join(",", rules));
      }
      return List.of();
    }
    List<Guidance> guided = new ArrayList<>();
    for (String label : rules) {
      Guidance.Rule rule = Guidance.Rule.of(label);
      boolean shift = rule == Guidance.Rule.MEAN_SHIFT;
      String scales = shift ? options.getGuidanceScales() : options.getInterpolationScales();
      guided.addAll(
          problems.get(
              shift ? "guidanceScales" : "interpolationScales",
              List.of(),
              () -> Guidance.each(rule, ValueList.numbers(scales))));
    }
    return guided;
  }

  private static GenerationConfig withSampler(
      GenerationConfig config, SamplingOptions options, OptionProblems problems) {
    if (options.getSampler().equals(DDPM)) {
      if (options.getEta() != null || options.getVarianceCorrection() != null) {
        problems.add("--eta and --varianceCorrection must be left out where --sampler is ddpm");
      }
      return config.withEta(1).withVarianceCorrection(false);
    }
    GenerationConfig ddim = config;
    if (options.getVarianceCorrection() != null) {
      ddim = ddim.withVarianceCorrection(options.getVarianceCorrection());
    }
    return options.getEta() == null
        ? ddim
        : problems.apply("eta", ddim, c -> c.withEta(options.getEta()));
  }
}
