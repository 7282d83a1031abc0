package io.tardiff.schematransforms;

import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.EhrTags;
import io.tardiff.options.DeadLetterOptions;
import io.tardiff.settings.Problems;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Base of the transforms that read rows. Malformed rows are counted, and output if {@code
 * error_handling} names an output, as in Beam's own transforms.
 */
abstract class Reading<O extends DeadLetterOptions> extends Provider<O> {
  static final List<String> OUTPUTS = List.of(OUTPUT, "errors");

  private static final String ERROR_HANDLING = "error_handling";
  private static final Schema ERRORS = Schema.builder().addStringField("output").build();

  Reading(String name, List<String> inputs, Class<O> type, String description) {
    super(name, inputs, OUTPUTS, type, description);
  }

  abstract Expansion prepare(O options, DeadLetters deadLetters, Problems problems);

  @Override
  final List<Schema.Field> moreFields() {
    return List.of(
        Schema.Field.nullable(ERROR_HANDLING, FieldType.row(ERRORS))
            .withDescription(
                "Name of the output for malformed rows: source, line, reason and count, never a"
                    + " value. Without it, they are only counted."));
  }

  @Override
  final Expansion prepare(O options, Row row, Problems problems) {
    Row errors = row.getSchema().hasField(ERROR_HANDLING) ? row.getRow(ERROR_HANDLING) : null;
    String output = errors == null ? null : errors.getString("output");
    if (output != null && (output.isBlank() || output.equals(OUTPUT))) {
      problems.addAsIs("error_handling.output must be a name other than output, was " + output);
    }
    DeadLetterThreshold threshold =
        problems.get(
            "deadLetterThreshold",
            DeadLetterThreshold.of(DeadLetterThreshold.DEFAULT_SHARE),
            () -> DeadLetterThreshold.of(options.getDeadLetterThreshold()));
    return prepare(options, new DeadLetters(threshold, output), problems);
  }

  /** Handles the dead letters of a reader. */
  record DeadLetters(DeadLetterThreshold threshold, @Nullable String output) {
    /** Outputs the number of dead letters; fails the run if there are too many. */
    PCollection<Long> check(PCollectionTuple read) {
      return read.apply("Check dead letters", threshold);
    }

    /** Adds the output for dead letters, if one is configured. */
    PCollectionRowTuple with(PCollectionRowTuple outputs, PCollectionTuple read) {
      if (output == null) {
        return outputs;
      }
      PCollection<Row> letters = Rows.ofDeadLetters(read.get(EhrTags.deadLetters()));
      return outputs.and(output, letters);
    }

    /** Returns the outputs of a reader of events. */
    PCollectionRowTuple events(PCollectionTuple read) {
      check(read);
      return with(PCollectionRowTuple.of(OUTPUT, Rows.of(read.get(EhrTags.events()))), read);
    }
  }
}
