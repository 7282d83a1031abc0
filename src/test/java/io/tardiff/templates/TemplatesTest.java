package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.files.npy.Npy;
import io.tardiff.synthetic.SyntheticSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real templates on a minimal simulated cohort. */
class TemplatesTest {
  private static final List<String> INGEST =
      List.of(
          "--source=simulated",
          "--stays=150",
          "--simulationSeed=1",
          "--steps=12",
          "--channels=HR,MAP,Urine");
  private static final List<String> TRAIN =
      List.of("--denoiser=tiny", "--trainingSteps=4", "--batchSize=16", "--classifierEpochs=2");
  private static final List<String> GENERATE =
      List.of(
          "--guidanceRules=mean_shift",
          "--guidanceScales=0.02",
          "--samplingSteps=3",
          "--samplingBatch=32");
  private static final List<String> SELECT =
      List.of("--selection=herding", "--poolFactor=1.5", "--fourierFeatures=64");
  private static final List<String> EVALUATE =
      List.of("--evaluationSeeds=1", "--evaluationModels=gru", "--alphas=0.5");

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int launch(String template, List<List<String>> options, String... more) {
    List<String> arguments = new ArrayList<>(List.of(template));
    options.forEach(arguments::addAll);
    arguments.addAll(List.of(more));
    return Commands.run(out, err, arguments);
  }

  private void succeed(String template, List<List<String>> options, String... more) {
    int status = launch(template, options, more);
    assertThat(err.toString(StandardCharsets.UTF_8), status, is(0));
  }

