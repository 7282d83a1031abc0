package io.tardiff.schematransforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.google.common.collect.ImmutableList;
import io.tardiff.cohort.Cohort;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.simulated.SimulatedIcu;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs pipelines of schema transforms. The direct runner cannot run the portable form that an
 * expansion service returns, so the transforms are created by the providers here, as the service
 * does.
 */
class PipelinesTest {
  private static final Map<String, Object> WINDOWS =
      Map.of("steps", 12, "step_minutes", 240, "channels", List.of("HR", "SBP", "RR"));

  private static final int STAYS = 40;

  @TempDir Path directory;

  /**
   * Creates a pipeline without the direct runner's checks, which encode every row, like the
   * launcher.
   */
  private static Pipeline pipeline() {
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(
                "--enforceImmutability=false", "--enforceEncodability=false")
            .create());
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static PCollectionRowTuple apply(
      Pipeline pipeline, PCollection<Row> input, String name, Map<String, ?> fields) {
    PCollectionRowTuple inputs =
        input == null
            ? PCollectionRowTuple.empty(pipeline)
            : PCollectionRowTuple.of("input", input);
    return inputs.apply(name, Given.transform(name, fields));
  }

  private static Map<String, Object> with(Map<String, Object> fields, Object... more) {
    Map<String, Object> all = new HashMap<>(fields);
    for (int i = 0; i < more.length; i += 2) {
      all.put((String) more[i], more[i + 1]);
    }
    return all;
  }

  /** Serialised with the pipeline. */
  private interface Checks extends Serializable {
    void of(List<Row> rows);
  }

  private static void check(PCollection<Row> rows, Checks checks) {
    PAssert.that(rows)
        .satisfies(
            found -> {
              checks.of(ImmutableList.copyOf(found));
              return null;
            });
  }

  @Test
  void allStepsInOnePipeline() {
    Pipeline pipeline = pipeline();
    PCollection<Row> events =
        apply(pipeline, null, "read_simulated", Map.of("stays", 160, "simulation_seed", 1))
            .get("output");
    PCollection<Row> cohort =
        apply(pipeline, events, "build_cohort", with(WINDOWS, "output", path("cohort")))
            .get("output");
    PCollection<Row> exported =
        apply(pipeline, cohort, "export_cohort", Map.of("export", List.of("csv"))).get("output");
    PCollection<Row> model =
        apply(
                pipeline,
                exported,
                "train",
                with(
                    Map.of(
                        "output",
                        path("model"),
                        "denoiser",
                        "tiny",
                        "noise_steps",
                        50,
                        "training_steps",
                        5,
                        "batch_size",
                        16,
                        "classifier_epochs",
                        1,
                        "missingness",
                        "masks",
                        "classifier_inputs",
                        "values_mask"),
                    "generate_statics",
                    true))
            .get("output");
    PCollection<Row> pool =
        apply(
                pipeline,
                model,
                "generate",
                Map.of(
                    "output",
                    path("pool"),
                    "guidance_rules",
                    List.of("mean_shift"),
                    "guidance_scales",
                    List.of(0.5),
                    "sampling_steps",
                    2,
                    "sampling_batch",
                    32,
                    "count",
                    40,
                    "sample_labels",
                    "balanced",
                    "pool_factor",
                    1.5))
            .get("output");
    PCollection<Row> sets =
        apply(
                pipeline,
                pool,
                "select",
                Map.of(
                    "output", path("synthetic"),
                    "model", path("model"),
                    "cohort", path("cohort"),
                    "count", 40,
                    "sample_labels", "balanced",
                    "selection_features", List.of("best"),
                    "fourier_features", 16))
            .get("output");
    PCollectionRowTuple evaluated =
        apply(
            pipeline,
            sets,
            "evaluate",
            Map.of(
                "output", path("evaluation"),
                "cohort", path("cohort"),
                "evaluation_models", List.of("cnn_mask"),
                "evaluation_seeds", 1,
                "alphas", List.of(0.2),
                "max_ks", 1.0));
    PCollection<Row> windows =
        apply(pipeline, evaluated.get("chosen"), "read_synthetic", Map.of()).get("output");
    PCollection<Row> steps =
        apply(
                pipeline,
                pool,
                "read_synthetic",
                Map.of("channels", List.of("RR", "HR", "RR_observed", "Age")))
            .get("output");

    String cohortPath = path("cohort");
    check(
        exported,
        rows -> {
          assertThat(rows, hasSize(1));
          assertThat(rows.get(0).getString("cohort"), is(cohortPath));
          assertThat(rows.get(0).getInt64("train_windows"), greaterThan(60L));
        });
    check(model, rows -> assertThat(rows.get(0).getInt32("epochs"), is(1)));
    check(
        pool,
        rows ->
            assertThat(
                rows.stream().map(r -> r.getString("name") + " " + r.getInt64("samples")).toList(),
                containsInAnyOrder("none 60", "mean_shift-0.5 60")));
    check(
        sets,
        rows ->
            assertThat(
                rows.stream().map(r -> r.getString("name") + " " + r.getInt64("samples")).toList(),
                containsInAnyOrder(
                    "none 40",
                    "mean_shift-0.5 40",
                    "none-herding 40",
                    "mean_shift-0.5-herding 40")));
    check(
        evaluated.get("output"),
        rows -> {
          assertThat(rows.stream().map(r -> r.getString("protocol")).toList(), hasItem("TRTR"));
          Row first = rows.get(0);
          assertThat(first.getRow("auroc").getDouble("mean"), greaterThan(0.0));
          assertThat(first.getString("model"), is("cnn_mask"));
        });
    check(
        windows,
        rows -> {
          assertThat(rows, hasSize(40));
          Row window = rows.get(0);
          assertThat(window.getArray("channels"), is(List.of("HR", "SBP", "RR")));
          assertThat(window.getInt32("steps"), is(12));
          assertThat(window.getArray("values"), hasSize(36));
          assertThat(window.getArray("mask"), hasSize(36));
          assertThat(window.getArray("static_names"), hasItem("Age"));
          assertThat(window.getArray("statics"), hasSize(window.getArray("static_names").size()));
        });
    check(
        steps,
        rows -> {
          assertThat(rows, hasSize(2 * 60 * 12));
          // Simulated adults: checks that channels match their names.
          double heart = rows.stream().mapToDouble(r -> r.getFloat("HR")).average().orElseThrow();
          double breath = rows.stream().mapToDouble(r -> r.getFloat("RR")).average().orElseThrow();
          assertThat(heart, greaterThan(breath + 30));
          assertThat(
              rows.stream().map(r -> r.getBoolean("RR_observed")).distinct().toList(),
              containsInAnyOrder(true, false));
          // One age for each window.
          assertThat(
              rows.stream()
                  .map(r -> r.getString("name") + r.getInt64("sample_id") + " " + r.getFloat("Age"))
                  .distinct()
                  .count(),
              is(2L * 60));
        });
    pipeline.run().waitUntilFinish();
    assertThat(Files.exists(directory.resolve("evaluation/metrics.json")), is(true));
    assertThat(Files.exists(directory.resolve("cohort/export/train.csv")), is(true));
  }

