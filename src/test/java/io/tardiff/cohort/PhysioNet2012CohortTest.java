package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.RealData;
import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.physionet2012.PhysioNet2012;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cohort of the real PhysioNet 2012 set A, if it is on this machine. */
class PhysioNet2012CohortTest {
  private static final Path DATA = RealData.at("physionet2012");

  @Test
  void setA(@TempDir Path output) {
    RealData.require(DATA);
    // The direct runner's checks of every element would take most of the time.
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--enforceImmutability=false", "--enforceEncodability=false")
                .create());
    PCollectionTuple read = pipeline.apply(PhysioNet2012.read().from(DATA.toString()));
    read.get(EhrTags.events())
        .apply(BuildCohort.to(output.toString()).after(read.apply(DeadLetterThreshold.of(0))));
    pipeline.run().waitUntilFinish();
    Cohort cohort = Cohort.open(output.toString());

    List<Cohort.Attrition> attrition = cohort.attrition();
    assertThat(attrition.get(0).left(), is(4000L));
    // Three stays hold descriptors only, fifty more none of the nine channels.
    assertThat(attrition.get(4).dropped(), is(53L));
    assertThat(attrition.get(4).left(), is(3947L));
    assertThat(cohort.count(Split.TRAIN), is(2374L));
    assertThat(cohort.count(Split.TUNING), is(781L));
    assertThat(cohort.count(Split.HELD_OUT), is(792L));
    assertThat(
        cohort.hash(), is("c10ac622fe33c772c5930b582f30d337baa10eb3d5a7994b588e62fe68f52de1"));
  }
}
