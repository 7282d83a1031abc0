package io.tardiff.diffusion;

import io.tardiff.settings.Labelled;

/**
 * What the last layer of a denoiser predicts. {@link Denoiser#noise} returns the noise either way;
 * the choice decides how an error of the network affects a sample.
 *
 * <pre>{@code
 * DenoiserConfig config = DenoiserConfig.preset("tiny").withPrediction(Prediction.VELOCITY);
 * }</pre>
 */
public enum Prediction implements Labelled {
  /**
   * The noise itself, as in TarDiff. Where little signal is left, the reverse process multiplies an
   * error by {@code 1 / sqrt(alphaBar)}, which reaches about 40 in the default schedule. A network
   * trained long enough predicts the noise accurately enough; with less training, whole windows go
   * astray.
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
   * <p>The signal that is left scales the output of the network, so errors are not amplified. After
   * long training, however, samples vary less than with {@link #NOISE}.
   */
  VELOCITY;

  public static Prediction of(String label) {
    return Labelled.of(Prediction.class, "prediction", label);
  }
}
