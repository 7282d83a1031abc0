package io.tardiff.diffusion;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The reverse process, from noise to a window, as one set of coefficients per step.
 *
 * <p>A step goes from noise step t to an earlier step s (DDIM, Song et al., 2021; {@code a =
 * alphaBar}):
 *
 * <pre>
 *   x0    = clamp((x_t - sqrt(1 - a_t) eps(x_t, t, y)) / sqrt(a_t))
 *   var   = eta^2 (1 - a_s) / (1 - a_t) (1 - a_t / a_s)
 *   x_s   = fromClean x0 + fromNoisy x_t + sqrt(var + fromClean^2 v_t) z,       z ~ N(0, 1)
 *   fromNoisy = sqrt((1 - a_s - var) / (1 - a_t)),   fromClean = sqrt(a_s) - sqrt(a_t) fromNoisy
 * </pre>
 *
 * <p>{@code eta = 1} is ancestral sampling (DDPM); {@code eta = 0} is deterministic given the
 * initial noise. Samplers that take few large steps usually omit {@code v_t}: {@code x0} is only
 * the mean of the clean windows consistent with {@code x_t}, so every step loses their variance and
 * samples bunch together. {@code v_t = (1 - a_t) / a_t r_t} restores it, where {@code r_t} is the
 * mean squared error of the predicted noise, measured per noise step and channel on the tuning
 * split after training (the optimal variance of Bao et al., "Analytic-DPM", 2022, measured instead
 * of estimated). The last step adds no noise.
 */
@Internal
public final class ReverseProcess implements Serializable {

  /**
   * One step.
   *
   * @param noiseStep t, an input of the denoiser
   * @param signal sqrt(a_t)
   * @param noise sqrt(1 - a_t)
   * @param fromClean factor of the predicted clean window
   * @param fromNoisy factor of the current noisy window
   * @param posteriorVariance variance of an ancestral step, independent of eta; scales guidance
   * @param deviation standard deviation of the fresh noise per channel
   */
  public record Step(
      int noiseStep,
      double signal,
      double noise,
      double fromClean,
      double fromNoisy,
      double posteriorVariance,
      double[] deviation)
      implements Serializable {}

  private final List<Step> steps;

  private ReverseProcess(List<Step> steps) {
    this.steps = steps;
  }

  /**
   * Returns the reverse process of a schedule in {@code count} steps.
   *
   * @param schedule the forward process the denoiser was trained on
   * @param count number of steps to take, from 1 to the schedule's
   * @param eta 0 (deterministic) to 1 (ancestral)
   * @param noiseError r_t, {@code [noise steps][channels]}: mean squared error of the predicted
   *     noise; zeros for the plain sampler
   */
  public static ReverseProcess of(
      NoiseSchedule schedule, int count, double eta, double[][] noiseError) {
    checkArgument(
        count >= 1 && count <= schedule.steps(),
        "sampling steps must be from 1 to %s (the noise steps), was %s",
        schedule.steps(),
        count);
    checkArgument(eta >= 0 && eta <= 1, "eta must be from 0 to 1, was %s", eta);
    checkArgument(
        noiseError.length == schedule.steps(),
        "noise error must have %s rows (the noise steps), had %s",
        schedule.steps(),
        noiseError.length);
    List<Step> steps = new ArrayList<>();
    for (int i = count - 1; i >= 0; i--) {
      int t = noiseStep(i, count, schedule.steps());
      int s = i == 0 ? -1 : noiseStep(i - 1, count, schedule.steps());
      steps.add(step(schedule.alphaBar(t), schedule.alphaBar(s), t, eta, noiseError[t]));
    }
    return new ReverseProcess(List.copyOf(steps));
  }

  /** Returns the noise step of step {@code i}: evenly spaced, ending at the noisiest. */
  private static int noiseStep(int i, int count, int noiseSteps) {
    return (int) Math.round((double) (i + 1) * noiseSteps / count) - 1;
  }

  private static Step step(double at, double as, int t, double eta, double[] noiseError) {
    double posterior = (1 - as) / (1 - at) * (1 - at / as);
    double variance = eta * eta * posterior;
    double fromNoisy = Math.sqrt(Math.max(1 - as - variance, 0) / (1 - at));
    double fromClean = Math.sqrt(as) - Math.sqrt(at) * fromNoisy;
    double[] deviation = new double[noiseError.length];
    boolean last = as == 1;
    for (int c = 0; c < deviation.length; c++) {
      double lost = (1 - at) / at * noiseError[c];
      deviation[c] = last ? 0 : Math.sqrt(variance + fromClean * fromClean * lost);
    }
    return new Step(
        t, Math.sqrt(at), Math.sqrt(1 - at), fromClean, fromNoisy, posterior, deviation);
  }

  /** Returns the steps, noisiest first. */
  public List<Step> steps() {
    return steps;
  }
}
