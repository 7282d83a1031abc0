/**
 * The diffusion model of windows: noise schedule, denoiser network, reverse steps. No Beam, no EHR.
 *
 * <p>A window {@code x_0} of shape {@code [steps, channels]} in network units is drowned in
 * Gaussian noise, {@code x_t = sqrt(a_t) x_0 + sqrt(1 - a_t) eps} with {@code a_t} from a {@link
 * io.tardiff.diffusion.NoiseSchedule}. A {@link io.tardiff.diffusion.Denoiser}, a 1D U-Net told the
 * time and the label, learns to predict {@code eps}, by itself or by way of the velocity. A {@link
 * io.tardiff.diffusion.ReverseProcess} turns that prediction into steps from noise back to a window
 * (DDIM or DDPM): a list of coefficients per step, pure arithmetic. A {@link
 * io.tardiff.diffusion.ReverseStep} is one of them on a graph, and a {@link
 * io.tardiff.diffusion.Steering} is what may move its windows: guidance, of which nothing is known
 * here.
 *
 * <p>One choice here differs from common practice because it was measured to matter for the spread
 * of the samples: steps give back the variance that the predicted mean loses; {@link
 * io.tardiff.diffusion.ReverseProcess} explains it.
 */
package io.tardiff.diffusion;
