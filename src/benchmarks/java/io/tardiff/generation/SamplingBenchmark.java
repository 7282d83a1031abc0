package io.tardiff.generation;

import io.tardiff.influence.Guidance;
import io.tardiff.training.TarDiffModel;

/** Measures drawing full batches. */
public final class SamplingBenchmark {
  private SamplingBenchmark() {}

  /**
   * Returns the seconds of {@code repeats} batches of 256 samples in 20 steps, unguided and guided.
   */
  public static double[][] secondsPerBatch(String model, int repeats) {
    GenerationConfig config = GenerationConfig.defaults();
    Guidance[] guidances = {Guidance.none(), Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.03)};
    double[][] seconds = new double[guidances.length][repeats];
    try (GuidedSampler sampler = new GuidedSampler(TarDiffModel.open(model), config)) {
      for (int g = 0; g < guidances.length; g++) {
        for (int i = -1; i < repeats; i++) {
          long begin = System.nanoTime();
          sampler.draw(GuidedSampler.Steer.by(guidances[g]), 0, 0, config.samplingBatch());
          if (i >= 0) {
            seconds[g][i] = (System.nanoTime() - begin) / 1e9;
          }
        }
      }
    }
    return seconds;
  }
}
