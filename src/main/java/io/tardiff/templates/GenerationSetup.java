package io.tardiff.templates;

import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.Guidance;
import io.tardiff.generation.LabelMix;
import java.util.ArrayList;
import java.util.List;

/** Turns options into the configuration of generation. */
final class GenerationSetup {
  private static final String DDPM = "ddpm";
  private static final String BEST = "best";

  private GenerationSetup() {}

  static <O extends RunOptions & GuidanceOptions & SamplingOptions> GenerationConfig of(
      O options, OptionProblems problems) {
    GenerationConfig config = GenerationConfig.defaults().withSeed(options.getSeed());
    config = problems.apply("guidanceScales", config, c -> c.withGuidances(guidances(options)));
    config =
        problems.apply("guidanceAt", config, c -> c.withGuidanceAt(epoch(options.getGuidanceAt())));
    config = problems.apply("samplingSteps", config, c -> c.withSteps(options.getSamplingSteps()));
    config = problems.apply("samplingBatch", config, c -> c.withBatch(options.getSamplingBatch()));
    config = withSampler(config, options, problems);
    LabelMix labels =
        problems.get("labels", LabelMix.asTrain(), () -> LabelMix.parse(options.getLabels()));
    if (options.getCount() != null) {
      labels = problems.apply("count", labels, l -> l.withTotal(options.getCount()));
    }
    return config.withLabels(labels);
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

  /** The unguided set first, then every rule with every scale. */
  private static List<Guidance> guidances(GuidanceOptions options) {
    List<Guidance> guidances = new ArrayList<>(List.of(Guidance.none()));
    for (String rule : ValueList.words(options.getGuidanceRules())) {
      for (double scale : ValueList.numbers(options.getGuidanceScales())) {
        guidances.add(Guidance.of(Guidance.Rule.of(rule), scale));
      }
    }
    return guidances;
  }

  private static int epoch(String text) {
    if (text.equals(BEST)) {
      return GenerationConfig.BEST;
    }
    try {
      int epoch = Integer.parseInt(text);
      if (epoch >= 1) {
        return epoch;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException("must be best or an epoch, from 1, was " + text);
  }
}
