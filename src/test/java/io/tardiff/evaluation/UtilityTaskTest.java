package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.tardiff.evaluation.EvaluationConfig.TsrtrSets;
import io.tardiff.synthetic.SyntheticSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class UtilityTaskTest {
  private static final SyntheticSet UNGUIDED = Scores.UNGUIDED;
  private static final SyntheticSet GOOD = Scores.guided("mean_shift", 0.1);
  private static final SyntheticSet BAD = Scores.guided("mean_shift", 1);
  private static final GuidanceChoice CHOICE = GuidanceChoice.of(UNGUIDED, GOOD, "gru", "");
  private static final EvaluationConfig CONFIG = EvaluationConfig.defaults();

  @Test
  void plansEveryModelWithEverySeed() {
    assertThat(UtilityTask.trtr(CONFIG), hasSize(2 * 3));
    assertThat(UtilityTask.tstr(CONFIG, BAD), hasSize(2 * 3));
  }

  @Test
  void tsrtrUsesTheBaselineAndTheBestSet() {
    assertThat(UtilityTask.tsrtr(CONFIG, UNGUIDED, CHOICE), hasSize(3 * 2 * 3));
    assertThat(UtilityTask.tsrtr(CONFIG, GOOD, CHOICE), hasSize(3 * 2 * 3));
    assertThat(UtilityTask.tsrtr(CONFIG, BAD, CHOICE), empty());
    assertThat(
        UtilityTask.tsrtr(CONFIG.withTsrtrSets(TsrtrSets.ALL), BAD, CHOICE), hasSize(3 * 2 * 3));
  }

  @Test
  void plansOnlyTheConfiguredProtocols() {
    EvaluationConfig config = CONFIG.withProtocols(List.of(Protocol.TSTR));
    assertThat(UtilityTask.trtr(config), empty());
    assertThat(UtilityTask.tsrtr(config, UNGUIDED, CHOICE), empty());
  }

  @Test
  void namesDescribeTheTask() {
    assertThat(
        UtilityTask.tsrtr(CONFIG, GOOD, CHOICE).get(0).name(),
        is("TSRTR of mean_shift 0.1, alpha 0.2: gru, seed 1"));
    assertThat(UtilityTask.trtr(CONFIG).get(0).name(), is("TRTR: gru, seed 1"));
  }
}
