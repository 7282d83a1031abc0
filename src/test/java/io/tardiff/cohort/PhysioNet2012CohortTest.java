package io.tardiff.cohort;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.physionet2012.PhysioNet2012;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cohort of the real PhysioNet 2012 set A, where it lies on this machine. */
class PhysioNet2012CohortTest {
  private static final Path DATA =
      Path.of(
              System.getProperty(
                  "tardiff.data", Path.of(System.getProperty("user.dir"), "../shared/data") + ""))
          .resolve("physionet2012");

  @Test
  @org.junit.jupiter.api.Timeout(280)
  void setA(@TempDir Path output) {
    assumeTrue(
        Files.isDirectory(DATA),
        "PhysioNet 2012 is not on this machine (set -Dtardiff.data): nothing was tested");
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--enforceImmutability=false", "--enforceEncodability=false")
                .create());
    PCollectionTuple read = pipeline.apply(PhysioNet2012.read().from(DATA.toString()));
    read.get(EhrTags.events())
        .apply(BuildCohort.to(output.toString()).after(read.apply(DeadLetterThreshold.of(0))));
    long start = System.nanoTime();
    pipeline.run().waitUntilFinish();
    System.out.println((System.nanoTime() - start) / 1e9 + " s");
    Cohort cohort = Cohort.open(output.toString());
    System.out.println(cohort.json().toPrettyString());
  }
}
