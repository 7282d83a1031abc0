package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Channel 0 is log-normal, channel 1 is mostly at its maximum (like GCS), channel 2 is constant.
 */
class NormalisersTest {
  private static final WindowSpec SPEC =
      WindowSpec.of(
          4,
          Duration.ofHours(1),
          List.of(
              WindowSpec.Channel.of("Urine", "mL"),
              WindowSpec.Channel.of("GCS", "points"),
              WindowSpec.Channel.of("Flag", "1")),
          List.of(),
          2);

  @ParameterizedTest
  @EnumSource(NormalisationMethod.class)
  void denormaliseIsTheInverse(NormalisationMethod method) {
    Normaliser normaliser = fit(method);
    for (int i = 0; i < 200; i++) {
      float[] window = window(new Random(i), i).values();
      float[] round = window.clone();
      normaliser.normalise(round);
      normaliser.denormalise(round);
      for (int j = 0; j < window.length; j++) {
        assertThat((double) round[j], closeTo(window[j], 1e-4 * Math.abs(window[j])));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(NormalisationMethod.class)
  void jsonGivesTheSameArithmetic(NormalisationMethod method) throws Exception {
    Normaliser normaliser = fit(method);
    JsonNode json = new ObjectMapper().readTree(Normalisers.toJson(normaliser).toString());
    Normaliser again = Normalisers.fromJson(json);
    float[] a = window(new Random(77), 0).values();
    float[] b = a.clone();
    normaliser.normalise(a);
    again.normalise(b);
    assertThat(b, is(a));
    assertThat(again.low(), is(normaliser.low()));
    assertThat(again.high(), is(normaliser.high()));
  }

  @ParameterizedTest
  @EnumSource(NormalisationMethod.class)
  void orderIsKept(NormalisationMethod method) {
    Normaliser normaliser = fit(method);
    float last = Float.NEGATIVE_INFINITY;
    for (float value = -50; value < 5_000; value += 7.3f) {
      float[] row = {value, 10, 1};
      normaliser.normalise(row);
      assertThat(row[0], greaterThan(last));
      last = row[0];
    }
  }

  @Test
  void minMaxSpansMinusOneToOne() {
    Normaliser normaliser = fit(NormalisationMethod.MIN_MAX);
    assertThat(normaliser.low()[0], is(-1f));
    assertThat(normaliser.high()[0], is(1f));
  }

  @Test
  void quantileMapsASkewedChannelToANormal() {
    Normaliser normaliser = fit(NormalisationMethod.QUANTILE);
    // Quantiles of exp(4 + z): the normal score is z.
    for (double z : new double[] {-2, -1, 0, 1, 2}) {
      float[] row = {(float) Math.exp(4 + z), 15, 1};
      normaliser.normalise(row);
      assertThat((double) row[0], closeTo(z, 0.15));
      // 15 holds the upper half: the middle of its ranks is 0.75.
      assertThat((double) row[1], closeTo(0.674, 0.1));
    }
  }

  @Test
  void robustHasMedianZeroAndTheSpreadOfANormal() {
    Normaliser normaliser = fit(NormalisationMethod.ROBUST);
    float[] row = {(float) Math.exp(4), 15, 1};
    normaliser.normalise(row);
    assertThat((double) row[0], closeTo(0, 0.05));
    double iqr = Math.exp(4.6745) - Math.exp(3.3255);
    float[] upper = {(float) (Math.exp(4) + iqr / 1.349), 15, 1};
    normaliser.normalise(upper);
    assertThat((double) upper[0], closeTo(1, 0.1));
  }

  @Test
  void damagedJsonNamesTheField() {
    ObjectNode json = Normalisers.toJson(fit(NormalisationMethod.Z_SCORE));
    json.remove("scale");
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Normalisers.fromJson(json)).getMessage(),
        is("field scale is missing"));
    json.put("method", "magic");
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Normalisers.fromJson(json)).getMessage(),
        is("normalisation must be z_score, min_max, robust or quantile, was magic"));
  }

  @Test
  void specRoundTripsThroughJson() {
    assertThat(WindowSpecs.fromJson(WindowSpecs.toJson(SPEC)), is(SPEC));
  }

  private static Normaliser fit(NormalisationMethod method) {
    CohortSummary.Fn fn = new CohortSummary.Fn(SPEC);
    CohortSummary summary = fn.createAccumulator();
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      summary = fn.addInput(summary, window(random, i));
    }
    return NormaliserFitting.fit(method, summary);
  }

  private static EhrWindow window(Random random, int number) {
    float[] values = new float[12];
    for (int i = 0; i < values.length; i += 3) {
      values[i] = (float) Math.exp(4 + random.nextGaussian());
      values[i + 1] = random.nextBoolean() ? 15 : 3 + random.nextInt(12);
      values[i + 2] = 1;
    }
    return new EhrWindow(
        "w" + number, "w" + number, 0, Split.TRAIN, values, new boolean[12], new float[0]);
  }
}
