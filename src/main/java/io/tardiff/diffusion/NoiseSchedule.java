package io.tardiff.diffusion;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.settings.Labelled;
import java.io.Serializable;

/**
 * How much of a window is left after each step of the forward process.
 *
 * <p>{@code alphaBar(t)} for t = 0 .. steps - 1 is the share of the variance that is signal; it
 * falls from nearly 1 to nearly 0. Two kinds:
 *
 * <ul>
 *   <li>{@link Kind#LINEAR}: the square roots of beta run linearly from sqrt(5e-4) to sqrt(0.1)
 *       (the "linear" schedule of latent diffusion, and of TarDiff);
 *   <li>{@link Kind#COSINE}: {@code alphaBar = cos^2((t/T + 0.008) / 1.008 pi/2)}, betas at most
 *       0.999 (Nichol and Dhariwal, 2021).
 * </ul>
 */
public final class NoiseSchedule implements Serializable {

  /** The shape of the schedule. */
  public enum Kind implements Labelled {
    LINEAR,
    COSINE;

    public static Kind of(String label) {
      return Labelled.of(Kind.class, "noiseSchedule", label);
    }
  }

  private final Kind kind;
  private final double[] alphaBar;

  private NoiseSchedule(Kind kind, double[] alphaBar) {
    this.kind = kind;
    this.alphaBar = alphaBar;
  }

  /** Returns the schedule of the given kind with {@code steps} noise steps (at least 2). */
  public static NoiseSchedule of(Kind kind, int steps) {
    checkArgument(steps >= 2, "noise steps must be at least 2, was %s", steps);
    double[] alphaBar = new double[steps];
    double product = 1;
    for (int t = 0; t < steps; t++) {
      product *= 1 - beta(kind, t, steps);
      alphaBar[t] = product;
    }
    return new NoiseSchedule(kind, alphaBar);
  }

  private static double beta(Kind kind, int t, int steps) {
    switch (kind) {
      case LINEAR:
        double low = Math.sqrt(5e-4);
        double high = Math.sqrt(0.1);
        double root = low + (high - low) * t / (steps - 1);
        return root * root;
      case COSINE:
        return Math.min(0.999, 1 - cosine(t + 1, steps) / cosine(t, steps));
    }
    throw new AssertionError(kind);
  }

  private static double cosine(int t, int steps) {
    double c = Math.cos(((double) t / steps + 0.008) / 1.008 * Math.PI / 2);
    return c * c;
  }

  public Kind kind() {
    return kind;
  }

  /** Returns T, the number of noise steps. */
  public int steps() {
    return alphaBar.length;
  }

  /** Returns the share of signal after step {@code t}; 1 for t = -1, the clean window. */
  public double alphaBar(int t) {
    return t < 0 ? 1 : alphaBar[t];
  }
}
