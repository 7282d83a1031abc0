package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows without a label trained the generator, so a copy of one is a copy of a patient. */
class UnlabelledPrivacyTest {
  @Test
  void copiesOfUnlabelledWindowsAreFound(@TempDir Path directory) {
    Cohort cohort = Cohort.open(TinyRun.unlabelledCohort(directory));
    RealWindows real = RealWindows.open(cohort);
    int labelled = (int) cohort.count(Split.TRAIN);
    int all = labelled + (int) cohort.unlabelled();
    assertThat(real.train().size(), is(labelled));
    assertThat(real.trained().size(), is(all));
    assertThat(real.trainedSubjects().length, is(all));
    assertThat(real.trained().labels()[labelled], is(EhrWindow.UNLABELLED));

    LabelledWindows unlabelled = real.trained().select(IntStream.range(labelled, all).toArray());
    LabelledWindows copies =
        new LabelledWindows(
            unlabelled.steps(),
            unlabelled.channels(),
            unlabelled.classes(),
            unlabelled.values(),
            IntStream.range(0, unlabelled.size()).map(i -> i % 2).toArray());
    Privacy privacy = Privacy.compare(real.trained(), real.heldOut(), copies).privacy();
    assertThat(privacy.exactCopies(), is(privacy.windows()));
    assertThat(Privacy.measure(real.train(), real.heldOut(), copies).exactCopies(), is(0));
    PrivacyAttacks attacks = PrivacyAttacks.measure(real, copies);
    assertThat(attacks.distance().auc(), is(greaterThan(0.6)));
  }
}
