package io.tardiff.influence;

import io.tardiff.tensorflow.Seeds;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * The choice of one of several candidates for a sample, with a probability proportional to its
 * weight: sampling importance resampling (Rubin 1987), one sample at a time.
 *
 * <p>The candidate with the largest sum of the logarithm of its weight and an own standard Gumbel
 * number is a draw from the weights (the Gumbel-max trick). The numbers depend only on the seed,
 * the sample and the candidate, so samples need not meet: no shuffle, and the same choice on any
 * worker.
 *
 * <pre>{@code
 * for (int k = 0; k < candidates; k++) {
 *   double score = CandidateChoice.score(logWeight(k), seed, sampleId, k);
 *   if (score > best) { ... }
 * }
 * }</pre>
 *
 * <p>With log weights {@code <lambda, phi(x)>}, chosen samples follow the tilted distribution of
 * {@link MomentFit} the better, the more candidates there are; with one candidate, nothing is
 * chosen.
 */
@Internal
public final class CandidateChoice {
  private CandidateChoice() {}

  /**
   * Returns the score of a candidate; the one with the highest is chosen.
   *
   * @param logWeight logarithm of its weight; NaN for a candidate that must not be chosen
   * @param candidate from 0
   */
  public static double score(double logWeight, long seed, long sampleId, int candidate) {
    UniformRandomProvider random = Seeds.stream(seed, "candidate choice", sampleId, candidate);
    return logWeight - Math.log(-Math.log(random.nextDouble()));
  }
}
