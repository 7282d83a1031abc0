package io.tardiff.training;

/**
 * Windows for the denoiser: {@code values} is {@code [batch, steps, channels]} with the channels of
 * a {@link DenoiserLayout}, {@code labels} is {@code [batch]}.
 */
record WindowBatch(float[] values, int[] labels) {

  int size() {
    return labels.length;
  }

  /** Returns the windows at {@code indices}, in that order. */
  WindowBatch select(int[] indices) {
    int stride = values.length / labels.length;
    float[] chosen = new float[indices.length * stride];
    int[] chosenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * stride, chosen, i * stride, stride);
      chosenLabels[i] = labels[indices[i]];
    }
    return new WindowBatch(chosen, chosenLabels);
  }
}
