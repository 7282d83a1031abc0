package io.tardiff.training;

/**
 * A batch of windows in network units: {@code values} is {@code [batch, steps, channels]}, {@code
 * labels} {@code [batch]}.
 */
record WindowBatch(float[] values, int[] labels) {}
