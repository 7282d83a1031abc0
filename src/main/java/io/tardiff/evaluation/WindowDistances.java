package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import java.util.Arrays;

/**
 * Distances to some windows, from many at once: root-mean-square over steps and channels, in
 * network units.
 *
 * <p>The windows lie step by step beside each other instead of one after the other, so that the
 * processor computes several distances with one instruction, and a part of them that fits in its
 * cache serves several windows. Each distance still sums its squares in order, so it is the same
 * number, to the last bit, as if it were computed alone.
 */
final class WindowDistances {
  /** Windows that lie beside each other. */
  private static final int BLOCK = 256;

  /** Windows that a block is read for. */
  private static final int ROWS = 32;

  private final int size;
  private final int stride;

  /** Of each block {@code [stride, BLOCK]}, zero where it has fewer windows. */
  private final float[][][] blocks;

  /** Takes what is measured. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes the distances of one window.
     *
     * @param number its place in {@code rows}
     * @param distances its distance to each of the windows; overwritten afterwards
     */
    void accept(int number, double[] distances);
  }

  /** Distances to the windows of {@code among}. */
  WindowDistances(LabelledWindows windows, int[] among) {
    size = among.length;
    stride = windows.stride();
    blocks = new float[(size + BLOCK - 1) / BLOCK][stride][BLOCK];
    for (int j = 0; j < size; j++) {
      for (int k = 0; k < stride; k++) {
        blocks[j / BLOCK][k][j % BLOCK] = windows.values()[among[j] * stride + k];
      }
    }
  }

  /** Gives {@code sink} the distances of each window of {@code rows}, in order. */
  void from(LabelledWindows windows, int[] rows, Sink sink) {
    double[][] distances = new double[Math.min(ROWS, rows.length)][size];
    float[] sums = new float[BLOCK];
    for (int first = 0; first < rows.length; first += ROWS) {
      int count = Math.min(ROWS, rows.length - first);
      for (int b = 0; b < blocks.length; b++) {
        int held = Math.min(BLOCK, size - b * BLOCK);
        for (int i = 0; i < count; i++) {
          Arrays.fill(sums, 0);
          add(windows.values(), rows[first + i] * stride, blocks[b], sums);
          for (int j = 0; j < held; j++) {
            distances[i][b * BLOCK + j] = Math.sqrt(sums[j] / stride);
          }
        }
      }
      for (int i = 0; i < count; i++) {
        sink.accept(first + i, distances[i]);
      }
    }
  }

  /** Adds the squared differences of a window to the sums of a block, value by value. */
  private void add(float[] values, int from, float[][] block, float[] sums) {
    int k = 0;
    for (; k + 4 <= stride; k += 4) {
      add(
          values[from + k],
          values[from + k + 1],
          values[from + k + 2],
          values[from + k + 3],
          block[k],
          block[k + 1],
          block[k + 2],
          block[k + 3],
          sums);
    }
    for (; k < stride; k++) {
      add(values[from + k], block[k], sums);
    }
  }

  private static void add(float value, float[] others, float[] sums) {
    for (int j = 0; j < BLOCK; j++) {
      float difference = value - others[j];
      sums[j] += difference * difference;
    }
  }

  /** Adds four values at once, because reading and writing the sums takes longer than the rest. */
  private static void add(
      float a,
      float b,
      float c,
      float d,
      float[] others0,
      float[] others1,
      float[] others2,
      float[] others3,
      float[] sums) {
    for (int j = 0; j < BLOCK; j++) {
      float da = a - others0[j];
      float db = b - others1[j];
      float dc = c - others2[j];
      float dd = d - others3[j];
      sums[j] = sums[j] + da * da + db * db + dc * dc + dd * dd;
    }
  }
}
