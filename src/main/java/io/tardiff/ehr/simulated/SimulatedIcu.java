package io.tardiff.ehr.simulated;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Events of a simulated intensive care unit; the package documentation has its equations.
 *
 * <pre>{@code
 * PCollection<EhrEvent> events = pipeline.apply(SimulatedIcu.of(1_000).withSeed(7));
 * }</pre>
 *
 * <p>A stay depends on the seed and its own number only: it is the same on any runner and in a
 * cohort of any size, and stays are made in parallel.
 */
public final class SimulatedIcu extends PTransform<PBegin, PCollection<EhrEvent>> {
  private static final long serialVersionUID = 1L;

  private final long stays;
  private final long seed;

  private SimulatedIcu(long stays, long seed) {
    this.stays = stays;
    this.seed = seed;
  }

  /** A cohort of so many stays, each of another subject, with seed 0. */
  public static SimulatedIcu of(long stays) {
    checkArgument(stays >= 1, "stays must be at least 1, was %s", stays);
    return new SimulatedIcu(stays, 0);
  }

  /** Another seed gives other patients. */
  public SimulatedIcu withSeed(long seed) {
    return new SimulatedIcu(stays, seed);
  }

  @Override
  public PCollection<EhrEvent> expand(PBegin begin) {
    return begin
        .apply("Stay numbers", GenerateSequence.from(0).to(stays))
        .apply("Simulate", ParDo.of(new SimulateFn(seed)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("stays", stays).withLabel("Simulated stays"));
    builder.add(DisplayData.item("seed", seed).withLabel("Seed"));
  }

  private static final class SimulateFn extends DoFn<Long, EhrEvent> {
    private final long seed;

    SimulateFn(long seed) {
      this.seed = seed;
    }

    @ProcessElement
    public void process(@Element Long stay, OutputReceiver<EhrEvent> output) {
      new SimulatedStay(seed, stay).events().forEach(output::output);
    }
  }
}
