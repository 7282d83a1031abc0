package io.tardiff.ehr.meds;

import io.tardiff.ehr.DeadLetter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Fails the run with the first row of a small table that cannot be used: among millions of
 * measurements it would be no share at all, and yet a label is gone, or a subject in another split.
 */
final class RefuseBadRows extends PTransform<PCollection<DeadLetter>, PCollection<DeadLetter>> {
  private static final long serialVersionUID = 1L;

  @Override
  public PCollection<DeadLetter> expand(PCollection<DeadLetter> deadLetters) {
    return deadLetters.apply("Refuse", ParDo.of(new RefuseFn()));
  }

  private static final class RefuseFn extends DoFn<DeadLetter, DeadLetter> {
    @ProcessElement
    public void process(@Element DeadLetter row) {
      throw new IllegalStateException(
          "every row of the table "
              + row.getSource()
              + " must be usable, but in one "
              + row.getReason());
    }
  }
}
