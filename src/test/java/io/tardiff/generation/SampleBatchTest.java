package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.influence.Guidance;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleBatchTest {

  @Test
  void idsAreConsecutiveAcrossLabels() {
    List<SampleBatch> batches = SampleBatch.plan(Guidance.none(), new long[] {5, 0, 3}, 4);

    assertThat(
        batches,
        is(
            List.of(
                SampleBatch.of(Guidance.none(), 0, 0, 4),
                SampleBatch.of(Guidance.none(), 0, 4, 1),
                SampleBatch.of(Guidance.none(), 2, 5, 3))));
  }

  @Test
  void keepsItsGuidance() {
    Guidance guidance = Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.03);

    assertThat(SampleBatch.of(guidance, 0, 0, 1).guidance(), is(guidance));
    assertThat(
        SampleBatch.of(Guidance.of(Guidance.Rule.INTERPOLATION, 0), 0, 0, 1).guidance(),
        is(Guidance.none()));
  }
}
