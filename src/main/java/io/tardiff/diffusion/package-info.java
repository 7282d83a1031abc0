/**
 * The diffusion model of windows: noise schedule, denoiser, reverse process. Independent of Beam
 * and EHR.
 *
 * <p>The forward process adds Gaussian noise to a window {@code x_0} of shape {@code [steps,
 * channels]} in network units: {@code x_t = sqrt(a_t) x_0 + sqrt(1 - a_t) eps}, with {@code a_t}
 * from a {@link io.tardiff.diffusion.NoiseSchedule}. A {@link io.tardiff.diffusion.Denoiser}, a 1D
 * U-Net conditioned on the noise step and the label, learns to predict {@code eps}, directly or via
 * the velocity. A {@link io.tardiff.diffusion.ReverseProcess} holds the coefficients of the steps
 * from noise back to a window (DDIM or DDPM). A {@link io.tardiff.diffusion.ReverseStep} adds one
 * of these steps to a graph, and a {@link io.tardiff.diffusion.Steering} may move its windows.
 * Guidance is a steering, but this package knows nothing about it.
 *
 * <p>One choice differs from common practice because measurements showed that it matters for the
 * spread of the samples: each step restores the variance lost by predicting a mean. {@link
 * io.tardiff.diffusion.ReverseProcess} explains how.
 */
package io.tardiff.diffusion;