  /**
   * Rows of other pipelines may have times as text, NaN for a missing number, or lack a column. The
   * cohort they are compared with is built on Flink.
   */
  @Test
  void rowsOfAnotherPipelineGiveTheSameCohort() {
    Pipeline pipeline = pipeline();
    PCollection<EhrEvent> events = pipeline.apply(SimulatedIcu.of(STAYS).withSeed(1));
    Schema schema =
        Schema.builder()
            .addNullableStringField("time")
            .addStringField("subject_id")
            .addStringField("stay_id")
            .addStringField("code")
            .addNullableDoubleField("numeric_value")
            .addNullableStringField("unit")
            .build();
    PCollection<Row> theirs =
        events
            .apply(
                MapElements.into(TypeDescriptors.rows())
                    .via(
                        event ->
                            Row.withSchema(schema)
                                .addValues(
                                    event.getTime() == null ? null : event.getTime().toString(),
                                    event.getSubjectId(),
                                    event.getStayId(),
                                    event.getCode(),
                                    event.getNumericValue() == null
                                        ? (Double) Double.NaN
                                        : event.getNumericValue(),
                                    event.getUnit())
                                .build()))
            .setRowSchema(schema);
    apply(pipeline, theirs, "build_cohort", with(WINDOWS, "output", path("theirs")));
    pipeline.run().waitUntilFinish();

    Pipeline flink =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs("--runner=FlinkRunner", "--flinkMaster=[local]")
                .create());
    PCollection<Row> ours =
        apply(flink, null, "read_simulated", Map.of("stays", STAYS, "simulation_seed", 1))
            .get("output");
    apply(flink, ours, "build_cohort", with(WINDOWS, "output", path("ours")));
    flink.run().waitUntilFinish();
    assertThat(Cohort.open(path("theirs")).hash(), is(Cohort.open(path("ours")).hash()));
  }

  @Test
  void malformedRowsGoToTheConfiguredOutput() throws Exception {
    Path set = Files.createDirectories(directory.resolve("in/set-a"));
    Files.writeString(
        set.resolve("132539.txt"),
        "Time,Parameter,Value\n00:00,RecordID,132539\n00:00,Age,54\n00:07,HR,73\n00:37,HR,fast\n");
    Files.writeString(
        directory.resolve("in/Outcomes-a.txt"),
        "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death\n132539,6,1,5,-1,0\n");
    Pipeline pipeline = pipeline();
    PCollectionRowTuple read =
        apply(
            pipeline,
            null,
            "read_physionet2012",
            Map.of(
                "input", directory.resolve("in").toString(),
                "dead_letter_threshold", 0.5,
                "error_handling", Map.of("output", "bad")));
    check(
        read.get("bad"),
        rows -> {
          assertThat(rows, hasSize(1));
          assertThat(rows.get(0).getInt64("count"), is(1L));
          assertThat(rows.get(0).getString("reason"), is("value is not a number"));
        });
    check(
        read.get("output"),
        rows -> assertThat(rows.stream().map(r -> r.getString("code")).toList(), hasItem("HR")));

    Schema schema =
        Schema.builder()
            .addInt64Field("subject_id")
            .addStringField("code")
            .addStringField("time")
            .build();
    PCollection<Row> rows =
        pipeline.apply(
            "Rows",
            Create.of(
                    Row.withSchema(schema).addValues(1L, "HR", "yesterday").build(),
                    Row.withSchema(schema).addValues(2L, "", "2020-01-01").build(),
                    Row.withSchema(schema).addValues(3L, "HR", "2020-01-01 10:00").build())
                .withRowSchema(schema));
    PCollectionTuple events = EventRows.parse(rows);
    check(
        Rows.ofDeadLetters(events.get(EhrTags.deadLetters())),
        bad ->
            assertThat(
                bad.stream()
                    .map(row -> row.getString("source") + ": " + row.getString("reason"))
                    .toList(),
                containsInAnyOrder("events: time is not a time", "events: code is empty")));
    check(
        Rows.of(events.get(EhrTags.events())),
        good -> {
          assertThat(good, hasSize(1));
          assertThat(good.get(0).getString("subject_id"), is("3"));
          assertThat(good.get(0).getDateTime("time").toString(), is("2020-01-01T10:00:00.000Z"));
        });
    pipeline.run().waitUntilFinish();
  }
}
