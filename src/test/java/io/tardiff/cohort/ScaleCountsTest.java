package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleCountsTest {
  private final Random random = new Random(1);

  private static EhrWindow window(float[] values, boolean[] mask) {
    return new EhrWindow("w", "s", 0, Split.TRAIN, values, mask, new float[0]);
  }

  private static double learned(int values, DoubleSupplier next) {
    float[] window = new float[values];
    boolean[] mask = new boolean[values];
    for (int i = 0; i < values; i++) {
      window[i] = (float) next.getAsDouble();
    }
    Arrays.fill(mask, true);
    ScaleCounts counts = new ScaleCounts(1);
    counts.add(window(window, mask));
    return counts.resolution(0);
  }

  @ParameterizedTest
  @CsvSource({"10", "5", "1", "0.5", "0.1", "0.05", "0.01", "0.001"})
  void findsTheCoarsestScale(double resolution) {
    assertThat(
        learned(2000, () -> resolution * Math.rint(20 + 5 * random.nextGaussian())),
        is(resolution));
  }

  @Test
  void measurementsHaveNoScaleIfTheyCanBeAnyNumber() {
    assertThat(learned(2000, () -> 80 + 10 * random.nextGaussian()), is(0.0));
    assertThat(learned(2000, () -> 1e-4 * random.nextGaussian()), is(0.0));
  }

  @Test
  void meansOfSeveralMeasurementsMayLieBetween() {
    assertThat(
        learned(
            3000,
            () -> {
              double one = Math.rint(80 + 10 * random.nextGaussian());
              double other = Math.rint(80 + 10 * random.nextGaussian());
              return random.nextDouble() < 0.8 ? one : (one + other) / 2;
            }),
        is(1.0));
    // Half of them are no scale.
    assertThat(
        learned(
            3000,
            () ->
                random.nextBoolean()
                    ? Math.rint(80 + 10 * random.nextGaussian())
                    : 80 + 10 * random.nextGaussian()),
        is(0.0));
  }

  @Test
  void frequentValueDoesNotMakeTheScaleCoarse() {
    // A flag that is mostly 0, and a score that mostly stays at its best value.
    assertThat(learned(2000, () -> random.nextDouble() < 0.1 ? 1 : 0), is(1.0));
    assertThat(
        learned(4000, () -> random.nextDouble() < 0.9 ? 15 : 3 + random.nextInt(12)), is(1.0));
  }

  @Test
  void largeNumbersDoNotLieOnAScaleFinerThanTheirDigits() {
    assertThat(learned(2000, () -> 1e6 + 1e5 * random.nextGaussian()), is(0.0));
  }

  @Test
  void fewValuesAreNoEvidence() {
    assertThat(learned((int) ScaleCounts.EVIDENCE - 1, () -> random.nextInt(1000) + 1), is(0.0));
  }

  @Test
  void onlyMeasuredValuesCount() throws IOException {
    // Channel 0 is measured in whole numbers and filled with others, channel 1 is never measured.
    float[] values = new float[2000];
    boolean[] mask = new boolean[2000];
    for (int i = 0; i < values.length; i += 2) {
      mask[i] = i % 4 == 0;
      values[i] = mask[i] ? random.nextInt(50) + 60 : 71.37f;
      values[i + 1] = 3;
    }
    ScaleCounts counts = new ScaleCounts(2);
    counts.add(window(values, mask));
    assertThat(counts.resolution(0), is(1.0));
    assertThat(counts.resolution(1), is(0.0));

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    counts.encode(bytes);
    ScaleCounts decoded = new ScaleCounts(2);
    decoded.decode(new ByteArrayInputStream(bytes.toByteArray()));
    ScaleCounts merged = new ScaleCounts(2);
    merged.merge(decoded);
    assertThat(merged.resolution(0), is(1.0));
  }

  @Test
  void scaleOfPartsIsThatOfAll() {
    ScaleCounts parts = new ScaleCounts(1);
    for (int part = 0; part < 10; part++) {
      float[] values = new float[20];
      boolean[] mask = new boolean[20];
      Arrays.fill(mask, true);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.1 * Math.rint(370 + 10 * random.nextGaussian()));
      }
      ScaleCounts counts = new ScaleCounts(1);
      counts.add(window(values, mask));
      parts.merge(counts);
    }
    assertThat(parts.resolution(0), is(0.1));
  }
}
