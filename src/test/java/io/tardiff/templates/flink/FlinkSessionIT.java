package io.tardiff.templates.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.tardiff.files.Lease;
import io.tardiff.templates.Launcher;
import io.tardiff.templates.Version;
import io.tardiff.templates.flink.FlinkCluster.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.tensorflow.TensorFlow;

/**
 * The job jar on a real session cluster of one JobManager and two TaskManagers, each a separate
 * process, with TensorFlow on Flink's class path and not in the jar.
 *
 * <p>The tests run in order and build on each other: the four templates, with a TaskManager killed
 * in each step and the JobManager killed in training, must give the same results as all steps in
 * one undisturbed job.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("cluster")
class FlinkSessionIT {
  private static final Path ROOT = Path.of("target/flink-it").toAbsolutePath();
  private static final Path WHOLE = ROOT.resolve("whole");
  private static final Path INGEST = ROOT.resolve("ingest");
  private static final Path TRAIN = ROOT.resolve("train");
  private static final Path GENERATE = ROOT.resolve("generate");

  private static final List<String> OF_INGEST =
      List.of(
          "--source=simulated",
          "--stays=150",
          "--simulationSeed=1",
          "--steps=12",
          "--channels=HR,MAP,Urine");
  private static final List<String> OF_TRAIN =
      List.of(
          "--denoiser=tiny",
          "--trainingSteps=900",
          "--batchSize=16",
          "--classifierEpochs=2",
          "--checkpointSeconds=1");
  private static final List<String> OF_GENERATE =
      List.of(
          "--guidanceRules=mean_shift",
          "--guidanceScales=0.02",
          "--samplingSteps=3",
          "--samplingBatch=16",
          "--selection=herding",
          "--poolFactor=1.5",
          "--fourierFeatures=64");
  private static final List<String> OF_EVALUATE =
      List.of("--evaluationSeeds=1", "--evaluationModels=gru", "--alphas=0.5");

  /** Shorter than the training of the denoiser, which is a single element. */
  private static final int HEARTBEAT_TIMEOUT_MILLIS = 5000;

  private static Path jar;
  private static ZooKeeper zooKeeper;
  private static FlinkCluster cluster;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void start() throws IOException {
    jar = Path.of("target/tardiff-beam-" + Version.get() + "-flink.jar").toAbsolutePath();
    for (Path needed : List.of(jar, FlinkCluster.HOME, FlinkCluster.TENSORFLOW)) {
      assumeTrue(Files.exists(needed), needed + " is not there: mvn package makes it");
    }
    for (String tool : List.of("bash", "curl", "awk")) {
      assumeTrue(
          Stream.of(System.getenv("PATH").split(":"))
              .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool))),
          tool + " is not there, which the session cluster's script needs");
    }
    if (Files.exists(ROOT)) {
      MoreFiles.deleteRecursively(ROOT, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    zooKeeper = new ZooKeeper(ROOT.resolve("zookeeper"));
    List<String> settings = new ArrayList<>(List.of(zooKeeper.settings()));
    settings.add("restart-strategy.type=none");
    // Flink's REST interface shows a job as it was up to three seconds ago by default,
    // and some of the steps in which a TaskManager is killed take one.
    settings.add("web.refresh-interval=100");
    settings.add("heartbeat.interval=1000");
    settings.add("heartbeat.timeout=" + HEARTBEAT_TIMEOUT_MILLIS);
    cluster =
        new FlinkCluster(
            ROOT.resolve("cluster"),
            FlinkCluster.TENSORFLOW.toAbsolutePath().toString(),
            2,
            settings.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
    if (zooKeeper != null) {
      zooKeeper.close();
    }
  }

  /** Runs main in a separate process, like a user who has Flink's jars. */
  private static Outcome direct(FlinkCluster to, String template, List<String> options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                jar + ":" + FlinkCluster.HOME.toAbsolutePath() + "/*",
                Launcher.class.getName(),
                template,
                "--flinkMaster=" + to.master(),
                "--flinkConfDir=" + to.configuration()));
    command.addAll(options);
    return FlinkCluster.run(Map.of(), command);
  }

  private int session(String command, List<String> own, String... rest) {
    out.reset();
    err.reset();
    List<String> arguments = new ArrayList<>(List.of(command, "--cluster=" + cluster.url()));
    arguments.addAll(own);
    if (command.equals("submit")) {
      arguments.add("--jar=" + jar);
    }
    arguments.addAll(List.of(rest));
    return new FlinkSession(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(arguments.toArray(String[]::new));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Submits and returns the job's id. */
  private String submit(List<String> own, String... rest) {
    int status = session("submit", own, rest);
    assertThat(err(), status, is(0));
    return out();
  }

  private static String[] line(String template, List<String> options, String... more) {
    List<String> all = new ArrayList<>(List.of(template));
    all.addAll(options);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static List<String> concat(List<List<String>> lists) {
    return lists.stream().flatMap(List::stream).toList();
  }

  private SortedMap<String, String> metrics(String job) {
    assertThat(session("metrics", List.of(), job), is(0));
    SortedMap<String, String> metrics = new TreeMap<>();
    out()
        .lines()
        .forEach(
            line ->
                metrics.put(
                    line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
    return metrics;
  }

  private static boolean isAvro(Path path) {
    String name = path.getFileName().toString();
    return name.endsWith(".avro") && !name.startsWith(".");
  }

  private static String state(Path run) throws IOException {
    return json(run.resolve("run.json")).get("state").asText();
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  /**
   * Returns the content of the Avro files in a directory, by relative path, except the temporary
   * files of a killed worker.
   */
  private static SortedMap<String, String> avro(Path root) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(FlinkSessionIT::isAvro).toList()) {
        files.put(
            root.relativize(path).toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(root.toString(), files.size(), greaterThan(0));
    return files;
  }

  private static boolean isCheckpointed(Path run) {
    try (Stream<Path> files = Files.list(run.resolve("model"))) {
      return files.anyMatch(file -> file.toString().contains(".checkpoint-"));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Runs a job to its end with a TaskManager killed, and started again, while it runs a step. Flink
   * restarts the tasks. If the step was over too soon for anything to be lost, all begins again.
   */
  private void surviveKillIn(String step, Path output, String... line) throws IOException {
    for (int attempt = 0; attempt < 5; attempt++) {
      if (Files.exists(output)) {
        MoreFiles.deleteRecursively(output, RecursiveDeleteOption.ALLOW_INSECURE);
      }
      String job = submit(List.of("--restarts=3"), line);
      killWhere(job, step).ifPresent(cluster::startTaskManager);
      int status = session("wait", List.of(), job);
      assertThat(err(), status, is(0));
      cluster.awaitSlots(4);
      if (!cluster.rest().failure(job).isEmpty()) {
        return;
      }
    }
    throw new AssertionError(step + " was over before its TaskManager was killed, five times");
  }

  /** Kills the TaskManager that runs a step and returns its number, unless the job ends before. */
  private static OptionalInt killWhere(String job, String step) {
    OptionalInt[] number = {OptionalInt.empty()};
    FlinkCluster.await(
        step + " to run",
        () -> {
          try {
            number[0] = cluster.taskManagerOf(job, step);
            return number[0].isPresent() || cluster.isOver(job);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    number[0].ifPresent(cluster::kill);
    return number[0];
  }

  @Test
  @Order(1)
  void directlySubmittedJobRunsAllSteps() throws IOException {
    Outcome outcome =
        direct(
            cluster,
            "tardiff",
            concat(
                List.of(
                    OF_INGEST,
                    OF_TRAIN,
                    OF_GENERATE,
                    OF_EVALUATE,
                    List.of("--parallelism=3", "--output=" + WHOLE))));
    assertThat(outcome.output(), outcome.status(), is(0));
    assertThat(
        outcome.output(),
        allOf(containsString("TSTR"), containsString("Done. The output is in " + WHOLE)));
    assertThat(state(WHOLE), is("done"));

    FlinkRest.Job job = cluster.rest().jobs().get(0);
    assertThat(job.name(), is("tardiff-" + json(WHOLE.resolve("run.json")).get("run_id").asText()));
    List<Integer> parallelisms = new ArrayList<>();
    cluster
        .rest()
        .job(job.id())
        .path("vertices")
        .forEach(v -> parallelisms.add(v.path("parallelism").asInt()));
    assertThat(parallelisms.size(), greaterThan(20));
    assertThat(parallelisms, everyItem(is(3)));
  }

  /** The worker sends heartbeats from another thread than the one that trains. */
  @Test
  @Order(2)
  void elementMayTakeLongerThanTheHeartbeatTimeout() throws IOException {
    double seconds = json(WHOLE.resolve("model/denoiser.json")).get("seconds").asDouble();
    assertThat(seconds * 1000, greaterThan((double) HEARTBEAT_TIMEOUT_MILLIS));
    assertThat(cluster.rest().failure(cluster.rest().jobs().get(0).id()), is(""));
    assertThat(cluster.taskManagerLogs(), not(containsString("Resuming denoiser training")));
  }

  @Test
  @Order(3)
  void metricsAreInFlinksRestInterface() throws IOException {
    SortedMap<String, String> metrics = metrics(cluster.rest().jobs().get(0).id());
    assertThat(metrics.get("tardiff.training/denoiserSteps"), is("900"));
    assertThat(metrics.get("tardiff.training/denoiserStep"), is("900"));
    assertThat(
        metrics.get("tardiff.training/denoiserLossMillionths"), startsWith("count 900, mean "));
    assertThat(
        metrics.get("tardiff.training/denoiserMicrosecondsPerStep"), startsWith("count 900, "));
    assertThat(metrics.get("tardiff.training/classifierEpochs"), is("2"));
    // A guided and an unguided pool, each of 1.5 times the selected samples.
    long wanted =
        3 * json(WHOLE.resolve("cohort/cohort.json")).at("/splits/train/windows").asLong();
    assertThat(wanted, greaterThan(0L));
    assertThat(metrics.get("tardiff.generation/samples"), is(String.valueOf(wanted)));
    assertThat(Long.parseLong(metrics.get("tardiff.generation/samplesPerSecond")), greaterThan(0L));
    assertThat(metrics.get("tardiff.generation/millisecondsPerBatch"), startsWith("count "));
  }

  @Test
  @Order(4)
  void ingestionSurvivesALostTaskManager() throws IOException {
    surviveKillIn("Build cohort", INGEST, line("ingest", OF_INGEST, "--output=" + INGEST));
    assertThat(state(INGEST), is("done"));
    assertThat(avro(INGEST.resolve("cohort")), is(avro(WHOLE.resolve("cohort"))));
  }

  @Test
  @Order(5)
  void lostTaskManagerIsReportedIfFlinkDoesNotRestart() throws IOException {
    String job = submit(List.of(), trainLine());
    FlinkCluster.await("a checkpoint", () -> isCheckpointed(TRAIN));
    int killed = killWhere(job, "Train denoiser/Round 1").orElseThrow();
    assertThat(session("wait", List.of(), job), is(1));
    assertThat(
        err(),
        containsString(
            "Failed: a TaskManager was lost, and Flink does not restart this job: start the"
                + " TaskManager again and run the same command, which resumes the run"));
    assertThat(session("status", List.of(), job), is(1));
    assertThat(out(), startsWith(job + " FAILED train-"));
    deleteLease(TRAIN);
    cluster.startTaskManager(killed);
    cluster.awaitSlots(4);
  }

  /** The job has ended, so the next run need not watch its lease for a minute. */
  private static void deleteLease(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.filter(f -> Lease.isClaim(f.getFileName().toString())).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String[] trainLine() {
    return line("train", OF_TRAIN, "--cohort=" + INGEST.resolve("cohort"), "--output=" + TRAIN);
  }

  @Test
  @Order(6)
  void trainingSurvivesALostTaskManagerAndALostJobManager() throws IOException {
    String job = submit(List.of("--restarts=3"), trainLine());
    // The same command while its job runs returns that job.
    assertThat(submit(List.of("--restarts=3"), trainLine()), is(job));
    assertThat(err(), containsString("is already running and was not submitted again"));
    // Another command for the same output is rejected.
    assertThat(
        session(
            "submit",
            List.of(),
            line("train", OF_TRAIN, "--seed=7", "--cohort=x", "--output=" + TRAIN)),
        is(1));
    assertThat(err(), containsString("of another command is writing to this --output"));

    awaitResumedTraining(1);
    cluster.startTaskManager(killWhere(job, "Train denoiser/Round 1").orElseThrow());
    awaitResumedTraining(2);
    CompletableFuture<Integer> ended =
        CompletableFuture.supplyAsync(() -> session("wait", List.of(), job));
    FlinkCluster.await("the job to be followed", () -> err().contains("RUNNING"));
    cluster.killJobManager();
    zooKeeper.endSessionsWithoutConnection();
    cluster.startJobManager();
    int status = ended.join();
    assertThat(err(), status, is(0));
    assertThat(err(), containsString("trying again"));
    assertThat(cluster.jobManagerLog(), containsString("Recovered JobGraph(jobId: " + job));
    assertThat(state(TRAIN), is("done"));
    assertThat(avro(TRAIN.resolve("model")), is(avro(WHOLE.resolve("model"))));

    List<Long> steps = resumedAt();
    assertThat(steps, everyItem(greaterThan(0L)));
    // Flink keeps the metrics of a task's last attempt. If the lost TaskManager also held data that
    // a later task had yet to read, there is another attempt, which finds the training done.
    SortedMap<String, String> metrics = metrics(job);
    if (metrics.containsKey("tardiff.training/denoiserSteps")) {
      assertThat(
          metrics.get("tardiff.training/denoiserResumedAtStep"),
          startsWith(
              "count 1, mean " + steps.stream().mapToLong(Long::longValue).max().orElseThrow()));
    }
    cluster.awaitSlots(4);
  }

  private static void awaitResumedTraining(int times) {
    FlinkCluster.await(
        "training to go on",
        () -> {
          try {
            return resumedAt().size() >= times;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Returns the steps after which training was resumed. */
  private static List<Long> resumedAt() throws IOException {
    return Pattern.compile("Resuming denoiser training after step (\\d+)")
        .matcher(cluster.taskManagerLogs())
        .results()
        .map(match -> Long.valueOf(match.group(1)))
        .toList();
  }

  @Test
  @Order(7)
  void severalTrainersSurviveALostTaskManager() throws IOException {
    Path undisturbed = ROOT.resolve("trainers");
    Path disturbed = ROOT.resolve("trainers-disturbed");
    String job = submit(List.of(), trainersLine(undisturbed));
    assertThat(err(), session("wait", List.of(), job), is(0));
    for (int trainer = 1; trainer <= 2; trainer++) {
      for (int round = 1; round <= 3; round++) {
        assertThat(
            cluster.taskManagerLogs(),
            containsString(String.format("trainer %d of 2, round %d of 3", trainer, round)));
      }
    }

    surviveKillIn("Train denoiser/Round 2", disturbed, trainersLine(disturbed));

    assertThat(avro(disturbed.resolve("model")), is(avro(undisturbed.resolve("model"))));
  }

  private static String[] trainersLine(Path output) {
    return line(
        "train",
        OF_TRAIN,
        "--trainers=2",
        "--localSteps=150",
        "--cohort=" + INGEST.resolve("cohort"),
        "--output=" + output);
  }

  @Test
  @Order(8)
  void generationSurvivesALostTaskManager() throws IOException {
    surviveKillIn(
        "Generate/Sample",
        GENERATE,
        line(
            "generate",
            OF_GENERATE,
            "--model=" + TRAIN.resolve("model"),
            "--cohort=" + INGEST.resolve("cohort"),
            "--output=" + GENERATE));
    assertThat(state(GENERATE), is("done"));
    assertThat(avro(GENERATE.resolve("synthetic")), is(avro(WHOLE.resolve("synthetic"))));
  }

  @Test
  @Order(9)
  void selectionSurvivesALostTaskManager() throws IOException {
    Path again = ROOT.resolve("generate-again");
    surviveKillIn(
        "Select",
        again,
        line(
            "generate",
            OF_GENERATE,
            "--model=" + TRAIN.resolve("model"),
            "--cohort=" + INGEST.resolve("cohort"),
            "--output=" + again));
    assertThat(avro(again.resolve("synthetic")), is(avro(GENERATE.resolve("synthetic"))));
  }

  @Test
  @Order(10)
  void evaluationSurvivesALostTaskManager() throws IOException {
    Path evaluate = ROOT.resolve("evaluate");
    surviveKillIn(
        "Evaluate",
        evaluate,
        line(
            "evaluate",
            OF_EVALUATE,
            "--cohort=" + INGEST.resolve("cohort"),
            "--synthetic=" + GENERATE.resolve("synthetic"),
            "--output=" + evaluate));
    assertThat(utility(evaluate), is(utility(WHOLE)));
  }

  private static JsonNode utility(Path run) throws IOException {
    JsonNode utility = json(run.resolve("metrics.json")).get("utility");
    assertThat(utility.size(), greaterThan(2));
    utility.forEach(row -> ((ObjectNode) row).remove("fit_seconds"));
    return utility;
  }

  @Test
  @Order(11)
  void errorsOfTheTemplatesOptionsAreThoseOfTheLauncher() {
    assertThat(
        session(
            "submit",
            List.of(),
            "ingest",
            "--source=simulated",
            "--stays=many",
            "--steps=0",
            "--output=" + ROOT.resolve("wrong")),
        is(1));
    assertThat(
        err(),
        containsString("Failed: Cannot run ingest:\n  --stays must be an integer, was many\n"));
    assertThat(Files.exists(ROOT.resolve("wrong")), is(false));
  }

  @Test
  @Order(11)
  void outputOfAnotherRunIsRejected() throws IOException {
    assertThat(
        session("submit", List.of(), line("ingest", OF_INGEST, "--seed=2", "--output=" + INGEST)),
        is(1));
    assertThat(
        err(),
        allOf(
            startsWith("Failed: --output=" + INGEST),
            containsString("--seed was 0 there and is 2 here")));
    assertThat(state(INGEST), is("done"));
  }

  @Test
  @Order(11)
  void parallelismBeyondTheSlotsIsRejected() {
    assertThat(
        session("submit", List.of("--parallelism=99"), line("ingest", OF_INGEST, "--output=x")),
        is(1));
    assertThat(
        err(),
        is(
            "Failed: --parallelism=99 needs as many task slots, but the cluster has 4 task slots in"
                + " 2 TaskManagers: reduce it or start more TaskManagers\n"));
  }

  @Test
  @Order(11)
  void aJobIsCancelledByName() throws IOException {
    Path output = ROOT.resolve("cancelled");
    String job =
        submit(
            List.of(),
            line(
                "train",
                List.of("--denoiser=small", "--trainingSteps=100000", "--jobName=cancel-me"),
                "--cohort=" + INGEST.resolve("cohort"),
                "--output=" + output));
    assertThat(session("cancel", List.of(), "cancel-me"), is(0));
    assertThat(out(), is(job + " CANCELED cancel-me"));
    assertThat(session("cancel", List.of(), job), is(0));
    assertThat(out(), is(job + " CANCELED cancel-me"));
    assertThat(state(output), is("running"));
  }

  @Test
  @Order(11)
  void submitScriptRunsTheJobJar() {
    Outcome outcome =
        FlinkCluster.run(
            Map.of("JAR", jar.toString()),
            List.of(
                "bash", "templates/flink/submit.sh", "status", "--cluster=" + cluster.url(), "x"));
    assertThat(outcome.status(), is(1));
    assertThat(outcome.output(), startsWith("Failed: the cluster knows no job x"));
    outcome =
        FlinkCluster.run(
            Map.of("JAR", "nowhere.jar"), List.of("bash", "templates/flink/submit.sh", "status"));
    assertThat(outcome.status(), is(2));
    assertThat(outcome.output(), containsString("was nowhere.jar"));
  }

  /** A second cluster without TensorFlow and, at first, without TaskManagers. */
  @Test
  @Order(12)
  void missingTensorFlowOrTaskManagersAreReported() throws IOException {
    cluster.close();
    try (FlinkCluster bare =
        new FlinkCluster(
            ROOT.resolve("bare"),
            "",
            0,
            "restart-strategy.type=none",
            "slot.request.timeout=2000")) {
      List<String> train =
          List.of(
              "--cohort=" + INGEST.resolve("cohort"),
              "--parallelism=1",
              "--output=" + ROOT.resolve("bare-train"));
      assertThat(
          failure(direct(bare, "train", train)),
          startsWith("Failed: Flink did not find enough free task slots"));

      bare.startTaskManager(1);
      bare.awaitSlots(2);
      assertThat(
          failure(direct(bare, "train", train)),
          startsWith("Failed: TensorFlow is not on the class path of this worker: on Flink, put"));
      assertThat(state(ROOT.resolve("bare-train")), is("failed"));

      List<String> staged = new ArrayList<>(train);
      Path tensorFlow =
          Path.of(TensorFlow.class.getProtectionDomain().getCodeSource().getLocation().getPath());
      staged.add("--filesToStage=" + jar + "," + tensorFlow);
      assertThat(
          failure(direct(bare, "train", staged)),
          startsWith("Failed: TensorFlow comes from the job jar, so the second job"));
    }
  }

  private static String failure(Outcome outcome) {
    assertThat(outcome.output(), outcome.status(), is(1));
    return outcome
        .output()
        .lines()
        .filter(line -> line.startsWith("Failed: "))
        .findFirst()
        .orElse(outcome.output());
  }
}
