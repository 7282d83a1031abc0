package io.tardiff.schematransforms;

import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.EhrTags;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.apache.beam.sdk.schemas.transforms.providers.ErrorHandling;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What becomes of rows that cannot be read: fields of every transform that reads some. */
abstract class ReadConfiguration {
  @SchemaFieldDescription(
      "Largest share of input rows that may be malformed, 0 to 1; a larger share fails the run."
          + " 0.01 where it is left out.")
  public abstract @Nullable Double getDeadLetterThreshold();

  @SchemaFieldDescription(
      "Name of the output for rows that could not be read: source, line, reason and count, never"
          + " a value. They are only counted where it is left out.")
  public abstract @Nullable ErrorHandling getErrorHandling();

  final DeadLetters deadLetters(Fields fields) {
    String output = ErrorHandling.getOutputOrNull(getErrorHandling());
    if (output != null && (output.isBlank() || output.equals(Provider.OUTPUT))) {
      fields.add("error_handling.output must be a name other than output, was " + output);
    }
    DeadLetterThreshold threshold = DeadLetterThreshold.of(DeadLetterThreshold.DEFAULT_SHARE);
    return new DeadLetters(
        fields.apply(
            "dead_letter_threshold",
            getDeadLetterThreshold(),
            threshold,
            (t, share) -> DeadLetterThreshold.of(share)),
        output);
  }

  /** What is done with the dead letters of a reader. */
  record DeadLetters(DeadLetterThreshold threshold, @Nullable String output) {
    /** Fails the run where there are too many; the number of them comes out otherwise. */
    PCollection<Long> check(PCollectionTuple read) {
      return read.apply("Check dead letters", threshold);
    }

    /** Adds the output for them, where one is asked for. */
    PCollectionRowTuple with(PCollectionRowTuple outputs, PCollectionTuple read) {
      if (output == null) {
        return outputs;
      }
      PCollection<Row> letters = Rows.ofDeadLetters(read.get(EhrTags.deadLetters()));
      return outputs.and(output, letters);
    }

    /** The rows of a reader of events. */
    PCollectionRowTuple events(PCollectionTuple read) {
      check(read);
      return with(
          PCollectionRowTuple.of(Provider.OUTPUT, Rows.of(read.get(EhrTags.events()))), read);
    }
  }
}
