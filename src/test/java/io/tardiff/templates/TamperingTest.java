package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.Manifest;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.Guidance;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.tensorflow.Weights;
import io.tardiff.tensorflow.Weights.Weight;
import io.tardiff.training.TarDiffModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tampered and damaged cohorts, models, synthetic sets and evaluations are rejected, in one line
 * that names the file.
 */
class TamperingTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SHARD = "train-00000-of-00002.avro";
  private static final String HELD_OUT = "held_out-00000-of-00002.avro";
  private static final String SAMPLES = "samples-00000-of-00002.avro";
  private static final String LEDGER = "ledger-00000-of-00002.avro";

  @TempDir static Path shared;

  /** An undamaged run: {@code cohort/}, {@code model/}, {@code synthetic/none/}. */
  private static Path whole;

  private static Path otherCohort;

  /** A copy of the run, for a test to tamper with. */
  @TempDir Path run;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Changes the files of a directory. */
  @FunctionalInterface
  private interface Tampering {
    void apply(Path directory) throws IOException;
  }

  /**
   * @param in the artefact's directory, relative to the run
   * @param file file that the error must name
   */
  private record Case(String name, String in, String file, Tampering tampering) {
    @Override
    public String toString() {
      return in + ": " + name;
    }
  }

  @BeforeAll
  static void createRun() throws IOException {
    whole = shared.resolve("run");
    String cohort = TinyRun.cohort(whole.resolve("cohort"));
    String model = TinyRun.model(whole.resolve("model"));
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(TarDiffModel.open(model)))
        .apply(
            GenerateSyntheticEhr.to(whole.resolve("synthetic").toString())
                .withConfig(
                    TinyRun.GENERATION
                        .withNumShards(2)
                        .withLabels(LabelMix.parse("0=8,1=8"))
                        .withGuidances(List.of(Guidance.none()))));
    pipeline.run().waitUntilFinish();
    ArtefactDirectory set = SyntheticSet.open(whole.resolve("synthetic/none").toString()).files();
    ArtefactDirectory.finish(
        whole.toString(),
        Manifest.Kind.EVALUATION,
        set.lineage(),
        List.of(
            Manifest.Entry.writeText(whole.resolve("metrics.json").toString(), "{\"auroc\": 0.8}"),
            Manifest.Entry.writeText(whole.resolve("report.html").toString(), "<html></html>")));
    otherCohort = shared.resolve("other");
    copy(whole.resolve("cohort"), otherCohort);
    edit(otherCohort, "cohort.json", text -> text.replace("forward_median", "forward_normal"));
    rewriteManifest(otherCohort);
  }

  @BeforeEach
  void copyRun() throws IOException {
    copy(whole, run);
  }

  /** Changes that leave all other files, including the manifest, as they were. */
  static List<Case> tamperings() {
    List<Case> cases = new ArrayList<>();
    Consumer<Case> add = cases::add;
    cohort(add);
    model(add);
    set(add);
    add.accept(
        new Case("a metric changed", "", "metrics.json", d -> edit(d, "metrics.json", t -> "{}")));
    add.accept(
        new Case("no report", "", "report.html", d -> Files.delete(d.resolve("report.html"))));
    return cases;
  }

  private static void cohort(Consumer<Case> add) {
    add(add, "cohort", "channels swapped", "cohort.json", swap("HR", "SBP"));
    add(add, "cohort", "another normaliser", "cohort.json", t -> t.replace("z_score", "min_max"));
    add(add, "cohort", "truncated JSON", "cohort.json", t -> t.substring(0, t.length() / 3));
    add(add, "cohort", "empty JSON", "cohort.json", t -> "");
    add(add, "cohort", "shard outside", "cohort.json", replace(SHARD, "../../../etc/passwd"));
    add(add, "cohort", "absolute shard", "cohort.json", replace(SHARD, "/etc/passwd"));
    add(add, "cohort", "shard elsewhere", "cohort.json", replace(SHARD, "gs://other/passwd"));
    add.accept(new Case("no cohort.json", "cohort", "cohort.json", remove("cohort.json")));
    add.accept(new Case("a flipped bit in a shard", "cohort", SHARD, flip(SHARD)));
    add.accept(new Case("a truncated shard", "cohort", SHARD, truncate(SHARD)));
    add.accept(new Case("an empty shard", "cohort", SHARD, empty(SHARD)));
    add.accept(new Case("a missing shard", "cohort", SHARD, remove(SHARD)));
    add.accept(new Case("bytes after a shard", "cohort", SHARD, append(SHARD)));
    add.accept(
        new Case(
            "an extra shard",
            "cohort",
            "train-00007-of-00008.avro",
            d -> Files.copy(d.resolve(SHARD), d.resolve("train-00007-of-00008.avro"))));
    add.accept(
        new Case("labels flipped", "cohort", SHARD, records(SHARD, TamperingTest::flipLabel)));
    add.accept(
        new Case(
            "a window moved from held_out to train",
            "cohort",
            "-of-00002.avro",
            d -> {
              List<GenericRecord> moved = new ArrayList<>();
              rewrite(
                  d.resolve(HELD_OUT),
                  list -> {
                    moved.add(list.get(0));
                    return list.subList(1, list.size());
                  });
              moved.get(0).put("split", "train");
              rewrite(
                  d.resolve(SHARD),
                  list -> {
                    list.add(moved.get(0));
                    return list;
                  });
            }));
    add.accept(
        new Case(
            "two shards exchanged",
            "cohort",
            "-of-00002.avro",
            d -> exchange(d.resolve(SHARD), d.resolve("train-00001-of-00002.avro"))));
    add(add, "cohort", "truncated manifest", Manifest.FILE, t -> t.substring(0, t.length() / 2));
    add(add, "cohort", "empty manifest", Manifest.FILE, t -> "");
    add(add, "cohort", "manifest of a model", Manifest.FILE, replace("\"cohort\"", "\"model\""));
    add(
        add,
        "cohort",
        "later manifest",
        Manifest.FILE,
        replace("\"format\" : 1", "\"format\" : 2"));
    add(add, "cohort", "manifest leads outside", Manifest.FILE, replace(SHARD, "../" + SHARD));
    add(add, "cohort", "manifest lacks a file", SHARD, Manifest.FILE, TamperingTest::dropFirst);
  }

  private static void model(Consumer<Case> add) {
    String denoiser = "denoiser.avro";
    add.accept(new Case("a flipped bit", "model", denoiser, flip(denoiser)));
    add.accept(new Case("truncated weights", "model", denoiser, truncate(denoiser)));
    add.accept(new Case("empty weights", "model", denoiser, empty(denoiser)));
    add.accept(
        new Case("infinite weights", "model", denoiser, first(denoiser, Float.POSITIVE_INFINITY)));
    add.accept(new Case("another run's denoiser", "model", denoiser, first(denoiser, 0.25f)));
    add.accept(
        new Case(
            "tensors swapped", "model", denoiser, weights(denoiser, TamperingTest::swapTensors)));
    add.accept(
        new Case(
            "NaN in the classifier",
            "model",
            "classifier-002.avro",
            first("classifier-002.avro", Float.NaN)));
    add.accept(
        new Case(
            "another epoch's classifier",
            "model",
            "classifier-002.avro",
            from("classifier-003.avro", "classifier-002.avro")));
    addExchangedGuidance(add);
    add.accept(
        new Case("no classifier", "model", "classifier-003.avro", remove("classifier-003.avro")));
    add.accept(
        new Case(
            "an extra epoch",
            "model",
            "classifier-004.avro",
            from("classifier-003.avro", "classifier-004.avro")));
    add(add, "model", "channels swapped", "model.json", swap("HR", "SBP"));
    add(
        add,
        "model",
        "prediction changed",
        "model.json",
        replace("\"prediction\" : \"noise\"", "\"prediction\" : \"velocity\""));
    add(
        add,
        "model",
        "noise schedule changed",
        "model.json",
        replace("\"noise_schedule\" : \"linear\"", "\"noise_schedule\" : \"cosine\""));
    add(
        add,
        "model",
        "another best epoch",
        "model.json",
        t -> t.replaceAll("\"best_epoch\" : \\d", "\"best_epoch\" : 9"));
    add(add, "model", "truncated JSON", "model.json", t -> t.substring(0, t.length() / 3));
    add.accept(new Case("no model.json", "model", "model.json", remove("model.json")));
  }

  /** Guidance directions that are not those of their epoch. */
  private static void addExchangedGuidance(Consumer<Case> add) {
    add.accept(
        new Case(
            "another epoch's guidance",
            "model",
            "guidance-001.avro",
            from("guidance-002.avro", "guidance-001.avro")));
    add.accept(
        new Case(
            "the classifier as guidance",
            "model",
            "guidance-001.avro",
            from("classifier-001.avro", "guidance-001.avro")));
  }

  private static void set(Consumer<Case> add) {
    String in = "synthetic/none";
    add.accept(new Case("a flipped bit", in, SAMPLES, flip(SAMPLES)));
    add.accept(new Case("labels flipped", in, SAMPLES, records(SAMPLES, TamperingTest::flipLabel)));
    add.accept(new Case("a missing file", in, SAMPLES, remove(SAMPLES)));
    add.accept(
        new Case(
            "an extra file",
            in,
            "samples-00009-of-00010.avro",
            from(SAMPLES, "samples-00009-of-00010.avro")));
    add.accept(new Case("truncated ledger", in, LEDGER, truncate(LEDGER)));
    add.accept(
        new Case(
            "another seed in the ledger", in, LEDGER, records(LEDGER, r -> r.put("seed", 99L))));
    add(add, in, "another count", "set.json", replace("\"samples\" : 16", "\"samples\" : 15"));
    add(add, in, "another rule", "set.json", replace("\"none\"", "\"mean_shift\""));
  }

  /** Changes that are found from the content alone, without a manifest or with a matching one. */
  static List<Case> contents() {
    List<Case> cases = new ArrayList<>();
    Consumer<Case> add = cases::add;
    add.accept(new Case("invalid label", "cohort", SHARD, records(SHARD, r -> r.put("label", 7))));
    add.accept(
        new Case("negative label", "cohort", SHARD, records(SHARD, r -> r.put("label", -1))));
    add.accept(
        new Case("short windows", "cohort", SHARD, records(SHARD, r -> cut(r, "values", "mask"))));
    add.accept(
        new Case(
            "infinite values",
            "cohort",
            SHARD,
            records(SHARD, r -> value(r, Float.POSITIVE_INFINITY))));
    add.accept(new Case("gaps", "cohort", SHARD, records(SHARD, r -> value(r, Float.NaN))));
    add.accept(
        new Case(
            "one static covariate too few",
            "cohort",
            SHARD,
            records(SHARD, r -> cut(r, "statics"))));
    add.accept(
        new Case(
            "windows of held_out",
            "cohort",
            SHARD,
            records(SHARD, r -> r.put("split", "held_out"))));
    add.accept(
        new Case("no such split", "cohort", SHARD, records(SHARD, r -> r.put("split", "test"))));
    add.accept(
        new Case(
            "one window too few",
            "cohort",
            SHARD,
            d -> rewrite(d.resolve(SHARD), l -> l.subList(1, l.size()))));
    add.accept(
        new Case(
            "a file of another kind",
            "cohort",
            SHARD,
            d -> Files.copy(d.resolve("../model/denoiser.avro"), replacing(d.resolve(SHARD)))));
    add.accept(new Case("a truncated shard", "cohort", SHARD, truncate(SHARD)));
    add.accept(new Case("an empty shard", "cohort", SHARD, empty(SHARD)));
    add(add, "cohort", "shard outside", "cohort.json", replace(SHARD, "../../../etc/passwd"));
    add(add, "cohort", "absolute shard", "cohort.json", replace(SHARD, "/etc/passwd"));
    add(add, "cohort", "shard elsewhere", "cohort.json", replace(SHARD, "s3://other/passwd"));
    add(add, "cohort", "a split's shard in another", "cohort.json", replace(SHARD, HELD_OUT));
    add(
        add,
        "cohort",
        "absurd steps",
        "cohort.json",
        replace("\"steps\" : 12", "\"steps\" : 2000000000"));
    add(add, "cohort", "no splits", "cohort.json", replace("\"splits\"", "\"parts\""));
    add(add, "cohort", "null", "cohort.json", t -> "null");
    add(
        add,
        "cohort",
        "infinite normaliser",
        "cohort.json",
        t -> t.replaceFirst("\"shift\" : \\[ ", "\"shift\" : [ 1e999, "));

    for (String file : List.of("denoiser.avro", "classifier-002.avro", "guidance-002.avro")) {
      add.accept(
          new Case(
              "infinite weights in " + file, "model", file, first(file, Float.POSITIVE_INFINITY)));
      add.accept(new Case("NaN in " + file, "model", file, first(file, Float.NaN)));
      add.accept(new Case("truncated " + file, "model", file, truncate(file)));
      add.accept(new Case("empty " + file, "model", file, empty(file)));
    }
    addExchangedGuidance(add);
    add.accept(
        new Case(
            "the classifier as denoiser",
            "model",
            "denoiser.avro",
            from("classifier-001.avro", "denoiser.avro")));
    add(
        add,
        "model",
        "no such best epoch",
        "model.json",
        t -> t.replaceAll("\"best_epoch\" : \\d", "\"best_epoch\" : 9"));
    add(
        add,
        "model",
        "fewer noise steps",
        "model.json",
        replace("\"noise_steps\" : 50", "\"noise_steps\" : 49"));
    add(
        add,
        "model",
        "one class too many",
        "model.json",
        replace("\"classes\" : 2", "\"classes\" : 3"));
    add(add, "model", "negative steps", "model.json", replace("\"steps\" : 12", "\"steps\" : -12"));
    add(add, "model", "another network", "model.json", replace("\"base\" : 8", "\"base\" : 7"));
    add(
        add,
        "model",
        "no epochs",
        "model.json",
        t -> t.replace("\"epochs\" : [", "\"epochs\" : [], \"was\" : ["));

    String in = "synthetic/none";
    add.accept(new Case("invalid label", in, SAMPLES, records(SAMPLES, r -> r.put("label", 2))));
    add.accept(new Case("short samples", in, SAMPLES, records(SAMPLES, r -> cut(r, "values"))));
    add.accept(new Case("NaN values", in, SAMPLES, records(SAMPLES, r -> value(r, Float.NaN))));
    add.accept(new Case("a truncated ledger", in, LEDGER, truncate(LEDGER)));
    add.accept(new Case("samples as a ledger", in, LEDGER, from(SAMPLES, LEDGER)));
    add(
        add,
        in,
        "another count",
        "synthetic/none",
        "set.json",
        replace("\"samples\" : 16", "\"samples\" : 15"));
    add(add, in, "truncated JSON", "set.json", t -> t.substring(0, t.length() / 3));
    add(add, in, "an array", "set.json", t -> "[]");
    return cases;
  }

  @ParameterizedTest
  @MethodSource("tamperings")
  void isRejected(Case tampered) throws IOException {
    tampered.tampering().apply(run.resolve(tampered.in()));

    if (!tampered.in().isEmpty()) {
      assertRejected(tampered);
    }
    assertFoundByVerify(tampered);
  }

  @ParameterizedTest
  @MethodSource("contents")
  void isRejectedByItsContentWithoutAManifest(Case tampered) throws IOException {
    tampered.tampering().apply(run.resolve(tampered.in()));
    Files.delete(run.resolve(tampered.in()).resolve(Manifest.FILE));

    assertRejected(tampered);
    assertFoundByVerify(tampered);
  }

  @ParameterizedTest
  @MethodSource("contents")
  void isRejectedByItsContentDespiteAMatchingManifest(Case tampered) throws IOException {
    tampered.tampering().apply(run.resolve(tampered.in()));
    rewriteManifest(run.resolve(tampered.in()));

    assertRejected(tampered);
    assertFoundByVerify(tampered);
  }

  @Test
  void casesAreDistinctAndNoneIsLost() {
    assertThat(tamperings().size() >= 31, is(true));
    assertThat(
        tamperings().stream().map(Case::toString).distinct().count(),
        is((long) tamperings().size()));
  }

  @Test
  void undamagedRunIsAccepted() {
    use("cohort");
    use("model");
    use("synthetic/none");

    assertThat(launch("verify", "--dir=" + run), is(0));
    assertThat(
        out().lines().map(line -> line.replaceFirst(" \\(.*", "")).toList(),
        is(
            List.of(
                "ok       cohort         " + run.resolve("cohort") + "/",
                "ok       model          " + run.resolve("model") + "/",
                "ok       synthetic set  " + run.resolve("synthetic/none") + "/",
                "ok       evaluation     " + run + "/")));
  }

  /** Supported for one version only. */
  @Test
  void directoryOfAnEarlierVersionIsReadAndReported() throws IOException {
    for (String in : List.of("cohort", "model", "synthetic/none", "")) {
      Files.delete(run.resolve(in).resolve(Manifest.FILE));
    }
    use("cohort");
    use("model");
    use("synthetic/none");

    assertThat(launch("verify", "--dir=" + run), is(0));
    assertThat(out().lines().filter(line -> line.startsWith("unknown ")).count(), is(4L));
  }

  /** The cohort's hash covers labels and splits and does not need the manifest. */
  @Test
  void verifyFindsFlippedLabelsWithoutAManifest() throws IOException {
    records(SHARD, TamperingTest::flipLabel).apply(run.resolve("cohort"));
    Files.delete(run.resolve("cohort/" + Manifest.FILE));

    assertThat(launch("verify", "--dir=" + run.resolve("cohort")), is(1));
    assertThat(out(), startsWith("damaged  cohort         "));
  }

  @Test
  void verifyReportsErrorsOfItsCommandLine() {
    assertThat(launch("verify"), is(2));
    assertThat(err(), containsString("--dir=directory is required"));
    assertThat(launch("verify", "--dir=" + run, "--no=1"), is(2));
    assertThat(launch("verify", "--dir=" + run.resolve("nowhere")), is(1));
    assertThat(err(), containsString("--dir must hold a cohort, a model, synthetic sets"));
    assertThat(launch("verify", "--help"), is(0));
    assertThat(out(), startsWith("Usage: verify --dir=directory"));
  }

  @Test
  void templatesRejectDamagedInputsInOneLine() throws IOException {
    flip("denoiser.avro").apply(run.resolve("model"));
    records(SHARD, TamperingTest::flipLabel).apply(run.resolve("cohort"));
    records(SAMPLES, TamperingTest::flipLabel).apply(run.resolve("synthetic/none"));
    Path cohort = run.resolve("cohort");

    assertFails("train", run.resolve("cohort/" + SHARD), "--cohort=" + cohort);
    assertFails(
        "generate",
        run.resolve("model/denoiser.avro"),
        "--model=" + run.resolve("model"),
        "--selection=none");
    assertFails(
        "evaluate",
        run.resolve("synthetic/none/" + SAMPLES),
        "--cohort=" + whole.resolve("cohort"),
        "--synthetic=" + run.resolve("synthetic"),
        "--evaluationModels=logistic",
        "--evaluationSeeds=1");
  }

  /** Also if the cohort is not needed: an option is never ignored. */
  @ParameterizedTest
  @ValueSource(strings = {"herding", "none"})
  void modelOfAnotherCohortIsRejected(String selection) {
    assertFails(
        "generate",
        run.resolve("model"),
        "--model=" + run.resolve("model"),
        "--cohort=" + otherCohort,
        "--selection=" + selection);
    assertThat(
        err(),
        containsString("was not made from the cohort " + otherCohort + ", but from another"));
  }

  @Test
  void setOfAnotherCohortIsRejected() {
    assertFails(
        "evaluate",
        run.resolve("synthetic/none"),
        "--cohort=" + otherCohort,
        "--synthetic=" + run.resolve("synthetic"));
    assertThat(
        err(),
        containsString("was not made from the cohort " + otherCohort + ", but from another"));
  }

  /** A run assembled from parts of two runs. */
  @Test
  void verifyFindsPartsOfAnotherRun() throws IOException {
    copy(otherCohort, run.resolve("cohort"));
    assertThat(launch("verify", "--dir=" + run), is(1));
    assertThat(
        out().lines().toList(),
        hasItem(
            allOf(
                startsWith("damaged  model"),
                containsString("the model " + run.resolve("model")),
                containsString("was not made from the cohort " + run.resolve("cohort")))));

    out.reset();
    copy(whole.resolve("cohort"), run.resolve("cohort"));
    edit(run.resolve("model"), "model.json", swap("HR", "SBP"));
    rewriteManifest(run.resolve("model"));
    assertThat(launch("verify", "--dir=" + run), is(1));
    assertThat(
        out().lines().toList(),
        hasItem(
            allOf(
                startsWith("damaged  synthetic set"),
                containsString("was not made from the model " + run.resolve("model")))));
    assertThat(out().lines().toList(), hasItem(startsWith("ok       model")));
  }

  private void assertRejected(Case tampered) {
    RuntimeException error =
        assertThrows(RuntimeException.class, () -> use(tampered.in()), "no error was thrown");
    String line = Failures.describe(error);
    assertThat(line, containsString(tampered.file()));
    assertThat(line, line.lines().count(), is(1L));
    assertThat(
        error,
        anyOf(instanceOf(UncheckedIOException.class), instanceOf(IllegalStateException.class)));
  }

  private void assertFoundByVerify(Case tampered) {
    int status = launch("verify", "--dir=" + run.resolve(tampered.in()));
    assertThat(out() + err(), status, is(1));
    assertThat(
        out().lines().toList(),
        hasItem(allOf(startsWith("damaged "), containsString(tampered.file()))));
    assertThat(out(), not(containsString("Exception")));
    assertThat(err(), is(""));
  }

  private void assertFails(String template, Path named, String... options) {
    err.reset();
    List<String> arguments = new ArrayList<>(List.of(template));
    arguments.addAll(List.of(options));
    arguments.add("--output=" + run.resolve("new-" + template));
    assertThat(launch(arguments.toArray(String[]::new)), is(1));
    assertThat(err(), allOf(startsWith("Failed: "), containsString(named.toString())));
    assertThat(err(), err().lines().count(), is(2L));
  }

  /** Reads an artefact like the step that uses it. */
  private void use(String in) {
    String directory = run.resolve(in).toString();
    switch (in) {
      case "cohort" -> {
        Cohort cohort = Cohort.open(directory);
        for (Split split : Split.values()) {
          cohort.readAll(split);
        }
      }
      case "model" -> {
        TarDiffModel model = TarDiffModel.open(directory);
        model.denoiserWeights();
        for (int epoch = 1; epoch <= model.epochs(); epoch++) {
          model.classifierWeights(epoch);
          model.guidanceDirection(epoch);
        }
      }
      default -> {
        SyntheticSet set = SyntheticSet.open(directory);
        SyntheticWindows.read(set);
        SyntheticWindows.readLedger(set);
      }
    }
  }

  private int launch(String... arguments) {
    return Commands.run(out, err, arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static void add(
      Consumer<Case> add, String in, String name, String file, UnaryOperator<String> change) {
    add(add, in, name, file, file, change);
  }

  private static void add(
      Consumer<Case> add,
      String in,
      String name,
      String named,
      String file,
      UnaryOperator<String> change) {
    add.accept(new Case(name, in, named, directory -> edit(directory, file, change)));
  }

  private static void edit(Path directory, String file, UnaryOperator<String> change)
      throws IOException {
    Path path = directory.resolve(file);
    String before = Files.readString(path);
    String after = change.apply(before);
    assertThat("nothing was changed", after, is(not(before)));
    Files.writeString(path, after);
  }

  private static UnaryOperator<String> replace(String from, String to) {
    return text -> text.replace(from, to);
  }

  private static UnaryOperator<String> swap(String a, String b) {
    return text ->
        text.replace("\"" + a + "\"", "\"?\"")
            .replace("\"" + b + "\"", "\"" + a + "\"")
            .replace("\"?\"", "\"" + b + "\"");
  }

  private static String dropFirst(String manifest) {
    try {
      ObjectNode json = (ObjectNode) JSON.readTree(manifest);
      ArrayNode files = (ArrayNode) json.get("files");
      for (int i = 0; i < files.size(); i++) {
        if (files.get(i).get("file").asText().equals(SHARD)) {
          files.remove(i);
        }
      }
      return json.toPrettyString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tampering flip(String file) {
    return directory -> {
      byte[] bytes = Files.readAllBytes(directory.resolve(file));
      bytes[bytes.length / 2] ^= 1;
      Files.write(directory.resolve(file), bytes);
    };
  }

  private static Tampering truncate(String file) {
    return directory -> {
      byte[] bytes = Files.readAllBytes(directory.resolve(file));
      Files.write(directory.resolve(file), Arrays.copyOf(bytes, bytes.length * 2 / 3));
    };
  }

  private static Tampering append(String file) {
    return directory -> {
      byte[] bytes = Files.readAllBytes(directory.resolve(file));
      Files.write(directory.resolve(file), Arrays.copyOf(bytes, bytes.length + 100));
    };
  }

  private static Tampering empty(String file) {
    return directory -> Files.write(directory.resolve(file), new byte[0]);
  }

  private static Tampering remove(String file) {
    return directory -> Files.delete(directory.resolve(file));
  }

  private static Tampering from(String source, String file) {
    return directory -> Files.copy(directory.resolve(source), replacing(directory.resolve(file)));
  }

  private static Path replacing(Path file) throws IOException {
    Files.deleteIfExists(file);
    return file;
  }

  private static void exchange(Path a, Path b) throws IOException {
    byte[] first = Files.readAllBytes(a);
    Files.write(a, Files.readAllBytes(b));
    Files.write(b, first);
  }

  private static Tampering weights(String file, UnaryOperator<List<Weight>> change) {
    return directory -> {
      Weights before;
      try (InputStream in = Files.newInputStream(directory.resolve(file))) {
        before = Weights.read(in);
      }
      try (OutputStream stream = Files.newOutputStream(directory.resolve(file))) {
        Weights.of(change.apply(new ArrayList<>(before.all()))).write(stream);
      }
    };
  }

  private static Tampering first(String file, float value) {
    return weights(
        file,
        all -> {
          Weight weight = all.get(0);
          float[] values = weight.values().clone();
          values[0] = value;
          all.set(0, new Weight(weight.name(), weight.shape(), values));
          return all;
        });
  }

  /** Swaps the values of the first two weights of the same shape. */
  private static List<Weight> swapTensors(List<Weight> all) {
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        Weight a = all.get(i);
        Weight b = all.get(j);
        if (Arrays.equals(a.shape(), b.shape()) && !Arrays.equals(a.values(), b.values())) {
          all.set(i, new Weight(a.name(), a.shape(), b.values()));
          all.set(j, new Weight(b.name(), b.shape(), a.values()));
          return all;
        }
      }
    }
    throw new AssertionError("no two weights have the same shape");
  }

  private static Tampering records(String file, Consumer<GenericRecord> change) {
    return directory ->
        rewrite(
            directory.resolve(file),
            list -> {
              change.accept(list.get(0));
              return list;
            });
  }

  private static void flipLabel(GenericRecord record) {
    record.put("label", 1 - (Integer) record.get("label"));
  }

  private static void cut(GenericRecord record, String... fields) {
    for (String field : fields) {
      List<?> list = (List<?>) record.get(field);
      record.put(field, new ArrayList<>(list.subList(1, list.size())));
    }
  }

  private static void value(GenericRecord record, float value) {
    List<Object> values = new ArrayList<>((List<?>) record.get("values"));
    values.set(3, value);
    record.put("values", values);
  }

  private static void rewrite(Path file, UnaryOperator<List<GenericRecord>> change)
      throws IOException {
    List<GenericRecord> records = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      reader.forEach(records::add);
      List<GenericRecord> changed = change.apply(records);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataFileWriter<GenericRecord> writer =
          new DataFileWriter<>(new GenericDatumWriter<>(reader.getSchema()))) {
        writer.setMeta("io.tardiff.count", changed.size());
        writer.create(reader.getSchema(), bytes);
        for (GenericRecord record : changed) {
          writer.append(record);
        }
      }
      Files.write(file, bytes.toByteArray());
    }
  }

  /** Rewrites the manifest to match the changed files, as an attacker would. */
  private static void rewriteManifest(Path directory) throws IOException {
    Manifest before = Manifest.read(directory.toString()).orElseThrow();
    List<Manifest.Entry> files = new ArrayList<>();
    for (Manifest.Entry entry : before.files()) {
      byte[] bytes = Files.readAllBytes(directory.resolve(entry.file()));
      files.add(
          new Manifest.Entry(
              entry.file(), bytes.length, Hashing.sha256().hashBytes(bytes).toString()));
    }
    Collections.shuffle(files, new java.util.Random(1));
    Manifest.of(before.kind(), before.madeFrom(), files).write(directory.toString());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, replacing(target));
      }
    }
  }
}
