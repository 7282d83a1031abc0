package io.tardiff.evaluation;

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

  MeasureSetFn(EvaluationSource source, EvaluationConfig config) {
    this.source = source;
    this.discriminative = config.discriminators();
  }

  @Teardown
  public void release() {
    discriminators.close();
  }

  @ProcessElement
  public void process(@Element Task task, OutputReceiver<SetMeasures> output) {
    RealWindows real = source.real();
    output.output(
        SetMeasures.measure(
            real,
            task.set(),
            task.set() == null ? real.tuning() : source.synthetic(task.set()),
            discriminative,
            discriminators));
  }
}
