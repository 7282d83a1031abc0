package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.influence.Purpose;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EvaluationConfigTest {
  private static final EvaluationConfig CONFIG = EvaluationConfig.defaults();

  @Test
  void protocolsMustIncludeThoseThatDecide() {
    rejects(
        () -> CONFIG.withProtocols(List.of(Protocol.TRTR)).checked(),
        "protocols must include TSTR, which decides the choice for the purpose replace, was"
            + " [TRTR]");
    EvaluationConfig augment = CONFIG.withPurpose(Purpose.AUGMENT);
    rejects(
        () -> augment.withProtocols(List.of(Protocol.TSTR, Protocol.TRTR)).checked(),
        "protocols must include TRTR and TSRTR, which decide the choice for the purpose augment,"
            + " was [TSTR, TRTR]");
    // In any order, and TSTR is only needed to replace.
    EvaluationConfig both =
        CONFIG
            .withProtocols(List.of(Protocol.TRTR, Protocol.TSRTR))
            .withPurpose(Purpose.AUGMENT)
            .checked();
    assertThat(both.purpose(), is(Purpose.AUGMENT));
    rejects(
        () -> EvaluateSyntheticEhr.against("cohort").withConfig(both.withPurpose(Purpose.REPLACE)),
        "protocols must include TSTR");
  }

  @Test
  void alphasMustBePositive() {
    rejects(
        () -> CONFIG.withAlphas(List.of(0.5, 0.0)),
        "alphas must be greater than 0, was [0.5, 0.0]");
    rejects(
        () -> CONFIG.withAlphas(List.of(Double.POSITIVE_INFINITY)),
        "alphas must be greater than 0");
  }

  @Test
  void valuesMustBeDistinct() {
    rejects(
        () -> CONFIG.withSeeds(List.of(1L, 1L)), "evaluationSeeds must be distinct, was [1, 1]");
    rejects(() -> CONFIG.withModels(List.of()), "evaluationModels must hold at least one value");
  }

  @Test
  void orderOfWithersDoesNotMatter() {
    EvaluationConfig config = CONFIG.withSeeds(List.of(7L)).withModels(List.of("cnn"));
    assertThat(config.seeds(), contains(7L));
    assertThat(config.models(), contains("cnn"));
    assertThat(config.equals(CONFIG.withModels(List.of("cnn")).withSeeds(List.of(7L))), is(true));
  }

  private static void rejects(Executable call, String message) {
    assertThat(
        assertThrows(IllegalArgumentException.class, call).getMessage(), containsString(message));
  }
}
