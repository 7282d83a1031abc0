package io.tardiff.evaluation;

import io.tardiff.progress.Progress;
import io.tardiff.progress.SharedProgress;
import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Measures fidelity, plausibility and privacy of one set. */
final class MeasureSetFn extends DoFn<MeasureSetFn.Task, SetMeasures> {

  /** The set to measure; null for the reference, the real tuning split. */
  @DefaultCoder(SerializableCoder.class)
  record Task(@Nullable SyntheticSet set) implements Serializable {}

  private final EvaluationSource source;
  private final EvaluationConfig.Discriminators discriminative;
  private final DownstreamTrainer discriminators = new DiscriminativeTrainer();
  private final int expectedSets;

  private transient @Nullable SharedProgress progress;

  MeasureSetFn(EvaluationSource source, EvaluationConfig config, int expectedSets) {
    this.source = source;
    this.discriminative = config.discriminators();
    this.expectedSets = expectedSets;
  }

  @Teardown
  public void release() {
    discriminators.close();
    source.close();
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }

  @ProcessElement
  public void process(@Element Task task, OutputReceiver<SetMeasures> output) {
    if (progress == null) {
      // The reference is measured too.
      int sets = expectedSets == 0 ? 0 : expectedSets + 1;
      progress = SharedProgress.start(source.cohort(), "Measuring sets", sets, "sets");
    }
    String name = task.set() == null ? "real tuning windows" : task.set().title();
    try (Progress.Working measuring = progress.working(name)) {
      RealWindows real = source.real();
      output.output(
          SetMeasures.measure(
              real,
              task.set(),
              task.set() == null ? real.tuning() : source.synthetic(task.set()),
              discriminative,
              discriminators));
    }
    progress.advance(1);
  }
}
