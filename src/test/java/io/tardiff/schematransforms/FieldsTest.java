package io.tardiff.schematransforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.CaseFormat;
import io.tardiff.templates.GenerateOptions;
import io.tardiff.templates.TarDiffOptions;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.transforms.SchemaTransform;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fields of the configurations match the options of the templates, and errors name the field.
 */
class FieldsTest {
  /** Fields that are not options, with the reason. */
  private static final Map<String, String> NO_OPTION =
      Map.of(
          "error_handling", "Beam's own way to name an output for errors",
          "table", "the templates read all tables of a mapping",
          "model", "an option of generate, there for the input",
          "cohort", "an option of train and evaluate, there for the input",
          "location", "an option of evaluate, which imports by itself");

  /** Options that are not fields, with the reason. */
  private static final Map<String, String> NO_FIELD =
      Map.of(
          "preset", "whole command lines for a purpose",
          "selection", "select is a transform of its own",
          "saved_model", "for programs that read files, not rows",
          "splits", "whole runs, one after the other",
          "threads", "of the process",
          "debug", "of the process",
          "detached", "of the process");

  static List<Provider<?>> providers() {
    return ReferencePage.providers();
  }

  private static Map<String, Method> options() {
    Map<String, Method> options = new TreeMap<>();
    for (Method method : TarDiffOptions.class.getMethods()) {
      if (method.getName().startsWith("get")
          && method.getParameterCount() == 0
          && method.getDeclaringClass() != PipelineOptions.class
          && method.getDeclaringClass().getPackageName().startsWith("io.tardiff")) {
        options.put(
            CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, method.getName().substring(3)),
            method);
      }
    }
    return options;
  }

  @Test
  void thereIsATransformForEveryStep() {
    assertThat(
        providers().stream().map(Provider::name).toList(),
        is(
            List.of(
                "build_cohort",
                "build_series_cohort",
                "evaluate",
                "export_cohort",
                "generate",
                "import_synthetic",
                "parse_fhir",
                "parse_table",
                "read_eicu",
                "read_fhir",
                "read_meds",
                "read_mimic3",
                "read_mimic4",
                "read_omop",
                "read_physionet2012",
                "read_ricu",
                "read_simulated",
                "read_synthetic",
                "read_tables",
                "select",
                "train")));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void everyFieldIsAnOptionOfThatNameAndType(Provider<?> provider) {
    Map<String, Method> options = options();
    for (Schema.Field field : provider.configurationSchema().getFields()) {
      String name = field.getName();
      assertThat(name, field.getDescription(), endsWith("."));
      if (NO_OPTION.containsKey(name)) {
        continue;
      }
      assertThat(options, hasKey(name));
      Class<?> option = options.get(name).getReturnType();
      FieldType type = field.getType();
      if (type.getTypeName().isCollectionType()) {
        assertThat(name + " is written with commas", option, is((Object) String.class));
      } else {
        Class<?> expected =
            switch (type.getTypeName()) {
              case INT32 -> Integer.class;
              case INT64 -> Long.class;
              case DOUBLE -> Double.class;
              case BOOLEAN -> Boolean.class;
              default -> String.class;
            };
        assertThat(name, expected, is((Object) option));
      }
    }
  }

  @Test
  void everyOptionIsAFieldOrExempt() {
    Set<String> fields = new TreeSet<>();
    providers().forEach(provider -> fields.addAll(provider.configurationSchema().getFieldNames()));
    Set<String> missing = new TreeSet<>(options().keySet());
    missing.removeAll(fields);
    assertThat(missing, is(new TreeSet<>(NO_FIELD.keySet())));
  }

  @Test
  void directoriesOfStepsAreOptionsOfTheTemplates() throws ReflectiveOperationException {
    assertThat(
        Arrays.stream(GenerateOptions.class.getMethods())
            .map(Method::getName)
            .collect(Collectors.toSet())
            .containsAll(Set.of("getModel", "getCohort")),
        is(true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read_simulated|stays|0|stays must be at least 1, was 0",
        "build_cohort|task|nosuch|task must be one of",
        "build_cohort|channels|[HR,Hr]|channels",
        "build_cohort|vocabulary|nosuch|vocabulary",
        "build_cohort|steps|0|steps must be from 1 to 100000, was 0",
        "build_cohort|step_minutes|0|step_minutes must be from 1 to 1000000, was 0",
        "build_cohort|split|[50,50]|split must be three positive numbers that add up to 100, was"
            + " [50.0, 50.0]",
        "build_cohort|imputation|guess|imputation must be one of forward_median,",
        "build_cohort|normalisation|none|normalisation must be one of z_score,",
        "build_cohort|window_shards|0|window_shards must be from 1 to 99999, was 0",
        "build_cohort|output|''|output must not be empty",
        "build_cohort|dead_letter_threshold|2|dead_letter_threshold must be from 0 to 1, was 2.0",
        "export_cohort|export|[csv,xls]|export must name one or more of csv, parquet, npy, was"
            + " csv,xls",
        "export_cohort|export|[]|export must not be empty",
        "train|denoiser|huge|denoiser must be one of tiny, small, paper, was huge",
        "train|loss|l3|loss must be one of l1, l2, was l3",
        "train|prediction|x0|prediction must be one of noise, velocity, was x0",
        "train|batch_size|0|batch_size must be at least 1, was 0",
        "train|learning_rate|1|learning_rate must be above 0 and below 1, was 1.0",
        "train|noise_schedule|steep|noise_schedule must be one of linear, cosine, was steep",
        "train|classifier|svm|classifier must be one of gru, cnn, transformer, summary, was"
            + " svm",
        "train|guidance_over|some|guidance_over must be one of all, balanced, was some",
        "train|round_minutes|0|round_minutes must be at least 1, was 0",
        "train|worker_memory|much|worker_memory must be",
        "generate|guidance_rules|[push]|guidance_rules must name one or more of mean_shift,"
            + " interpolation, moment, candidates, none, was push",
        "generate|guidance_rules|[moment]|cohort is required if guidance_rules has moment or"
            + " candidates, or soft_labels is above 0",
        "generate|soft_labels|2|cohort is required if guidance_rules has moment or candidates, or"
            + " soft_labels is above 0",
        "generate|soft_labels|-1|soft_labels must be from 0 to 100, was -1",
        "generate|soft_label_weight|1.5|soft_label_weight must be from 0 to 1, was 1.5",
        "generate|soft_label_weight|0.9|soft_label_weight must not be set unless soft_labels is above 0",
        "generate|cohort|c|cohort must not be set unless guidance_rules has moment or candidates, or"
            + " soft_labels is above 0",
        "generate|moment_scales|[0.1]|moment_scales must not be set unless guidance_rules has moment"
            + " or candidates",
        "generate|candidates|3|candidates must not be set unless guidance_rules has candidates",
        "generate|guidance_scales|[0.1]|guidance_scales must not be set unless guidance_rules has"
            + " mean_shift",
        "generate|guidance_at|0|guidance_at must be best or an epoch, from 1, was 0",
        "generate|sampler|euler|sampler must be one of ddim, ddpm, was euler",
        "generate|eta|2|eta must be from 0 to 1, was 2.0",
        "generate|sample_labels|many|sample_labels must be as_train, balanced or counts such as"
            + " 0=100,1=50, was many",
        "generate|count|0|count must be at least 1, was 0",
        "generate|pool_factor|0.5|pool_factor must be at least 1, was 0.5",
        "select|selection_target|[tuning]|selection_target must be train or train,tuning, was"
            + " tuning",
        "select|selection_features|[middle]|selection_features must name one or more of first,"
            + " best, last, was middle",
        "select|fourier_features|1|fourier_features must be from 8 to 65536, was 1",
        "evaluate|evaluation_models|[svm]|evaluation_models must name one or more of gru, cnn,"
            + " transformer, summary, logistic, gru_mask, gru_mask_time, cnn_mask, cnn_mask_time,"
            + " transformer_mask, transformer_mask_time, summary_mask, summary_mask_time, was svm",
        "evaluate|purpose|help|purpose must be one of augment, replace, was help",
        "evaluate|evaluation_seeds|0|evaluation_seeds must be at least 1, was 0",
        "evaluate|alphas|[0]|alphas must be greater than 0, was [0.0]",
        "evaluate|min_tstr_auroc|1.5|min_tstr_auroc must be from 0 to 1, was 1.5",
        "evaluate|max_copies|-1|max_copies must be at least 0, was -1",
        "import_synthetic|location|''|location must not be empty",
        "read_synthetic|channels|[HR,step]|channels must be at least one, distinct and none of",
        "read_mimic4|input|''|input must not be empty",
        "read_tables|mapping|/no/such.yaml|mapping must be a file, but there is no /no/such.yaml",
        "read_meds|task_labels|''|task_labels must not be empty",
        "parse_table|mapping|/no/such.yaml|mapping must be a file, but there is no /no/such.yaml",
        "parse_table|mapping|samples/cinc2019.yaml|parse_table: table",
        "build_cohort|concepts|/no/such.yaml|build_cohort: concepts: ",
        "build_series_cohort|source|mimic4|source must be one of medformer, ucr_uea, was mimic4",
        "build_series_cohort|sampling_rate|0|sampling_rate must be above 0 and at most 1000000, was"
            + " 0.0"
      })
  void errorsNameTheField(String provider, String field, String value, String expected)
      throws Exception {
    Map<String, Object> fields = required(provider);
    fields.put(
        field,
        new com.fasterxml.jackson.dataformat.yaml.YAMLMapper()
            .readValue(
                field.equals("guidance_at") || value == null || value.isEmpty()
                    ? "'" + (value == null ? "" : value) + "'"
                    : value,
                Object.class));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              SchemaTransform transform = Given.transform(provider, fields);
              PCollectionRowTuple.empty(Pipeline.create()).apply(transform);
            });
    assertThat(e.getMessage(), containsString(expected));
    assertThat(e.getMessage().lines().count(), is(1L));
  }

  /** Returns values for the required fields. */
  private static Map<String, Object> required(String provider) {
    Map<String, Object> fields = new HashMap<>();
    for (Schema.Field field : Given.provider(provider).configurationSchema().getFields()) {
      if (!field.getType().getNullable()) {
        fields.put(
            field.getName(),
            field.getType().getTypeName().isCollectionType() ? List.of("csv") : "medformer");
      }
    }
    return fields;
  }

  @Test
  void allErrorsAreReportedAtOnce() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Given.transform(
                    "train", Map.of("output", "", "batch_size", 0, "classifier", "svm")));
    assertThat(
        e.getMessage(),
        is(
            "train: classifier must be one of gru, cnn, transformer, summary, was svm; output must not be empty;"
                + " batch_size must be at least 1, was 0"));
  }

  @Test
  void conflictingFieldsAreRejected() {
    assertThat(
        message("generate", Map.of("output", "o", "sampler", "ddpm", "eta", 0.5)),
        is("generate: eta and variance_correction must not be set if sampler is ddpm"));
    assertThat(
        message(
            "generate",
            Map.of(
                "output",
                "o",
                "guidance_rules",
                List.of("mean_shift"),
                "interpolation_scales",
                List.of(0.1))),
        is(
            "generate: interpolation_scales must not be set unless guidance_rules has"
                + " interpolation"));
    assertThat(
        message(
            "generate",
            Map.of(
                "output",
                "o",
                "cohort",
                "c",
                "guidance_rules",
                List.of("mean_shift", "moment"),
                "guidance_scales",
                List.of(0.1, 0.1))),
        is("generate: guidance_scales must be above 0 and all different, was [0.1, 0.1]"));
    assertThat(
        message("read_fhir", Map.of("input", "i", "error_handling", Map.of("output", "output"))),
        is("read_fhir: error_handling.output must be a name other than output, was output"));
    assertThat(
        message("generate", Map.of("output", "o", "sample_labels", "0=1,1=1", "count", 3)),
        is("generate: count must not be set if labels are given by counts, was 3"));
  }

  private static String message(String provider, Map<String, ?> fields) {
    return assertThrows(IllegalArgumentException.class, () -> Given.transform(provider, fields))
        .getMessage();
  }

  @Test
  void inputsMustHaveTheirColumns() {
    Schema schema = Schema.builder().addStringField("subject_id").addStringField("kode").build();
    assertThat(
        refused("build_cohort", Map.of("output", "o"), schema),
        containsString(
            "input must be rows of events with the fields [subject_id, code, stay_id, time,"
                + " numeric_value, text_value, unit], of which [subject_id, code] are required, has"
                + " [subject_id, kode]"));
    assertThat(
        refused("train", Map.of("output", "o"), schema),
        is("input must have a string field cohort, its rows have [subject_id, kode]"));
    assertThat(
        refused("parse_fhir", Map.of(), schema),
        is("input must have one string field, has [subject_id, kode]"));
    IllegalArgumentException none =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                PCollectionRowTuple.empty(Pipeline.create())
                    .apply(Given.transform("train", Map.of("output", "o"))));
    assertThat(none.getMessage(), is("expected one input, were []"));
  }

  private static String refused(String provider, Map<String, ?> fields, Schema schema) {
    Pipeline pipeline = Pipeline.create();
    PCollectionRowTuple input =
        PCollectionRowTuple.of("input", pipeline.apply(Create.empty(schema)).setRowSchema(schema));
    return assertThrows(
            IllegalArgumentException.class, () -> input.apply(Given.transform(provider, fields)))
        .getMessage();
  }

  @Test
  void thePageAgreesWithTheProviders(@TempDir Path directory) throws Exception {
    Path kept = Path.of("src/site/markdown/schema-transforms.md");
    assertThat(
        kept
            + " differs from the providers; regenerate it: mvn -q compile"
            + " exec:java@schema-transforms",
        Files.exists(kept) ? Files.readString(kept) : "",
        is(ReferencePage.page()));
    ReferencePage.main(new String[] {directory.resolve("page.md").toString()});
    assertThat(Files.readString(directory.resolve("page.md")), is(ReferencePage.page()));
    assertThrows(IllegalArgumentException.class, () -> ReferencePage.main(new String[0]));
  }

  @Test
  void pythonModuleMatchesTheProviders(@TempDir Path directory) throws Exception {
    Path kept = Path.of("src/main/python/tardiff_beam/transforms.py");
    assertThat(
        kept
            + " differs from the providers; regenerate it: mvn -q compile"
            + " exec:java@python-transforms",
        Files.exists(kept) ? Files.readString(kept) : "",
        is(PythonModule.module()));
    PythonModule.main(new String[] {directory.resolve("transforms.py").toString()});
    assertThat(Files.readString(directory.resolve("transforms.py")), is(PythonModule.module()));
    assertThrows(IllegalArgumentException.class, () -> PythonModule.main(new String[0]));
  }

  @Test
  void helperRejectsWhatClientsReject() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Given.row("train", Map.of("output", "o", "setps", 3)));
    Row row = Given.row("train", Map.of("output", "o"));
    assertThat(row.getValues().stream().filter(v -> v != null).toList(), is(not(empty())));
  }
}
