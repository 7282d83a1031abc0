package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.service.AutoService;
import com.google.common.primitives.Booleans;
import com.google.common.primitives.Floats;
import io.tardiff.cohort.WindowExport;
import io.tardiff.options.Values;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.SyntheticSample;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the windows of synthetic sets. */
@AutoService(SchemaTransformProvider.class)
public final class ReadSynthetic extends Provider<ReadSynthetic.Fields> {
  /** A window as one row. */
  static final Schema WINDOW =
      Schema.builder()
          .addStringField("name")
          .addInt64Field("sample_id")
          .addInt32Field("label")
          .addInt32Field("steps")
          .addDoubleField("step_minutes")
          .addArrayField("channels", FieldType.STRING)
          .addArrayField("units", FieldType.STRING)
          .addArrayField("values", FieldType.FLOAT)
          .addArrayField("mask", FieldType.BOOLEAN)
          .addArrayField("static_names", FieldType.STRING)
          .addArrayField("statics", FieldType.FLOAT)
          .addArrayField("probabilities", FieldType.FLOAT)
          .build();

  /** The end of the name of a column that says whether a channel was observed. */
  private static final String OBSERVED = "_observed";

  /** The fields of the row of a step before its channels. */
  private static final List<String> STEP_FIELDS = List.of("name", "sample_id", "label", "step");

  public ReadSynthetic() {
    super(
        "read_synthetic",
        List.of(INPUT),
        List.of(OUTPUT),
        Fields.class,
        "Reads the windows of synthetic sets, to write them to BigQuery, Parquet or elsewhere."
            + " Takes rows of sets from generate, select or the output chosen of evaluate. Outputs"
            + " a row for each window: name (of the set), sample_id, label, steps, step_minutes,"
            + " channels, units, values, step by step, in clinical units, mask, whether each was"
            + " observed, static_names and statics, in clinical units, NaN where unknown, and"
            + " probabilities, the soft label; both are empty in a set without them. With the field"
            + " channels, a row for each step: name, sample_id, label, step (from 0), and a column"
            + " for each channel, static covariate or class probability.");
  }

  /** The fields of the configuration. */
  @Description("Rows")
  public interface Fields extends PipelineOptions {
    @Description(
        "Channels of the sets that become columns, in this order; HR_observed is a column that says"
            + " whether HR was observed; Age is one with a static covariate, the same in all rows of"
            + " a window, and p_1 one with the probability of class 1 in the soft label, for sets"
            + " that have them. Without it, each window is one row.")
    @Values(form = "name,name,...", items = Values.Items.WORDS)
    String getChannels();

    void setChannels(String channels);
  }

  @Override
  Expansion prepare(Fields fields, Row row, Problems problems) {
    List<String> channels =
        fields.getChannels() == null ? null : TextList.words(fields.getChannels());
    Schema schema =
        channels == null ? WINDOW : problems.get("channels", WINDOW, () -> steps(channels));
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.sets(inputs)
                .apply("Read windows", io.tardiff.synthetic.ReadSynthetic.samples())
                .apply("To rows", ParDo.of(new RowsFn(channels, schema)))
                .setRowSchema(schema));
  }

  private static Schema steps(List<String> channels) {
    Set<String> distinct = new HashSet<>(channels);
    checkArgument(
        !channels.isEmpty()
            && distinct.size() == channels.size()
            && STEP_FIELDS.stream().noneMatch(distinct::contains),
        "channels must be at least one, distinct and none of %s, were %s",
        STEP_FIELDS,
        channels);
    Schema.Builder schema =
        Schema.builder()
            .addStringField("name")
            .addInt64Field("sample_id")
            .addInt32Field("label")
            .addInt32Field("step");
    channels.forEach(
        column -> schema.addField(column, isMask(column) ? FieldType.BOOLEAN : FieldType.FLOAT));
    return schema.build();
  }

  private static boolean isMask(String column) {
    return column.endsWith(OBSERVED);
  }

  /** Returns the channel of a column. */
  private static String channel(String column) {
    return isMask(column) ? column.substring(0, column.length() - OBSERVED.length()) : column;
  }

  private static final class RowsFn extends DoFn<SyntheticSample, Row> {
    private final @Nullable List<String> channels;
    private final Schema schema;

    RowsFn(@Nullable List<String> channels, Schema schema) {
      this.channels = channels;
      this.schema = schema;
    }

    @ProcessElement
    public void process(@Element SyntheticSample sample, OutputReceiver<Row> output) {
      if (channels == null) {
        output.output(
            Row.withSchema(schema)
                .addValues(sample.getSet(), sample.getSampleId(), sample.getLabel())
                .addValues(sample.getSteps(), sample.getStepMinutes())
                .addArray(sample.getChannels())
                .addArray(sample.getUnits())
                .addArray(Floats.asList(sample.getValues()))
                .addArray(Booleans.asList(sample.getMask()))
                .addArray(sample.getStaticNames())
                .addArray(Floats.asList(sample.getStatics()))
                .addArray(Floats.asList(sample.getProbabilities()))
                .build());
        return;
      }
      List<String> probabilities =
          IntStream.range(0, sample.getProbabilities().length)
              .mapToObj(WindowExport::probability)
              .toList();
      checkArgument(
          channels.stream()
              .allMatch(
                  column ->
                      sample.getChannels().contains(channel(column))
                          || sample.getStaticNames().contains(column)
                          || probabilities.contains(column)),
          "channels must be among those of the set %s, %s, its static covariates, %s, or its class"
              + " probabilities, %s, were %s",
          sample.getSet(),
          sample.getChannels(),
          sample.getStaticNames(),
          probabilities,
          channels);
      for (int step = 0; step < sample.getSteps(); step++) {
        Row.Builder row =
            Row.withSchema(schema)
                .addValues(sample.getSet(), sample.getSampleId(), sample.getLabel(), step);
        for (String column : channels) {
          String channel = channel(column);
          if (sample.getStaticNames().contains(column)) {
            row.addValue(sample.getStatics()[sample.getStaticNames().indexOf(column)]);
          } else if (!sample.getChannels().contains(channel)) {
            row.addValue(sample.getProbabilities()[probabilities.indexOf(column)]);
          } else if (isMask(column)) {
            row.addValue(sample.isObserved(step, channel));
          } else {
            row.addValue(sample.value(step, channel));
          }
        }
        output.output(row.build());
      }
    }
  }
}
