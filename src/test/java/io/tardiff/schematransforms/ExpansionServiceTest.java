package io.tardiff.schematransforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.beam.model.expansion.v1.ExpansionApi.DiscoverSchemaTransformRequest;
import org.apache.beam.model.expansion.v1.ExpansionApi.SchemaTransformConfig;
import org.apache.beam.model.expansion.v1.ExpansionServiceGrpc;
import org.apache.beam.model.pipeline.v1.ExternalTransforms.ExpansionMethods;
import org.apache.beam.model.pipeline.v1.ExternalTransforms.SchemaTransformPayload;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.expansion.service.ExpansionServer;
import org.apache.beam.sdk.expansion.service.ExpansionService;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.SchemaTranslation;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.util.construction.BeamUrns;
import org.apache.beam.sdk.util.construction.External;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.vendor.grpc.v1p69p0.com.google.protobuf.ByteString;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.ManagedChannel;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.ManagedChannelBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Beam's expansion service with the transforms on its class path, called like Python does. The
 * system property {@code tardiff.expansionService} names a running one, such as that of the jar.
 */
class ExpansionServiceTest {
  private static final String SPEC = BeamUrns.getUrn(ExpansionMethods.Enum.SCHEMA_TRANSFORM);

  @TempDir static Path directory;

  private static ExpansionServer server;
  private static String address;

