package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.simulated.SimulatedIcu;
import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pins the hash of a cohort: a changed hash is a changed cohort, which belongs in the release
 * notes.
 */
class SimulatedCohortTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void hashIsTheSameWithAnyNumberOfWorkers(int workers, @TempDir Path directory) {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--targetParallelism=" + workers).create());
    pipeline.apply(SimulatedIcu.of(200).withSeed(1)).apply(BuildCohort.to(directory.toString()));
    pipeline.run().waitUntilFinish();

    Cohort cohort = Cohort.open(directory.toString());
    assertThat(
        cohort.hash(), is("2a25df0dcfa24e1f625dfafe6e8cd212a5d43800054ba3c101251f424e7b02c8"));
  }
}
