package io.tardiff.ehr;

import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Fails the run on the first unusable row of a small table. The dead-letter threshold would not
 * notice a lost label or split among millions of measurements.
 */
@Internal
public final class FailOnBadRows
    extends PTransform<PCollection<DeadLetter>, PCollection<DeadLetter>> {
  private static final long serialVersionUID = 1L;

  @Override
  public PCollection<DeadLetter> expand(PCollection<DeadLetter> deadLetters) {
    return deadLetters.apply("Refuse", ParDo.of(new FailFn()));
  }

  private static final class FailFn extends DoFn<DeadLetter, DeadLetter> {
    @ProcessElement
    public void process(@Element DeadLetter row) {
      throw new IllegalStateException(
          "table "
              + row.getSource()
              + " has an unusable row, but every row of it is needed: "
              + row.getReason());
    }
  }
}
