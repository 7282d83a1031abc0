package io.tardiff.influence;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CandidateChoiceTest {
  private static int chosen(double[] logWeights, long seed, long sample) {
    int best = -1;
    double highest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logWeights.length; k++) {
      double score = CandidateChoice.score(logWeights[k], seed, sample, k);
      if (score > highest) {
        highest = score;
        best = k;
      }
    }
    return best;
  }

  @Test
  void candidatesAreChosenInProportionToTheirWeights() {
    double[] logWeights = {Math.log(1), Math.log(2), Math.log(5), Double.NEGATIVE_INFINITY};
    int samples = 40_000;
    int[] counts = new int[4];
    for (int sample = 0; sample < samples; sample++) {
      counts[chosen(logWeights, 7, sample)]++;
    }
    // 4 standard errors of a share of 1/2 are 0.01.
    assertThat((double) counts[0] / samples, closeTo(1.0 / 8, 0.01));
    assertThat((double) counts[1] / samples, closeTo(2.0 / 8, 0.01));
    assertThat((double) counts[2] / samples, closeTo(5.0 / 8, 0.01));
    assertThat(counts[3], is(0));
  }

  /** Candidates of a Gaussian, tilted: with many of them, the mean moves by lambda. */
  @Test
  void chosenSamplesFollowTheTiltedDistribution() {
    double lambda = 0.8;
    int samples = 4_000;
    Random random = new Random(3);
    double sum = 0;
    double squares = 0;
    for (int sample = 0; sample < samples; sample++) {
      double[] x = new double[64];
      double[] logWeights = new double[x.length];
      for (int k = 0; k < x.length; k++) {
        x[k] = random.nextGaussian();
        logWeights[k] = lambda * x[k];
      }
      double kept = x[chosen(logWeights, 1, sample)];
      sum += kept;
      squares += kept * kept;
    }
    double mean = sum / samples;
    assertThat(mean, closeTo(lambda, 0.07));
    assertThat(squares / samples - mean * mean, closeTo(1, 0.1));
  }

  @Test
  void aCandidateThatIsNotFiniteIsNeverChosen() {
    for (int sample = 0; sample < 100; sample++) {
      assertThat(chosen(new double[] {Double.NaN, 0}, 1, sample), is(1));
    }
  }

  @Test
  void choiceDependsOnSeedSampleAndCandidateAlone() {
    double score = CandidateChoice.score(0.5, 3, 17, 2);
    assertThat(CandidateChoice.score(0.5, 3, 17, 2), is(score));
    assertThat(CandidateChoice.score(0.5, 4, 17, 2), is(not(score)));
    assertThat(CandidateChoice.score(0.5, 3, 18, 2), is(not(score)));
    assertThat(CandidateChoice.score(0.5, 3, 17, 3), is(not(score)));
    assertThat(CandidateChoice.score(1.5, 3, 17, 2), closeTo(score + 1, 1e-12));
  }
}
