package io.tardiff.cohort;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.BigEndianLongCoder;

/**
 * Learns the resolution of each channel: counts how many measured values are multiples of each of
 * {@link #RESOLUTIONS}.
 *
 * <p>Only a value that differs from the one before it in its window counts, and zero does not: a
 * score that stays at 15, or a flag that is mostly 0, says nothing about the values between. Steps
 * with several measurements hold their mean, which may lie between values of the scale, so a share
 * of {@link #ENOUGH} is enough.
 */
final class ScaleCounts {
  /** In descending order. */
  static final double[] RESOLUTIONS = {10, 5, 1, 0.5, 0.1, 0.05, 0.01, 0.001};

  /** Share of values on a scale from which it is the channel's. */
  static final double ENOUGH = 0.8;

  /** Number of values from which a resolution is learned. */
  static final long EVIDENCE = 50;

  /** Largest distance of a value from a multiple of the resolution, as a share of it. */
  private static final double TOLERANCE = 1e-3;

  private static final BigEndianLongCoder LONGS = BigEndianLongCoder.of();

  private final long[] values;
  private final long[][] onScale;

  ScaleCounts(int channels) {
    values = new long[channels];
    onScale = new long[channels][RESOLUTIONS.length];
  }

  void add(EhrWindow window) {
    int channels = values.length;
    float[] previous = new float[channels];
    boolean[] isMeasured = window.mask();
    for (int i = 0; i < isMeasured.length; i++) {
      float value = window.values()[i];
      if (isMeasured[i] && Float.isFinite(value)) {
        int channel = i % channels;
        // Of zeros none counts, so the first value of a window needs no case of its own.
        if (value != previous[channel]) {
          add(channel, value);
        }
        previous[channel] = value;
      }
    }
  }

  /** Counts a value, unless it is zero. */
  void add(int channel, float value) {
    if (value == 0) {
      return;
    }
    values[channel]++;
    for (int r = 0; r < RESOLUTIONS.length; r++) {
      double resolution = RESOLUTIONS[r];
      double nearest = ChannelScale.nearest(value, resolution);
      double distance = Math.abs(value - nearest);
      // A float cannot tell multiples that are closer to each other than its own last digit.
      double digit = Math.ulp(value);
      // Close to zero is no multiple.
      if (nearest != 0
          && digit < TOLERANCE * resolution
          && distance <= TOLERANCE * resolution + digit) {
        onScale[channel][r]++;
      }
    }
  }

  void merge(ScaleCounts other) {
    for (int c = 0; c < values.length; c++) {
      values[c] += other.values[c];
      for (int r = 0; r < RESOLUTIONS.length; r++) {
        onScale[c][r] += other.onScale[c][r];
      }
    }
  }

  /** Returns the coarsest resolution that fits a channel, or 0 if none does. */
  double resolution(int channel) {
    for (int r = 0; values[channel] >= EVIDENCE && r < RESOLUTIONS.length; r++) {
      if (onScale[channel][r] >= ENOUGH * values[channel]) {
        return RESOLUTIONS[r];
      }
    }
    return 0;
  }

  /** Returns the resolution of a concept, or the one of its channel if it has none. */
  double resolution(int channel, Concept concept) {
    Double defined = concept.resolution();
    return defined == null ? resolution(channel) : defined;
  }

  void encode(OutputStream out) throws IOException {
    for (int c = 0; c < values.length; c++) {
      LONGS.encode(values[c], out);
      for (long count : onScale[c]) {
        LONGS.encode(count, out);
      }
    }
  }

  /** Reads the counts of as many channels as this has. */
  void decode(InputStream in) throws IOException {
    for (int c = 0; c < values.length; c++) {
      values[c] = LONGS.decode(in);
      for (int r = 0; r < RESOLUTIONS.length; r++) {
        onScale[c][r] = LONGS.decode(in);
      }
    }
  }
}
