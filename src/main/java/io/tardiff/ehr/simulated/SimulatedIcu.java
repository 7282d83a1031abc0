package io.tardiff.ehr.simulated;

import com.google.common.hash.Hashing;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.settings.InvalidSettingException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Generates the events of a simulated intensive care unit; the package documentation has its
 * equations.
 *
 * <pre>{@code
 * PCollection<EhrEvent> events = pipeline.apply(SimulatedIcu.of(1_000).withSeed(7));
 * }</pre>
 *
 * <p>A stay depends only on the seed and its number: it is the same on any runner and in a cohort
 * of any size. Stays are generated in parallel.
 */
public final class SimulatedIcu extends PTransform<PBegin, PCollection<EhrEvent>> {
  private static final long serialVersionUID = 1L;

  private static final long STAYS_PER_RANGE = 100;
  private static final long MAX_RANGES = 1000;

  private final long stays;
  private final long seed;
  private final double unknownOutcomes;

  private SimulatedIcu(long stays, long seed, double unknownOutcomes) {
    this.stays = stays;
    this.seed = seed;
    this.unknownOutcomes = unknownOutcomes;
  }

  /** Generates this many stays, one per subject. Default seed: 0. */
  public static SimulatedIcu of(long stays) {
    InvalidSettingException.check(stays >= 1, "stays", stays, "must be at least 1");
    return new SimulatedIcu(stays, 0, 0);
  }

  /** Sets the seed; each seed gives different patients. */
  public SimulatedIcu withSeed(long seed) {
    return new SimulatedIcu(stays, seed, unknownOutcomes);
  }

  /**
   * Sets the share of the stays, at random, whose outcome is not stated. The other stays and all
   * measurements are the same with any share. Default: 0.
   */
  public SimulatedIcu withUnknownOutcomes(double share) {
    InvalidSettingException.check(
        share >= 0 && share <= 1, "unknownOutcomes", share, "must be from 0 to 1");
    return new SimulatedIcu(stays, seed, share);
  }

  @Override
  public PCollection<EhrEvent> expand(PBegin begin) {
    return begin
        .apply(
            "Ranges of stays",
            Create.of(ranges()).withType(TypeDescriptors.lists(TypeDescriptors.longs())))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Simulate", ParDo.of(new SimulateFn(seed, unknownOutcomes)));
  }

  /** Half-open ranges of stays: enough to spread over the workers, few enough for any runner. */
  private List<List<Long>> ranges() {
    long size = Math.max(STAYS_PER_RANGE, (stays + MAX_RANGES - 1) / MAX_RANGES);
    List<List<Long>> ranges = new ArrayList<>();
    for (long from = 0; from < stays; from += size) {
      ranges.add(List.of(from, Math.min(stays, from + size)));
    }
    return ranges;
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("stays", stays).withLabel("Simulated stays"));
    builder.add(DisplayData.item("seed", seed).withLabel("Seed"));
    builder.add(
        DisplayData.item("unknownOutcomes", unknownOutcomes)
            .withLabel("Share of unknown outcomes"));
  }

  private static final class SimulateFn extends DoFn<List<Long>, EhrEvent> {
    private final long seed;
    private final double unknownOutcomes;

    SimulateFn(long seed, double unknownOutcomes) {
      this.seed = seed;
      this.unknownOutcomes = unknownOutcomes;
    }

    @ProcessElement
    public void process(@Element List<Long> range, OutputReceiver<EhrEvent> output) {
      for (long stay = range.get(0); stay < range.get(1); stay++) {
        boolean isUnknown = position(stay) < unknownOutcomes;
        new SimulatedStay(seed, stay)
            .events().stream()
                .filter(event -> !isUnknown || !event.getCode().equals(EhrEvent.HOSPITAL_DEATH))
                .forEach(output::output);
      }
    }

    /** Returns a number in [0, 1) for a stay: a hash of stay and seed. */
    private double position(long stay) {
      long hash = Hashing.murmur3_128().newHasher().putLong(seed).putLong(stay).hash().asLong();
      return (hash >>> 11) * 0x1.0p-53;
    }
  }
}
