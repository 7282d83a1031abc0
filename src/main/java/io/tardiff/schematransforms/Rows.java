package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.Cohort;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TarDiffModel;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.TypeName;
import org.apache.beam.sdk.schemas.transforms.Convert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Converts between rows and the types of the library. */
final class Rows {
  /** A synthetic set. */
  static final Schema SET =
      Schema.builder()
          .addStringField("name")
          .addStringField("directory")
          .addStringField("guidance_rule")
          .addDoubleField("guidance_scale")
          .addStringField("selection")
          .addInt64Field("samples")
          .build();

  static final Schema DEAD_LETTER =
      Schema.builder()
          .addStringField("source")
          .addNullableInt64Field("line")
          .addStringField("reason")
          .addInt64Field("count")
          .build();

  private Rows() {}

  /** Returns the rows of the only input. */
  static PCollection<Row> input(PCollectionRowTuple inputs) {
    checkArgument(
        inputs.getAll().size() == 1, "expected one input, were %s", inputs.getAll().keySet());
    return inputs.getSinglePCollection();
  }

  /** Returns a text column of the input. */
  static PCollection<String> column(PCollectionRowTuple inputs, String column) {
    PCollection<Row> rows = input(inputs);
    Schema schema = rows.getSchema();
    checkArgument(
        schema.hasField(column)
            && schema.getField(column).getType().getTypeName() == TypeName.STRING,
        "input must have a string field %s, its rows have %s",
        column,
        schema.getFieldNames());
    return rows.apply(
        "Column " + column,
        MapElements.into(TypeDescriptors.strings()).via(row -> row.getString(column)));
  }

  /** Opens the cohorts in the directories that the input names. */
  static PCollection<Cohort> cohorts(PCollectionRowTuple inputs) {
    return column(inputs, "cohort")
        .apply("Open cohorts", MapElements.into(TypeDescriptor.of(Cohort.class)).via(Cohort::open));
  }

  /** Opens the models in the directories that the input names. */
  static PCollection<TarDiffModel> models(PCollectionRowTuple inputs) {
    return column(inputs, "model")
        .apply(
            "Open models",
            MapElements.into(TypeDescriptor.of(TarDiffModel.class)).via(TarDiffModel::open));
  }

  /** Opens the sets in the directories that the input names. */
  static PCollection<SyntheticSet> sets(PCollectionRowTuple inputs) {
    return column(inputs, "directory")
        .apply(
            "Open sets",
            MapElements.into(TypeDescriptor.of(SyntheticSet.class)).via(SyntheticSet::open));
  }

  static PCollection<Row> ofSets(PCollection<SyntheticSet> sets) {
    return sets.apply("As rows", MapElements.into(TypeDescriptors.rows()).via(Rows::ofSet))
        .setRowSchema(SET);
  }

  private static Row ofSet(SyntheticSet set) {
    return Row.withSchema(SET)
        .addValues(
            set.name(),
            set.directory(),
            set.guidance().rule().label(),
            set.guidance().scale(),
            set.selection().label(),
            set.count())
        .build();
  }

  /**
   * Converts values of a type with a schema to rows, with fields in snake case, as outside Java.
   */
  static <T> PCollection<Row> of(PCollection<T> values) {
    Schema schema = values.getSchema().toSnakeCase();
    boolean flat =
        schema.getFields().stream()
            .noneMatch(field -> field.getType().getTypeName() == TypeName.ROW);
    return values
        .apply("As rows", Convert.toRows())
        .apply(
            "In snake case",
            MapElements.into(TypeDescriptors.rows())
                .via(
                    row ->
                        // Fast path, because toSnakeCase creates a schema per row.
                        flat
                            ? Row.withSchema(schema).attachValues(row.getValues())
                            : row.toSnakeCase()))
        .setRowSchema(schema);
  }

  /** Converts dead letters to rows: each distinct one with its count. */
  static PCollection<Row> ofDeadLetters(PCollection<DeadLetter> letters) {
    return letters
        .apply("Count", Count.perElement())
        .apply(
            "As rows",
            MapElements.into(TypeDescriptors.rows())
                .via(
                    counted ->
                        Row.withSchema(DEAD_LETTER)
                            .addValues(
                                counted.getKey().getSource(),
                                counted.getKey().getLine(),
                                counted.getKey().getReason(),
                                counted.getValue())
                            .build()))
        .setRowSchema(DEAD_LETTER);
  }
}
