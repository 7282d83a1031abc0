package io.tardiff.diffusion;

import java.util.Arrays;
import java.util.Locale;

/**
 * What the last layer of a denoiser computes. Its noise is the same thing either way; what differs
 * is what an error of the network does to a sample.
 *
 * <pre>{@code
 * DenoiserConfig config = DenoiserConfig.preset("tiny").withPrediction(Prediction.VELOCITY);
 * }</pre>
 */
public enum Prediction {
  /**
   * The noise itself, as in TarDiff. Where little signal is left, the reverse process multiplies an
   * error by {@code 1 / sqrt(alphaBar)}, which ends at about 40 in the default schedule: a network
   * that was trained for long copies the noise well enough, one that was not lets whole windows
   * stray.
   */
  NOISE,
  /**
   * The velocity {@code v = sqrt(alphaBar) eps - sqrt(1 - alphaBar) x_0} (Salimans and Ho, 2022),
   * from which the noise follows:
   *
   * <pre>
   *   eps = sqrt(1 - alphaBar) x_t + sqrt(alphaBar) v
   * </pre>
   *
   * <p>What the network says counts by the signal that is left, so no error is multiplied; but
   * samples of a network that was trained for long vary less than with the noise.
   */
  VELOCITY;

  /** {@code noise} or {@code velocity}: the form used in options and files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Prediction of(String label) {
    return Arrays.stream(values())
        .filter(prediction -> prediction.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("prediction must be noise or velocity, was " + label));
  }
}