  @BeforeAll
  static void start() throws IOException {
    address = System.getProperty("tardiff.expansionService");
    if (address != null) {
      return;
    }
    // Artifacts for workers, of which there are none here.
    server =
        ExpansionServer.create(
            new ExpansionService(new String[] {"--filesToStage=pom.xml"}), "localhost", 0);
    address = "localhost:" + server.getPort();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static Map<String, SchemaTransformConfig> discover() throws InterruptedException {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    try {
      return ExpansionServiceGrpc.newBlockingStub(channel)
          .discoverSchemaTransform(DiscoverSchemaTransformRequest.getDefaultInstance())
          .getSchemaTransformConfigsMap();
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  /** Expands with the discovered schema, like Python's ExternalTransformProvider. */
  private static PCollectionTuple expand(PInput input, String name, Map<String, ?> fields) {
    Schema schema = Given.provider(name).configurationSchema();
    return expand(input, name, Given.row(schema, fields));
  }

  private static PCollectionTuple expand(PInput input, String name, Row configuration) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      RowCoder.of(configuration.getSchema()).encode(configuration, bytes);
      byte[] payload =
          SchemaTransformPayload.newBuilder()
              .setIdentifier(Given.provider(name).identifier())
              .setConfigurationSchema(
                  SchemaTranslation.schemaToProto(configuration.getSchema(), true))
              .setConfigurationRow(ByteString.copyFrom(bytes.toByteArray()))
              .build()
              .toByteArray();
      External.MultiOutputExpandableTransform<PInput> transform =
          External.<PInput, Row>of(SPEC, payload, address).withMultiOutputs();
      return input.getPipeline().apply(name, new Applied(input, transform));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Applies a transform with an untyped input to a pipeline. */
  private static final class Applied extends PTransform<PBegin, PCollectionTuple> {
    private final transient PInput input;
    private final transient External.MultiOutputExpandableTransform<PInput> transform;

    Applied(PInput input, External.MultiOutputExpandableTransform<PInput> transform) {
      this.input = input;
      this.transform = transform;
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      return Pipeline.applyTransform("External", input, transform);
    }
  }

  @SuppressWarnings("unchecked")
  private static PCollection<Row> output(PCollectionTuple outputs, String name) {
    return (PCollection<Row>) (PCollection<?>) outputs.get(new TupleTag<>(name));
  }

  @Test
  void allTransformsAreDiscovered() throws Exception {
    Map<String, SchemaTransformConfig> discovered = discover();
    for (Provider<?> provider : ReferencePage.providers()) {
      SchemaTransformConfig config = discovered.get(provider.identifier());
      assertThat(provider.name(), config.getDescription(), is(provider.description()));
      assertThat(config.getInputPcollectionNamesList(), is(provider.inputCollectionNames()));
      assertThat(config.getOutputPcollectionNamesList(), is(provider.outputCollectionNames()));
      assertThat(
          config.getConfigSchema().getFieldsList().stream().map(field -> field.getName()).toList(),
          is(List.copyOf(new TreeSet<>(provider.configurationSchema().getFieldNames()))));
    }
  }

  @Test
  void completePipelineIsExpanded() {
    Pipeline pipeline = Pipeline.create();
    PCollection<Row> events =
        output(expand(pipeline.begin(), "read_simulated", Map.of("stays", 10)), "output");
    PCollection<Row> cohort =
        output(
            expand(
                events,
                "build_cohort",
                Map.of("output", "/c", "error_handling", Map.of("output", "bad"))),
            "output");
    assertThat(cohort.getSchema(), is(Cohorts.COHORT));
    PCollection<Row> exported =
        output(expand(cohort, "export_cohort", Map.of("export", List.of("csv"))), "output");
    PCollection<Row> model =
        output(expand(exported, "train", Map.of("output", "/m", "training_steps", 10)), "output");
    PCollection<Row> pool =
        output(
            expand(
                model,
                "generate",
                Map.of(
                    "output",
                    "/p",
                    "cohort",
                    "/c",
                    "guidance_rules",
                    List.of("moment"),
                    "moment_scales",
                    List.of(0.5),
                    "pool_factor",
                    2)),
            "output");
    PCollection<Row> sets =
        output(
            expand(pool, "select", Map.of("output", "/s", "model", "/m", "cohort", "/c")),
            "output");
    assertThat(sets.getSchema(), is(Rows.SET));
    PCollectionTuple evaluated = expand(sets, "evaluate", Map.of("output", "/e", "cohort", "/c"));
    assertThat(
        output(evaluated, "output").getSchema().getFieldNames(),
        hasItems("protocol", "guidance_rule", "auroc", "tuning_auprc", "gain"));
    PCollection<Row> windows =
        output(
            expand(
                output(evaluated, "chosen"),
                "read_synthetic",
                Map.of("channels", List.of("HR", "RR"))),
            "output");
    assertThat(
        windows.getSchema().getFieldNames(),
        is(List.of("name", "sample_id", "label", "step", "HR", "RR")));

    RunnerApi.Pipeline proto = PipelineTranslation.toProto(pipeline);
    // Every step runs in Java, with the jar of the service for its workers.
    assertThat(
        proto.getComponents().getEnvironmentsMap().values().stream()
            .filter(environment -> environment.getDependenciesCount() > 0)
            .count(),
        is(not(0L)));
    String steps = proto.getComponents().getTransformsMap().values().toString();
    assertThat(steps, allOf(containsString("Train denoiser"), containsString("Choose guidance")));
  }

  @Test
  void otherTransformsAreExpanded() throws IOException {
    Files.createDirectories(directory.resolve("tables"));
    Files.writeString(directory.resolve("tables/vitals.csv"), "id,hour,hr\n1,0,80\n");
    Path mapping =
        Files.writeString(
            directory.resolve("mapping.yaml"),
            """
            tables:
              vitals:
                files: vitals.csv
                subject: id
                time: {column: hour, as: hours}
                columns:
                  hr: {code: HR}
            """);
    Path series = Files.createDirectories(directory.resolve("Two"));
    for (String part : List.of("TRAIN", "TEST")) {
      Files.writeString(series.resolve("Two_" + part + ".tsv"), "1\t0.1\t0.2\n2\t0.3\t0.4\n");
    }
    Pipeline pipeline = Pipeline.create();
    assertThat(
        output(
                expand(
                    pipeline.begin(),
                    "build_series_cohort",
                    Map.of("source", "ucr_uea", "input", series.toString(), "output", "/c")),
                "output")
            .getSchema(),
        is(Cohorts.COHORT));
    Map<String, Object> fields = new HashMap<>();
    fields.put("mapping", mapping.toString());
    fields.put("input", directory.resolve("tables").toString());
    Schema events = output(expand(pipeline.begin(), "read_tables", fields), "output").getSchema();
    assertThat(
        events.getFieldNames(),
        containsInAnyOrder(
            "code", "numeric_value", "stay_id", "subject_id", "text_value", "time", "unit"));
    Schema rows =
        Schema.builder().addInt64Field("id").addInt32Field("hour").addDoubleField("hr").build();
    PCollectionTuple parsed =
        expand(
            pipeline.apply(Create.empty(rows)).setRowSchema(rows),
            "parse_table",
            Map.of(
                "mapping",
                mapping.toString(),
                "table",
                "vitals",
                "error_handling",
                Map.of("output", "bad")));
    assertThat(output(parsed, "output").getSchema(), is(events));
    assertThat(output(parsed, "bad").getSchema(), is(Rows.DEAD_LETTER));
    Schema json = Schema.builder().addStringField("resource").build();
    assertThat(
        output(
                expand(
                    pipeline.apply("Json", Create.empty(json)).setRowSchema(json),
                    "parse_fhir",
                    Map.of("channels", List.of("HR"))),
                "output")
            .getSchema(),
        is(events));
  }

  @ParameterizedTest
  @CsvSource({
    "read_physionet2012",
    "read_mimic3",
    "read_mimic4",
    "read_eicu",
    "read_fhir",
    "read_omop",
    "read_meds",
    "read_ricu",
  })
  void readersAreExpandedIfTheirFilesExist(String name) {
    Path none = directory.resolve("none");
    RuntimeException e =
        assertThrows(
            RuntimeException.class,
            () -> expand(Pipeline.create().begin(), name, Map.of("input", none.toString())));
    assertThat(e.getMessage(), containsString(none.toString()));
  }

  @Test
  void serviceReportsInvalidValuesByField() {
    RuntimeException e =
        assertThrows(
            RuntimeException.class,
            () -> expand(Pipeline.create().begin(), "read_simulated", Map.of("stays", -1)));
    assertThat(e.getMessage(), containsString("read_simulated: stays must be at least 1, was -1"));
  }

  /** Beam compares the schemas before it calls the provider; clients fill in missing fields. */
  @Test
  void beamRejectsUnknownFieldsAndWrongTypes() throws IOException {
    Schema misspelt = Schema.builder().addNullableInt32Field("stay").build();
    Schema text =
        Schema.builder().addStringField("stays").addNullableInt64Field("simulation_seed").build();
    for (Schema schema : List.of(misspelt, text)) {
      Row row = row(schema);
      RuntimeException e =
          assertThrows(
              RuntimeException.class,
              () -> expand(Pipeline.create().begin(), "read_simulated", row));
      assertThat(
          e.getMessage(),
          allOf(
              containsString("is not compatible with the config of the Schema transform"),
              containsString("simulation_seed")));
    }
  }

  private static Row row(Schema schema) {
    Row.Builder row = Row.withSchema(schema);
    for (Schema.Field field : schema.getFields()) {
      row.addValue(field.getType().getNullable() ? null : "many");
    }
    return row.build();
  }
}
