package io.tardiff.generation;

import io.tardiff.generation.GuidedSampler.Steer;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Guidance.Rule;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.TarDiffModel;
import java.util.List;

/** Guidance by any rule, without a fit. */
final class Steers {
  private Steers() {}

  /** Returns a configuration whose sampler can steer by every rule. */
  static GenerationConfig byEveryRule(GenerationConfig config) {
    return config.withGuidances(List.of(Guidance.of(Rule.MOMENT, 1)));
  }

  /** Steers by a rule; by moments, along random coefficients. */
  static Steer by(Rule rule, double scale, TarDiffModel model) {
    if (!rule.matchesMoments()) {
      return new Steer(rule, scale, new float[0]);
    }
    float[] tilt = new float[model.spec().classes() * Moments.features(model)];
    Seeds.fillGaussian(tilt, 0, tilt.length, 7, "tilt");
    return new Steer(rule, scale, tilt);
  }
}
