package io.tardiff.influence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.influence.ClassifierConfig.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class ClassifierConfigTest {
  private static final ClassifierConfig GRU = ClassifierConfig.forName("gru");

  @Test
  void defaultsMatchTheManual() {
    assertEquals(Kind.GRU, GRU.kind());
    assertEquals(64, GRU.hidden());
    assertEquals(2, GRU.layers());
    assertEquals(0.2, GRU.dropout());
    assertEquals(3, ClassifierConfig.forName("cnn").layers());
    assertEquals(2, ClassifierConfig.forName("transformer").layers());
    assertEquals(1, ClassifierConfig.forName("summary").layers());
  }

  @Test
  void everyOptionCanBeSet() {
    ClassifierConfig config =
        GRU.withInputs(ClassifierInputs.VALUES_MASK).withHidden(7).withLayers(1).withDropout(0);
    assertEquals(
        "ClassifierConfig{kind=GRU, inputs=VALUES_MASK, hidden=7, layers=1, dropout=0.0}",
        config.toString());
    assertEquals(7, GRU.withHidden(7).hidden());
    assertEquals(64, GRU.hidden());
  }

  @Test
  void invalidOptionsAreNamedWithTheirValue() {
    assertError(
        "classifier must be gru, cnn, transformer or summary, was lstm",
        () -> ClassifierConfig.forName("lstm"));
    assertError("hidden must be at least 1, was 0", () -> GRU.withHidden(0));
    assertError("layers must be at least 1, was 0", () -> GRU.withLayers(0));
    assertError("dropout must be at least 0 and below 1, was 1.0", () -> GRU.withDropout(1));
    assertError(
        "dropout must be at least 0 and below 1, was NaN", () -> GRU.withDropout(Double.NaN));
  }

  private static void assertError(String message, Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
