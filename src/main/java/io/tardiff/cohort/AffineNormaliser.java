package io.tardiff.cohort;

/** Maps each channel by {@code (value - shift) / scale}. */
final class AffineNormaliser implements Normaliser {
  private static final long serialVersionUID = 1L;

  private final String method;
  private final double[] shift;
  private final double[] scale;
  private final double[] min;
  private final double[] max;

  AffineNormaliser(String method, double[] shift, double[] scale, double[] min, double[] max) {
    this.method = method;
    this.shift = shift;
    this.scale = scale;
    this.min = min;
    this.max = max;
  }

  String method() {
    return method;
  }

  double[] shift() {
    return shift;
  }

  double[] scale() {
    return scale;
  }

  double[] min() {
    return min;
  }

  double[] max() {
    return max;
  }

  @Override
  public void normalise(float[] values) {
    for (int i = 0; i < values.length; i++) {
      int c = i % shift.length;
      values[i] = (float) ((values[i] - shift[c]) / scale[c]);
    }
  }

  @Override
  public void denormalise(float[] values) {
    for (int i = 0; i < values.length; i++) {
      int c = i % shift.length;
      values[i] = (float) (values[i] * scale[c] + shift[c]);
    }
  }

  @Override
  public float[] low() {
    return normalised(min);
  }

  @Override
  public float[] high() {
    return normalised(max);
  }

  private float[] normalised(double[] row) {
    float[] values = new float[row.length];
    for (int c = 0; c < values.length; c++) {
      values[c] = (float) ((row[c] - shift[c]) / scale[c]);
    }
    return values;
  }
}
