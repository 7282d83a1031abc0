package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LabelMixTest {
  private static final long[] TRAIN = {2074, 336};

  @Test
  void asTrainRepeatsTheCounts() {
    assertThat(LabelMix.asTrain().resolve(TRAIN), is(TRAIN));
  }

  @Test
  void anotherTotalKeepsTheProportions() {
    assertThat(LabelMix.asTrain().withTotal(4820).resolve(TRAIN), is(new long[] {4148, 672}));
    long[] few = LabelMix.asTrain().withTotal(10).resolve(TRAIN);
    assertThat(few, is(new long[] {9, 1}));
  }

  @Test
  void balancedSharesEvenlyAndAddsUp() {
    long[] counts = LabelMix.balanced().withTotal(100).resolve(new long[] {5, 6, 7});

    assertThat(Arrays.stream(counts).sum(), is(100L));
    assertThat(Arrays.stream(counts).max().getAsLong(), is(34L));
    assertThat(Arrays.stream(counts).min().getAsLong(), is(33L));
  }

  @Test
  void countsAreTakenAsGiven() {
    assertThat(LabelMix.parse("1=50, 0=100").resolve(TRAIN), is(new long[] {100, 50}));
    assertThat(LabelMix.parse("1=5").resolve(TRAIN), is(new long[] {0, 5}));
  }

  @Test
  void errorsNameTheValidValues() {
    assertThat(
        message(() -> LabelMix.parse("half")), containsString("as_train, balanced or counts"));
    assertThat(message(() -> LabelMix.parse("0=-1")), containsString("at least 0"));
    assertThat(message(() -> LabelMix.parse("2=1").resolve(TRAIN)), containsString("from 0 to 1"));
    assertThat(message(() -> LabelMix.asTrain().withTotal(0)), containsString("was 0"));
    assertThat(
        message(() -> LabelMix.parse("0=1").withTotal(5)), containsString("count must not be set"));
  }

  private static String message(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }
}
