package io.tardiff.templates.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses a server that answers like Flink; {@code FlinkSessionIT} uses Flink itself. */
class FlinkSessionTest {
  private static final String LEADER_ELECTION =
      "{\"errors\":[\"Service temporarily unavailable due to an ongoing leader election\"]}";

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** JSON answers by method and path. */
  private final Map<String, String> answers = new HashMap<>();

  /** How many requests, by method and path, fail like those to a JobManager that starts. */
  private final Map<String, Integer> outages = new HashMap<>();

  private final List<String> requests = new ArrayList<>();
  private final Map<String, String> bodies = new HashMap<>();
  private HttpServer server;
  private Path jar;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    jar = Files.writeString(directory.resolve("job.jar"), "the job jar's content");
    answers.put("GET /overview", "{\"taskmanagers\":2,\"slots-total\":4,\"slots-available\":3}");
    answers.put("GET /jobmanager/config", "[]");
    answers.put("GET /jobs/overview", "{\"jobs\":[]}");
    answers.put("GET /jars", "{\"files\":[]}");
    answers.put(
        "POST /jars/upload", "{\"filename\":\"/tmp/upload/0123_job.jar\",\"status\":\"success\"}");
    answers.put("POST /jars/0123_job.jar/run", "{\"jobid\":\"abc\"}");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    requests.add(request);
    bodies.put(
        request, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
    String answer =
        outages.merge(request, -1, Integer::sum) >= 0 ? LEADER_ELECTION : answers.get(request);
    byte[] bytes =
        (answer == null ? "{\"errors\":[\"Not found: " + request + "\"]}" : answer)
            .getBytes(StandardCharsets.UTF_8);
    int status = answer == null ? 404 : answer.startsWith("{\"errors\"") ? 500 : 200;
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String cluster() {
    return "--cluster=http://127.0.0.1:" + server.getAddress().getPort();
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    return new FlinkSession(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Duration.ofSeconds(1))
        .run(arguments);
  }

  private int submit(String... rest) {
    List<String> arguments = new ArrayList<>(List.of("submit", cluster(), "--jar=" + jar));
    arguments.addAll(List.of(rest));
    return run(arguments.toArray(String[]::new));
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private JsonNode asRun() throws IOException {
    return new ObjectMapper().readTree(bodies.get("POST /jars/0123_job.jar/run"));
  }

  private List<String> arguments() throws IOException {
    List<String> arguments = new ArrayList<>();
    asRun().get("programArgsList").forEach(argument -> arguments.add(argument.asText()));
    return arguments;
  }

  @Test
  void runsTheTemplateOnAllSlots() throws IOException {
    assertThat(submit("ingest", "--source=simulated", "--output=/data/a b"), is(0));
    assertThat(out(), is("abc\n"));
    assertThat(asRun().get("entryClass").asText(), is(ClusterLauncher.class.getName()));
    assertThat(asRun().get("parallelism").asInt(), is(4));
    assertThat(
        arguments().subList(0, 3),
        is(List.of("ingest", "--source=simulated", "--output=/data/a b")));
    assertThat(arguments(), hasItem("--parallelism=4"));
    assertThat(arguments(), hasItem(matchesPattern("--jobName=ingest-[0-9a-f]{8}-[0-9a-f]{8}")));
    JsonNode flink = asRun().get("flinkConfiguration");
    assertThat(
        flink.get("execution.batch.adaptive.auto-parallelism.enabled").asText(), is("false"));
    assertThat(flink.get("restart-strategy.type").asText(), is("exponential-delay"));
    assertThat(
        flink.get("restart-strategy.exponential-delay.attempts-before-reset-backoff").asText(),
        is("3"));
    assertThat(
        bodies.get("POST /jars/upload"),
        allOf(
            containsString("name=\"jarfile\""),
            containsString("\r\n\r\nthe job jar's content\r\n--")));
  }

  @Test
  void optionsOfTheTemplateTakePrecedence() throws IOException {
    assertThat(submit("ingest", "--output=x", "--parallelism=2", "--jobName=mine"), is(0));
    assertThat(
        arguments(), is(List.of("ingest", "--output=x", "--parallelism=2", "--jobName=mine")));
    assertThat(asRun().get("parallelism").asInt(), is(2));
  }

  @Test
  void jarIsUploadedOnce() throws IOException {
    submit("ingest", "--output=x");
    String body = bodies.get("POST /jars/upload");
    String name = body.substring(body.indexOf("filename=\"") + 10, body.indexOf("\"\r\n"));
    assertThat(name, matchesPattern("tardiff-beam-.*-flink-[0-9a-f]{16}\\.jar"));
    answers.put("GET /jars", "{\"files\":[{\"id\":\"0123_job.jar\",\"name\":\"" + name + "\"}]}");
    requests.clear();
    assertThat(submit("ingest", "--output=x"), is(0));
    assertThat(requests, not(hasItem("POST /jars/upload")));

    // A jar with other content is another jar, whatever its file name.
    Files.writeString(jar, "built anew");
    assertThat(submit("ingest", "--output=x"), is(0));
    assertThat(requests, hasItem("POST /jars/upload"));
  }

  @Test
  void restartStrategyOfTheClusterIsKept() throws IOException {
    answers.put(
        "GET /jobmanager/config",
        "[{\"key\":\"restart-strategy.type\",\"value\":\"exponential-delay\"}]");
    submit("ingest", "--output=x");
    assertThat(asRun().get("flinkConfiguration").has("restart-strategy.type"), is(false));
    submit("--restarts=0", "ingest", "--output=x");
    assertThat(asRun().get("flinkConfiguration").get("restart-strategy.type").asText(), is("none"));
    submit("--restarts=7", "ingest", "--output=x");
    assertThat(
        asRun()
            .at(
                "/flinkConfiguration/restart-strategy.exponential-delay.attempts-before-reset-backoff")
            .asText(),
        is("7"));
  }

  @Test
  void repeatedCommandReturnsTheRunningJob() throws IOException {
    submit("ingest", "--output=x", "--seed=1");
    String name =
        arguments().stream().filter(a -> a.startsWith("--jobName=")).findFirst().orElseThrow();
    answers.put("GET /jobs/overview", jobs(name.substring(10), "RUNNING"));
    requests.clear();
    assertThat(submit("ingest", "--seed=1", "--output=x"), is(0));
    assertThat(out(), is("there\n"));
    assertThat(err(), containsString("is already running and was not submitted again"));
    assertThat(requests.stream().filter(a -> a.startsWith("POST")).toList(), is(empty()));

    assertThat(submit("ingest", "--seed=2", "--output=x"), is(1));
    assertThat(err(), containsString("(there) of another command is writing to this --output"));
    assertThat(submit("ingest", "--seed=2", "--output=y"), is(0));

    answers.put("GET /jobs/overview", jobs(name.substring(10), "FAILED"));
    assertThat(submit("ingest", "--seed=1", "--output=x"), is(0));
    assertThat(out(), is("abc\n"));
  }

  private static String jobs(String name, String state) {
    return "{\"jobs\":[{\"jid\":\"there\",\"name\":\""
        + name
        + "\",\"state\":\""
        + state
        + "\",\"start-time\":1}]}";
  }

  @Test
  void followsAJobToItsEnd() {
    answers.put(
        "GET /jobs/abc",
        "{\"state\":\"FINISHED\",\"vertices\":[{\"name\":\"a\",\"status\":\"FINISHED\"}]}");
    assertThat(submit("--wait", "ingest", "--output=x"), is(0));
    assertThat(err(), containsString("FINISHED, 1 of 1 steps done\n"));
  }

  @Test
  void followsAJobWhoseJobManagerRestarts() {
    answers.put("GET /jobs/abc", "{\"state\":\"FINISHED\",\"vertices\":[]}");
    outages.put("GET /jobs/abc", 1);
    assertThat(submit("--wait", "ingest", "--output=x"), is(0));
    assertThat(err(), containsString("leader election; trying again for up to 1 s.\n"));
  }

  @Test
  void jobThatTheRestartedJobManagerDoesNotKnowIsReported() {
    assertThat(submit("--wait", "ingest", "--output=x"), is(1));
    assertThat(
        err(),
        containsString(
            "Failed: Not found: GET /jobs/abc; no other answer for 1 s. Run the same command again,"
                + " which resumes the run"));
  }

  @Test
  void namesTheRunningSteps() throws IOException {
    String running = "\",\"status\":\"RUNNING\"}";
    FlinkProgress progress =
        new FlinkProgress(
            new ObjectMapper()
                .readTree(
                    "{\"state\":\"RUNNING\",\"vertices\":[{\"name\":\"x\",\"status\":\"FINISHED\"},"
                        + "{\"name\":\"Train/To a worker/Values/Map/ParMultiDo(Anonymous) ->"
                        + " Train/Round 1/ParMultiDo(TrainDenoiser) -> (a, b)"
                        + running
                        + ",{\"name\":\"Build/Gather subjects -> (Build/Map/ParMultiDo(Anonymous),"
                        + " b)"
                        + running
                        + ",{\"name\":\"c"
                        + running
                        + ",{\"name\":\"d"
                        + running
                        + "]}"));
    assertThat(
        progress.toString(),
        is("RUNNING, 1 of 5 steps done; now Train/Round 1, Build/Gather subjects, c and 1 more"));
  }

  @Test
  void reportsWhyAJobFailed() {
    answers.put("GET /jobs/abc", "{\"state\":\"FAILED\",\"vertices\":[]}");
    answers.put(
        "GET /jobs/abc/exceptions",
        "{\"exceptionHistory\":{\"entries\":[{\"stacktrace\":\"java.lang.RuntimeException:"
            + " java.lang.IllegalStateException: train must hold 2 classes\\n\\tat a.b(C.java:1)\\n"
            + "Caused by: java.lang.IllegalStateException: train must hold 2 classes\\n\\tat"
            + " a.b(C.java:1)\\n\"}]}}");
    assertThat(submit("--wait", "ingest", "--output=x"), is(1));
    assertThat(err(), containsString("Failed: train must hold 2 classes\n"));
  }

  @Test
  void reportsErrorsOfTheProgramOnTheCluster() {
    answers.put(
        "POST /jars/0123_job.jar/run",
        "{\"errors\":[\"Internal server error.\",\"<Exception on server side:\\n"
            + "org.apache.flink.client.program.ProgramInvocationException: The main method caused"
            + " an error: Cannot run ingest:\\n  --a\\n\\tat a.b(C.java:1)\\n"
            + "Caused by: java.lang.IllegalArgumentException: Cannot run ingest:\\n  --stays must"
            + " be an integer, was many\\n  --steps must be at least 1, was 0\\n\\tat"
            + " a.b(C.java:1)\\n\\t... 3 more\\n\\nEnd of exception on server side>\"]}");
    assertThat(submit("ingest", "--output=x"), is(1));
    assertThat(
        err(),
        containsString(
            "Failed: Cannot run ingest:\n  --stays must be an integer, was many\n  --steps must be"
                + " at least 1, was 0\n"));
    assertThat(out(), is(""));
  }

  @Test
  void unreachableClusterIsReported() throws IOException {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    for (String command : List.of("status", "wait", "metrics", "cancel")) {
      assertThat(run(command, "--cluster=http://127.0.0.1:" + closedPort, "job"), is(1));
      assertThat(
          err(),
          startsWith("Failed: --cluster=http://127.0.0.1:" + closedPort + " cannot be reached ("));
    }
    assertThat(
        run(
            "submit",
            "--cluster=http://127.0.0.1:" + closedPort,
            "--jar=" + jar,
            "ingest",
            "--output=x"),
        is(1));
    assertThat(err(), containsString("must be the address of a running Flink JobManager's REST"));
  }

  @Test
  void anotherServerIsNotMistakenForFlink() {
    answers.put("GET /jobs/overview", "<html>hello</html>");
    assertThat(run("status", cluster(), "job"), is(1));
    assertThat(
        err(),
        containsString(
            "is not a Flink REST interface: it answered /jobs/overview with status 200"));
  }

  @Test
  void missingJarIsReported() {
    Path missing = directory.resolve("missing.jar");
    assertThat(run("submit", cluster(), "--jar=" + missing, "ingest", "--output=x"), is(1));
    assertThat(
        err(),
        allOf(
            startsWith("Failed: --jar must be the job jar tardiff-beam-"),
            containsString("was " + missing + ", which is not a file")));
    assertThat(requests, hasSize(0));
  }

  @Test
  void missingSlotsAreReported() throws IOException {
    assertThat(submit("--parallelism=5", "ingest", "--output=x"), is(1));
    assertThat(
        err(),
        is(
            "Failed: --parallelism=5 needs as many task slots, but the cluster has 4 task slots in"
                + " 2 TaskManagers: reduce it or start more TaskManagers\n"));
    answers.put("GET /overview", "{\"taskmanagers\":0,\"slots-total\":0}");
    assertThat(submit("ingest", "--output=x"), is(1));
    assertThat(
        err(),
        is(
            "Failed: the cluster has 0 task slots in 0 TaskManagers: start TaskManagers, or use"
                + " --elastic if the cluster starts them itself\n"));
    assertThat(submit("--elastic", "--parallelism=5", "ingest", "--output=x"), is(0));
    assertThat(asRun().get("parallelism").asInt(), is(5));
  }

  @Test
  void unknownJobIsReported() {
    answers.put("GET /jobs/overview", jobs("ingest-a", "RUNNING"));
    assertThat(run("status", "ingest-b", cluster()), is(1));
    assertThat(err(), is("Failed: the cluster knows no job ingest-b; did you mean ingest-a?\n"));
    assertThat(run("status", "ingest-a", cluster()), is(0));
    assertThat(out(), is("there RUNNING ingest-a\n"));
  }

  @Test
  void endedJobIsNotCancelled() {
    answers.put("GET /jobs/overview", jobs("ingest-a", "FINISHED"));
    assertThat(run("cancel", cluster(), "ingest-a"), is(0));
    assertThat(out(), is("there FINISHED ingest-a\n"));
    assertThat(requests.stream().filter(a -> a.startsWith("PATCH")).toList(), is(empty()));
  }

  @Test
  void printsDecodedMetrics() {
    answers.put("GET /jobs/overview", jobs("train-a", "FINISHED"));
    answers.put(
        "GET /jobs/there/accumulators",
        """
        {"job-accumulators":[],"user-task-accumulators":[{"name":"__metricscontainers","value":\
        "{\\"metrics\\":{\\"attempted\\":[\
        {\\"type\\":\\"beam:metrics:sum_int64:v1\\",\\"payload\\":\\"lYcB\\",\
        \\"labels\\":{\\"NAMESPACE\\":\\"training\\",\\"NAME\\":\\"steps\\"}},\
        {\\"type\\":\\"beam:metrics:sum_int64:v1\\",\\"payload\\":\\"Ag==\\",\
        \\"labels\\":{\\"NAMESPACE\\":\\"training\\",\\"NAME\\":\\"steps\\"}},\
        {\\"type\\":\\"beam:metrics:distribution_int64:v1\\",\\"payload\\":\\"AgcDBA==\\",\
        \\"labels\\":{\\"NAMESPACE\\":\\"training\\",\\"NAME\\":\\"loss\\"}},\
        {\\"type\\":\\"beam:metrics:latest_int64:v1\\",\\"payload\\":\\"AQk=\\",\
        \\"labels\\":{\\"NAMESPACE\\":\\"training\\",\\"NAME\\":\\"step\\"}}]}}"}]}\
        """);
    assertThat(run("metrics", cluster(), "train-a"), is(0));
    assertThat(
        out(),
        is(
            """
            training/loss count 2, mean 3.5, min 3, max 4
            training/step 9
            training/steps 17303
            """));
  }

  @Test
  void reportsEveryProblemOfACommandLineAtOnce() {
    assertThat(
        run(
            "submit",
            "--cluster=localhost",
            "--paralelism=2",
            "--restarts=-1",
            "--elastic",
            "--wait=yes",
            "--jar",
            "ingst"),
        is(2));
    assertThat(
        err(),
        startsWith(
            """
            Cannot submit:
              unknown option --paralelism of submit; did you mean parallelism?
              --wait takes no value
              --jar needs a value: --jar=value
              unknown template ingst; did you mean ingest?
              --output=directory is required after the template
              --restarts must be at least 0, was -1
              --parallelism=n is required with --elastic
              --cluster must be a URL such as http://localhost:8081, was localhost
            Usage: submit\
            """));
    assertThat(run("status", "a", "b"), is(2));
    assertThat(err(), containsString("status needs one job, by id or name, was given 2"));
    assertThat(run("stauts"), is(2));
    assertThat(err(), startsWith("unknown command stauts; did you mean status?\nUsage: submit"));
    assertThat(requests, hasSize(0));
  }

  @Test
  void passwordInTheUrlIsRejectedAndNotPrinted() {
    assertThat(run("status", "--cluster=http://user:hunter2@host:8081", "job"), is(2));
    assertThat(
        err(),
        allOf(
            containsString("--cluster must not contain a user or password"),
            not(containsString("hunter2"))));
  }
}
