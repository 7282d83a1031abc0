package io.tardiff.tensorflow;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WeightsTest {
  private static final Weights WEIGHTS =
      Weights.of(
          List.of(
              new Weights.Weight(
                  "a/kernel",
                  new long[] {2, 3},
                  new float[] {1.1f, -0f, Float.MIN_VALUE, 1e30f, Float.NaN, 0.1f}),
              new Weights.Weight("scalar", new long[] {}, new float[] {7}),
              new Weights.Weight("empty", new long[] {0, 4}, new float[] {})));

  private static byte[] written(Weights weights) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    weights.write(out);
    return out.toByteArray();
  }

  private static Weights read(byte[] bytes) throws IOException {
    return Weights.read(new ByteArrayInputStream(bytes));
  }

  @Test
  void roundTripIsExact() throws IOException {
    Weights read = read(written(WEIGHTS));
    assertEquals(
        WEIGHTS.all().stream().map(Weights.Weight::name).toList(),
        read.all().stream().map(Weights.Weight::name).toList());
    for (Weights.Weight weight : WEIGHTS.all()) {
      Weights.Weight other = read.get(weight.name());
      assertArrayEquals(weight.shape(), other.shape());
      assertArrayEquals(bits(weight.values()), bits(other.values()));
    }
    assertEquals(7, read.size());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void sameWeightsGiveTheSameBytes() throws IOException {
    assertArrayEquals(written(WEIGHTS), written(read(written(WEIGHTS))));
  }

  @Test
  void truncatedFileIsAnError() throws IOException {
    // Large enough for several blocks, so that a cut can fall between two.
    List<Weights.Weight> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(new Weights.Weight("w" + i, new long[] {2500}, new float[2500]));
    }
    byte[] bytes = written(Weights.of(many));
    int errors = 0;
    for (int length = 0; length < bytes.length; length += 997) {
      try {
        assertEquals(100_000, read(Arrays.copyOf(bytes, length)).size(), "cut to " + length);
      } catch (IOException e) {
        errors++;
      }
    }
    assertThat(errors, greaterThan(bytes.length / 997 - 2));
  }

  @Test
  void anotherKindOfFileIsAnError() {
    byte[] text = "model, version 1".getBytes(StandardCharsets.UTF_8);
    assertThrows(IOException.class, () -> read(text));
  }

  @Test
  void corruptFileThrowsNothingButIoExceptions() throws IOException {
    byte[] bytes = written(WEIGHTS);
    for (int i = 0; i < bytes.length; i++) {
      byte[] corrupt = bytes.clone();
      corrupt[i] ^= 0x55;
      try {
        read(corrupt);
      } catch (IOException expected) {
        // A corrupt value cannot be detected; anything else is reported as an IOException.
      }
    }
  }

  @Test
  void shapeAndValuesMustAgree() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Weights.Weight("a", new long[] {2, 2}, new float[3]));
    assertThat(e.getMessage(), containsString("values of a must hold 4 numbers"));
  }

  @Test
  void duplicateAndMissingNamesAreErrors() {
    assertThrows(IllegalArgumentException.class, () -> WEIGHTS.plus(WEIGHTS));
    Exception e = assertThrows(IllegalArgumentException.class, () -> WEIGHTS.get("b"));
    assertThat(e.getMessage(), containsString("there is no weight b"));
  }

  @Test
  void mismatchWithTheNetworkNamesTheFile() {
    Weights weights =
        Weights.of(List.of(new Weights.Weight("head/w", new long[] {2}, new float[] {1, 2})))
            .from("model/classifier-001.avro");

    assertThat(
        assertThrows(IllegalArgumentException.class, () -> weights.get("head/w", new long[] {3}))
            .getMessage(),
        is(
            "model/classifier-001.avro does not fit its network: weight head/w must be of shape [3],"
                + " was [2]"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> weights.get("stem/w")).getMessage(),
        containsString(
            "model/classifier-001.avro does not fit its network: there is no weight stem/w"));
  }

  @Test
  void valuesThatAreNotFiniteAreRejected() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      Weights weights =
          Weights.of(List.of(new Weights.Weight("w", new long[] {2}, new float[] {1, value})));
      assertThat(
          assertThrows(IllegalArgumentException.class, weights::checkFinite).getMessage(),
          is("weight w must hold finite numbers only, held " + value));
    }
  }
}