  /** Returns the content of the Avro files in a directory, by relative path. */
  private static SortedMap<String, String> avro(Path root) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".avro")).toList()) {
        files.put(
            root.relativize(path).toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  @Test
  void oneRunAndTheFourStepsGiveTheSameBytes() throws IOException {
    Path whole = directory.resolve("whole");
    succeed("tardiff", List.of(INGEST, TRAIN, GENERATE, SELECT, EVALUATE), "--output=" + whole);
    String output = out.toString(StandardCharsets.UTF_8);
    assertThat(
        output,
        allOf(
            containsString("stays seen"),
            containsString("TSTR"),
            containsString("mean_shift 0.02"),
            containsString("mean_shift 0.02, herding"),
            containsString("Done. The output is in " + whole)));

    Path ingest = directory.resolve("ingest");
    Path train = directory.resolve("train");
    Path generate = directory.resolve("generate");
    Path evaluate = directory.resolve("evaluate");
    succeed("ingest", List.of(INGEST), "--output=" + ingest);
    succeed("train", List.of(TRAIN), "--cohort=" + ingest.resolve("cohort"), "--output=" + train);
    succeed(
        "generate",
        List.of(GENERATE, SELECT),
        "--model=" + train.resolve("model"),
        "--cohort=" + ingest.resolve("cohort"),
        "--output=" + generate,
        "--export=npy,meds",
        "--savedModel",
        "--targetParallelism=4");
    succeed(
        "evaluate",
        List.of(EVALUATE),
        "--cohort=" + ingest.resolve("cohort"),
        "--synthetic=" + generate.resolve("synthetic"),
        "--output=" + evaluate);

    assertThat(avro(ingest.resolve("cohort")), is(avro(whole.resolve("cohort"))));
    assertThat(avro(train.resolve("model")), is(avro(whole.resolve("model"))));
    assertThat(manifest(ingest.resolve("cohort")), is(manifest(whole.resolve("cohort"))));
    assertThat(manifest(train.resolve("model")), is(manifest(whole.resolve("model"))));
    for (String set : List.of("pool/none", "synthetic/none", "synthetic/none-herding")) {
      assertThat(manifest(generate.resolve(set)), is(manifest(whole.resolve(set))));
    }
    for (Path run : List.of(whole, ingest, train, generate, evaluate)) {
      assertThat(run.toString(), launch("verify", List.of(), "--dir=" + run), is(0));
    }
    SortedMap<String, String> samples = avro(generate.resolve("synthetic"));
    assertThat(samples, is(avro(whole.resolve("synthetic"))));
    assertThat(
        samples.keySet().stream().filter(f -> f.startsWith("mean_shift-0.02/samples-")).count(),
        greaterThan(0L));

    assertThat(
        samples.keySet().stream().filter(f -> f.startsWith("none-herding/samples-")).count(),
        greaterThan(0L));

    for (String set : List.of("none", "none-herding", "mean_shift-0.02-herding")) {
      Path export = generate.resolve("synthetic/" + set + "/export");
      assertThat(
          SyntheticSet.open(generate.resolve("synthetic/" + set).toString()).count(),
          is(rows(export.resolve("samples-labels.npy"))));
      assertThat(Files.isDirectory(export.resolve("meds/labels/label/train")), is(true));
    }

    assertThat(Files.exists(generate.resolve("savedmodel/sampler/saved_model.pb")), is(true));
    assertThat(Files.exists(whole.resolve("savedmodel")), is(false));

    for (Path run : List.of(whole, ingest, train, generate, evaluate)) {
      assertThat(Files.readString(run.resolve("run.json")), containsString("\"state\" : \"done\""));
    }

    JsonNode metrics = metrics(whole);
    assertThat(metrics.get("utility").findValuesAsText("selection"), hasItems("none", "herding"));
    assertThat(utility(metrics), is(utility(metrics(evaluate))));
    assertThat(metrics.at("/cohort/splits/train/windows").asInt(), greaterThan(50));
    assertThat(metrics.at("/training/denoiser_steps").asInt(), is(4));
    assertThat(metrics.at("/guidance/signal/by_epoch").size(), is(2));
    assertThat(metrics.at("/timings/total_seconds").asDouble(), greaterThan(0.0));
    assertThat(metrics.at("/timings/sampling_worker_seconds").asDouble(), greaterThan(0.0));
    assertThat(metrics.at("/throughput/denoiser_steps_per_second").asDouble(), greaterThan(0.0));

    drawsSamplesAgain(
        generate.resolve("synthetic/none-herding"), "--model=" + train.resolve("model"));
    judgesASetMadeElsewhere(
        ingest.resolve("cohort"),
        generate.resolve("synthetic/none/export/samples-values.npy"),
        directory.resolve("elsewhere"));
  }

  private void drawsSamplesAgain(Path set, String model) {
    Path again = directory.resolve("again");
    out.reset();
    succeed("replay", List.of(), "--set=" + set, model, "--sampleIds=3,0", "--output=" + again);
    assertThat(
        out.toString(StandardCharsets.UTF_8),
        allOf(containsString("same       0"), containsString("same       3")));
    assertThat(Files.exists(again.resolve("export/samples.csv")), is(true));
    assertThat(launch("replay", List.of(), "--set=" + set, model, "--sampleIds=99999"), is(1));
    assertThat(
        err.toString(StandardCharsets.UTF_8), containsString("sampleIds must be in the ledger of"));
    assertThat(launch("replay", List.of(), "--set=" + set, model, "--sampleIds=first"), is(2));
    assertThat(launch("replay", List.of(), "--set=" + set, "--modle=out", "--x"), is(2));
    assertThat(
        err.toString(StandardCharsets.UTF_8),
        allOf(
            containsString("--sampleIds must be whole numbers from 0, was first"),
            containsString("unknown option --modle; did you mean"),
            containsString("--sampleIds=id,id,... is required")));
    assertThat(launch("replay", List.of(), "--help"), is(0));
  }

  private void judgesASetMadeElsewhere(Path cohort, Path values, Path output) throws IOException {
    out.reset();
    assertThat(
        launch(
            "evaluate",
            List.of(EVALUATE),
            "--cohort=" + cohort,
            "--synthetic=" + values,
            "--output=" + output,
            "--maxKs=1",
            "--minTstrAuroc=1"),
        is(Launcher.GATE));
    assertThat(
        out.toString(StandardCharsets.UTF_8),
        allOf(
            containsString("Kept: samples (made elsewhere)"),
            containsString("Gate: failed by samples (made elsewhere)"),
            containsString("passed  mean Kolmogorov-Smirnov statistic")));
    assertThat(
        err.toString(StandardCharsets.UTF_8),
        containsString("the gate failed for the set samples (made elsewhere):\n  TSTR AUROC 0."));
    assertThat(
        Files.readString(output.resolve("run.json")), containsString("\"state\" : \"failed\""));
    assertThat(launch("verify", List.of(), "--dir=" + output), is(0));
    // Other bounds are the same run.
    succeed(
        "evaluate",
        List.of(EVALUATE),
        "--cohort=" + cohort,
        "--synthetic=" + values,
        "--output=" + output,
        "--maxKs=1");
  }

  private static String manifest(Path directory) throws IOException {
    return Files.readString(directory.resolve("manifest.json"));
  }

  private static long rows(Path array) throws IOException {
    try (Npy.Reader reader = Npy.reader(Files.newInputStream(array))) {
      return reader.dimension(0);
    }
  }

  /** Returns the utility without timings. */
  private static JsonNode utility(JsonNode metrics) {
    JsonNode utility = metrics.get("utility");
    utility.forEach(row -> ((ObjectNode) row).remove("fit_seconds"));
    return utility;
  }

  private static JsonNode metrics(Path run) throws IOException {
    return new ObjectMapper().readTree(run.resolve("metrics.json").toFile());
  }

  @Test
  void cohortIsReusedWhenItsRunIsResumed() throws IOException {
    String output = "--output=" + directory.resolve("ingest");
    succeed("ingest", List.of(INGEST), output);
    Path file = directory.resolve("ingest/cohort/cohort.json");
    Object before = Files.getLastModifiedTime(file);
    succeed("ingest", List.of(INGEST), output);
    assertThat(Files.getLastModifiedTime(file), is(before));
  }

  @Test
  void missingInputIsReportedInOneLine() {
    String nowhere = directory.resolve("nowhere").toString();
    assertThat(
        launch(
            "ingest",
            List.of(),
            "--source=physionet2012",
            "--input=" + nowhere,
            "--output=" + directory.resolve("a")),
        is(1));
    assertThat(
        launch("train", List.of(), "--cohort=" + nowhere, "--output=" + directory.resolve("b")),
        is(1));
    assertThat(
        launch("generate", List.of(), "--model=" + nowhere, "--output=" + directory.resolve("d")),
        is(2));
    assertThat(
        launch(
            "generate",
            List.of(List.of("--selection=none", "--softLabels=2")),
            "--model=" + nowhere,
            "--output=" + directory.resolve("e")),
        is(2));
    assertThat(
        launch(
            "generate",
            List.of(List.of("--selection=none")),
            "--model=" + nowhere,
            "--output=" + directory.resolve("c")),
        is(1));
    assertThat(
        err.toString(StandardCharsets.UTF_8),
        allOf(
            containsString("--cohort=directory is required if --selection is herding"),
            containsString("input must be a directory with a PhysioNet 2012 set, was " + nowhere),
            containsString(nowhere + " is not a cohort: it holds no cohort.json"),
            containsString(nowhere + " is not a model: it holds no model.json")));
  }

  @Test
  void staysWithoutALabelTrainTheDenoiserOnly() throws IOException {
    Path run = directory.resolve("run");
    succeed(
        "tardiff",
        List.of(INGEST, TRAIN, GENERATE, EVALUATE),
        "--unknownOutcomes=0.5",
        "--unlabelled=train",
        "--labelGuidance=1.5",
        "--export=csv",
        "--output=" + run);

    Cohort cohort = Cohort.open(run.resolve("cohort").toString());
    assertThat(cohort.unlabelled(), greaterThan(20L));
    assertThat(
        out.toString(StandardCharsets.UTF_8),
        containsString(cohort.unlabelled() + " windows without a label train the denoiser only"));
    succeed(
        "train",
        List.of(TRAIN),
        "--cohort=" + run.resolve("cohort"),
        "--output=" + directory.resolve("train"));
    assertThat(
        out.toString(StandardCharsets.UTF_8),
        containsString(
            String.format(
                "The denoiser learned from %d windows without a label beside %d with one.",
                cohort.unlabelled(), cohort.count(Split.TRAIN))));
    assertThat(manifest(directory.resolve("train/model")), is(manifest(run.resolve("model"))));
    assertThat(
        Files.readString(run.resolve("synthetic/mean_shift-0.02/set.json")).replace(" ", ""),
        containsString("\"label_guidance\":1.5"));
    assertThat(
        Files.readAllLines(run.resolve("cohort/export/unlabelled.csv")).size(),
        is((int) (1 + 12 * cohort.unlabelled())));
    assertThat(
        Files.readString(run.resolve("report.html")),
        containsString(cohort.unlabelled() + " train the denoiser without a label."));
    assertThat(launch("verify", List.of(), "--dir=" + run), is(0));

    // A file of unlabelled windows is checked like the others.
    Path shard = Path.of(cohort.unlabelledShards().get(0));
    Files.delete(shard);
    assertThat(launch("verify", List.of(), "--dir=" + run), is(not(0)));
  }

  @Test
  void labelGuidanceNeedsANullClass() {
    assertThat(
        launch(
            "tardiff",
            List.of(INGEST, TRAIN, GENERATE),
            "--labelGuidance=2",
            "--output=" + directory.resolve("none")),
        is(2));
    assertThat(
        err.toString(StandardCharsets.UTF_8),
        containsString(
            "--labelGuidance must be 1 without a null class: set --labelDropout above 0, or"
                + " --unlabelled=train"));
  }

  @Test
  void invalidRoundsAreReported() {
    assertThat(
        launch(
            "train",
            List.of(),
            "--trainingRounds=0",
            "--roundMinutes=0",
            "--cohort=" + directory,
            "--output=" + directory.resolve("a")),
        is(2));
    assertThat(
        err.toString(StandardCharsets.UTF_8),
        allOf(
            containsString("--trainingRounds must be from 1 to 1000, was 0"),
            containsString("--roundMinutes must be at least 1, was 0")));
  }

  @Test
  void directoryWithoutSyntheticSetsIsReported() {
    succeed("ingest", List.of(INGEST), "--output=" + directory.resolve("ingest"));
    int status =
        launch(
            "evaluate",
            List.of(),
            "--cohort=" + directory.resolve("ingest/cohort"),
            "--synthetic=" + directory,
            "--output=" + directory.resolve("evaluate"));
    assertThat(status, is(1));
    assertThat(
        err.toString(StandardCharsets.UTF_8),
        containsString("--synthetic must be a directory of synthetic sets"));
  }
}
