package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.service.AutoService;
import com.google.auto.value.AutoValue;
import com.google.common.primitives.Floats;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.generation.SyntheticSet;
import io.tardiff.generation.SyntheticWindow;
import io.tardiff.generation.SyntheticWindows;
import io.tardiff.training.TarDiffModel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Synthetic sets to their windows. */
@AutoService(SchemaTransformProvider.class)
public final class ReadSynthetic extends Provider<ReadSynthetic.Configuration> {
  /** A window as one row. */
  static final Schema WINDOW =
      Schema.builder()
          .addStringField("name")
          .addInt64Field("sample_id")
          .addInt32Field("label")
          .addInt32Field("steps")
          .addArrayField("channels", FieldType.STRING)
          .addArrayField("values", FieldType.FLOAT)
          .build();

  /** What a row of a step has before its channels. */
  private static final List<String> STEP_FIELDS = List.of("name", "sample_id", "label", "step");

  public ReadSynthetic() {
    super(
        "read_synthetic",
        List.of(INPUT),
        List.of(OUTPUT),
        "Reads the windows of synthetic sets, so that they can be written to BigQuery, Parquet or"
            + " wherever. Takes rows of sets as generate, select and the output chosen of evaluate"
            + " give them. A row comes out for each window: name (of the set), sample_id, label,"
            + " steps, channels, and values, step after step, in clinical units; with the field"
            + " channels, a row for each step: name, sample_id, label, step (from 0), and a column"
            + " for each channel.");
  }

  /** Fields. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Configuration {
    @SchemaFieldDescription(
        "Directory of the models, as train wrote it: they tell the channels. It need not be there"
            + " before the sets are.")
    public abstract String getModel();

    @SchemaFieldDescription(
        "Channels to give a column each, in this order, all or some of those of the model; each"
            + " window is one row where it is left out.")
    public abstract @Nullable List<String> getChannels();
  }

  @Override
  Expansion prepare(Configuration given, Fields fields) {
    fields.checkNamed("model", given.getModel());
    List<String> channels = given.getChannels();
    Schema schema =
        channels == null ? WINDOW : fields.get("channels", WINDOW, () -> steps(channels));
    return inputs ->
        PCollectionRowTuple.of(
            OUTPUT,
            Rows.sets(inputs)
                .apply("Spread sets", Reshuffle.viaRandomKey())
                .apply("Read windows", ParDo.of(new ReadFn(given.getModel(), channels, schema)))
                .setRowSchema(schema));
  }

  private static Schema steps(List<String> channels) {
    Set<String> distinct = new HashSet<>(channels);
    checkArgument(
        !channels.isEmpty()
            && distinct.size() == channels.size()
            && STEP_FIELDS.stream().noneMatch(distinct::contains),
        "channels must be at least one, all different and none of %s, were %s",
        STEP_FIELDS,
        channels);
    Schema.Builder schema =
        Schema.builder()
            .addStringField("name")
            .addInt64Field("sample_id")
            .addInt32Field("label")
            .addInt32Field("step");
    channels.forEach(schema::addFloatField);
    return schema.build();
  }

  private static final class ReadFn extends DoFn<SyntheticSet, Row> {
    private final String model;
    private final @Nullable List<String> channels;
    private final Schema schema;

    ReadFn(String model, @Nullable List<String> channels, Schema schema) {
      this.model = model;
      this.channels = channels;
      this.schema = schema;
    }

    @ProcessElement
    public void process(@Element SyntheticSet set, OutputReceiver<Row> output) {
      WindowSpec spec = TarDiffModel.open(model).spec();
      List<String> all = spec.channels().stream().map(WindowSpec.Channel::name).toList();
      if (channels != null) {
        checkArgument(
            all.containsAll(channels),
            "channels must be among those of the model, %s, were %s",
            all,
            channels);
      }
      SyntheticWindows.forEach(
          set,
          window -> {
            checkArgument(
                window.values().length == spec.size(),
                "model must be the one that drew %s: its windows hold %s values, not %s",
                set.getDirectory(),
                spec.size(),
                window.values().length);
            if (channels == null) {
              output.output(
                  Row.withSchema(schema)
                      .addValues(set.name(), window.sampleId(), window.label(), spec.steps())
                      .addArray(all)
                      .addArray(Floats.asList(window.values()))
                      .build());
            } else {
              for (int step = 0; step < spec.steps(); step++) {
                output.output(row(set, window, step, all));
              }
            }
          });
    }

    private Row row(SyntheticSet set, SyntheticWindow window, int step, List<String> all) {
      Row.Builder row =
          Row.withSchema(schema).addValues(set.name(), window.sampleId(), window.label(), step);
      for (String channel : channels) {
        row.addValue(window.values()[step * all.size() + all.indexOf(channel)]);
      }
      return row.build();
    }
  }
}
