package io.tardiff.diffusion;

import io.tardiff.settings.Labelled;

/**
 * What the last layer of a denoiser computes. Its noise is the same thing either way; what differs
 * is what an error of the network does to a sample.
 *
 * <pre>{@code
 * DenoiserConfig config = DenoiserConfig.preset("tiny").withPrediction(Prediction.VELOCITY);
 * }</pre>
 */
public enum Prediction implements Labelled {
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

  public static Prediction of(String label) {
    return Labelled.of(Prediction.class, "prediction", label);
  }
}
