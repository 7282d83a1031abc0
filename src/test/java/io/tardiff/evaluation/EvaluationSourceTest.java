package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationSourceTest {

  /** A cohort of a hospital fits in memory once, not once for each thread and step. */
  @Test
  void aWorkerHoldsTheCohortOnce(@TempDir Path directory) {
    String cohort = Fixtures.cohort(directory).directory();
    EvaluationSource first = new EvaluationSource(cohort, ImmutableList.of());
    EvaluationSource second = new EvaluationSource(cohort, ImmutableList.of());
    RealWindows real = first.real();
    assertThat(second.real(), is(sameInstance(real)));
    first.close();
    assertThat(second.real(), is(sameInstance(real)));
    second.close();
    assertThat(first.real(), is(not(sameInstance(real))));
    first.close();
  }
}
