package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.tardiff.evaluation.EvaluationConfig.TsrtrSets;
import io.tardiff.influence.Purpose;
import io.tardiff.synthetic.SyntheticSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class UtilityTaskTest {
  private static final SyntheticSet UNGUIDED = Scores.UNGUIDED;
  private static final SyntheticSet GOOD = Scores.guided("mean_shift", 0.1);
  private static final SyntheticSet BAD = Scores.guided("mean_shift", 1);
  private static final GuidanceChoice CHOICE =
      GuidanceChoice.of(Purpose.REPLACE, UNGUIDED, GOOD, "gru", "");
  private static final EvaluationConfig CONFIG = EvaluationConfig.defaults();

  @Test
  void plansEveryModelWithEverySeed() {
    assertThat(UtilityTask.real(CONFIG), hasSize(2 * 3));
    assertThat(UtilityTask.tstr(CONFIG, BAD), hasSize(2 * 3));
  }

  @Test
  void baselinesAreFittedWithEveryModelAndSeed() {
    List<UtilityTask> real =
        UtilityTask.real(CONFIG.withBaselines(List.of(Baseline.GUIDANCE_SET, Baseline.JITTER)));
    assertThat(real, hasSize(3 * 2 * 3));
    assertThat(real.get(0).baseline(), is((Baseline) null));
    assertThat(real.get(6).name(), is("BASELINE guidance_set: gru, seed 1"));
    assertThat(real.get(6).decides(CONFIG.withPurpose(Purpose.AUGMENT)), is(false));
  }

  @Test
  void tsrtrUsesTheBaselineAndTheBestSet() {
    assertThat(UtilityTask.tsrtr(CONFIG, UNGUIDED, CHOICE), hasSize(3 * 2 * 3));
    assertThat(UtilityTask.tsrtr(CONFIG, GOOD, CHOICE), hasSize(3 * 2 * 3));
    assertThat(UtilityTask.tsrtr(CONFIG, BAD, CHOICE), empty());
    assertThat(
        UtilityTask.tsrtr(CONFIG.withTsrtrSets(TsrtrSets.ALL), BAD, CHOICE), hasSize(3 * 2 * 3));
  }

  /** What decides is fitted for every set before the choice, and never twice. */
  @Test
  void toAugmentTheFirstModelUsesEverySet() {
    EvaluationConfig config = CONFIG.withPurpose(Purpose.AUGMENT);
    assertThat(UtilityTask.tsrtrForChoice(config, UNGUIDED), hasSize(3 * 3));
    assertThat(UtilityTask.tsrtrForChoice(config, BAD), hasSize(3 * 3));
    assertThat(UtilityTask.tsrtrForChoice(CONFIG, BAD), empty());
    List<UtilityTask> rest = UtilityTask.tsrtr(config, GOOD, CHOICE);
    assertThat(rest, hasSize(3 * 3));
    assertThat(rest.stream().map(UtilityTask::model).distinct().toList(), is(List.of("cnn")));
    assertThat(UtilityTask.tsrtr(config, BAD, CHOICE), empty());
    for (UtilityTask task : UtilityTask.tsrtrForChoice(config, BAD)) {
      assertThat(task.name(), task.decides(config), is(true));
      assertThat(task.name(), task.decides(CONFIG), is(false));
    }
    assertThat(rest.get(0).decides(config), is(false));
    assertThat(UtilityTask.real(config).get(0).decides(config), is(true));
    assertThat(UtilityTask.tstr(config, BAD).get(0).decides(config), is(false));
    assertThat(UtilityTask.tstr(CONFIG, BAD).get(0).decides(CONFIG), is(true));
  }

  /** The number that the remaining time is estimated from. */
  @Test
  void fitsAreThosePlanned() {
    for (Purpose purpose : Purpose.values()) {
      for (TsrtrSets tsrtr : TsrtrSets.values()) {
        EvaluationConfig config =
            CONFIG
                .withPurpose(purpose)
                .withTsrtrSets(tsrtr)
                .withBaselines(List.of(Baseline.JITTER, Baseline.MIXUP));
        int tstr = 0;
        int forChoice = 0;
        int others = 0;
        for (SyntheticSet set : List.of(UNGUIDED, GOOD, BAD)) {
          tstr += UtilityTask.tstr(config, set).size();
          forChoice += UtilityTask.tsrtrForChoice(config, set).size();
          others += UtilityTask.tsrtr(config, set, CHOICE).size();
        }
        String reason = purpose + " " + tsrtr;
        assertThat(reason, config.realFits(), is((long) UtilityTask.real(config).size()));
        assertThat(reason, config.tstrFits(3), is((long) tstr));
        assertThat(reason, config.choiceFits(3), is((long) forChoice));
        assertThat(reason, config.tsrtrFits(3), is((long) others));
      }
    }
  }

  @Test
  void plansOnlyTheConfiguredProtocols() {
    EvaluationConfig config = CONFIG.withProtocols(List.of(Protocol.TSTR));
    assertThat(UtilityTask.real(config), empty());
    assertThat(UtilityTask.tsrtr(config, UNGUIDED, CHOICE), empty());
  }

  @Test
  void namesDescribeTheTask() {
    assertThat(
        UtilityTask.tsrtr(CONFIG, GOOD, CHOICE).get(0).name(),
        is("TSRTR of mean_shift 0.1, alpha 0.2: gru, seed 1"));
    assertThat(UtilityTask.real(CONFIG).get(0).name(), is("TRTR: gru, seed 1"));
  }
}
