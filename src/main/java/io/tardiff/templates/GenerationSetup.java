package io.tardiff.templates;

import static com.google.common.base.Preconditions.checkArgument;

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
    List<Guidance> guidances = new ArrayList<>(List.of(Guidance.none()));
    for (String label : ValueList.words(options.getGuidanceRules())) {
      Guidance.Rule rule = Guidance.Rule.of(label);
      boolean shift = rule == Guidance.Rule.MEAN_SHIFT;
      String scales = shift ? options.getGuidanceScales() : options.getInterpolationScales();
      guidances.addAll(
          problems.get(
              shift ? "guidanceScales" : "interpolationScales",
              List.of(),
              () -> guidances(rule, scales)));
    }
    config = config.withGuidances(guidances);
    config =
        problems.apply("guidanceAt", config, c -> c.withGuidanceAt(epoch(options.getGuidanceAt())));
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

  private static List<Guidance> guidances(Guidance.Rule rule, String scales) {
    List<Guidance> guidances = new ArrayList<>();
    for (double scale : ValueList.numbers(scales)) {
      guidances.add(Guidance.of(rule, scale));
    }
    checkArgument(
        guidances.stream().allMatch(Guidance::isGuided)
            && guidances.stream().distinct().count() == guidances.size(),
        "must be above 0 and all different, were %s",
        scales);
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
