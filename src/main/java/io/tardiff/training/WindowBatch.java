package io.tardiff.training;

/**
 * A batch of windows for the denoiser: {@code values} is {@code [batch, steps, channels]} in
 * network units, or {@code [batch, steps, 2 channels]} with masks as {@link
 * io.tardiff.diffusion.AnalogBits}; {@code labels} is {@code [batch]}.
 */
record WindowBatch(float[] values, int[] labels) {}
