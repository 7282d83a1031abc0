package io.tardiff.templates.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A real session cluster of processes on this machine, started by the script for users, on free
 * ports.
 */
public final class FlinkCluster implements AutoCloseable {
  static final Path SCRIPT = Path.of("templates/flink/session-cluster.sh");
  static final Path HOME = Path.of("target/flink-home/lib");
  static final Path TENSORFLOW = Path.of("target/flink-lib");

  private final Path state;
  private final Map<String, String> environment;
  private final int port;
  private final FlinkRest rest;

  /** The output and exit status of a process. */
  public record Outcome(int status, String output) {}

  /**
   * @param tensorflow jars to add to Flink's own; may be empty
   * @param settings Flink's settings, as {@code key=value}
   */
  FlinkCluster(Path state, String tensorflow, int taskManagers, String... settings)
      throws IOException {
    this.state = state.toAbsolutePath();
    this.environment =
        Map.of(
            "STATE", this.state.toString(), "TENSORFLOW", tensorflow, "TASKMANAGER_HEAP", "768m");
    List<Integer> ports = freePorts(3);
    this.port = ports.get(0);
    this.rest = new FlinkRest(URI.create(url()));
    List<String> command = new ArrayList<>(List.of("start", String.valueOf(taskManagers)));
    List<String> all = new ArrayList<>(List.of(settings));
    // Every job loads its classes again, so the optimising compiler never pays off here.
    all.add("env.java.opts.all=-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    all.add("rest.port=" + port);
    all.add("jobmanager.rpc.port=" + ports.get(1));
    all.add("blob.server.port=" + ports.get(2));
    all.forEach(setting -> command.addAll(List.of("-D", setting)));
    Outcome started = script(command.toArray(String[]::new));
    if (started.status() != 0) {
      close();
      throw new IllegalStateException("the cluster does not start: " + started.output());
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0));
      ports.add(sockets.get(i).getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  String url() {
    return "http://" + master();
  }

  String master() {
    return "127.0.0.1:" + port;
  }

  Path configuration() {
    return state.resolve("conf");
  }

  FlinkRest rest() {
    return rest;
  }

  Outcome script(String... arguments) {
    List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    return run(environment, command);
  }

  void startTaskManager(int number) {
    assertThat(script("taskmanager", String.valueOf(number)).status(), is(0));
  }

  /** Kills a TaskManager by kill -9. */
  void kill(int number) {
    assertThat(script("kill", String.valueOf(number)).status(), is(0));
  }

  /** Kills the JobManager by kill -9. */
  void killJobManager() {
    assertThat(script("kill", "jobmanager").status(), is(0));
  }

  /** Starts the JobManager again, which takes some seconds. */
  void startJobManager() {
    assertThat(script("jobmanager").status(), is(0));
  }

  /** Waits for a number of slots, so that the lost TaskManager is noticed before the next job. */
  void awaitSlots(int slots) {
    await(
        "slots",
        () -> {
          try {
            return rest.overview().path("slots-total").asInt() == slots;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  boolean isOver(String job) throws IOException {
    return FlinkRest.isOver(rest.job(job).path("state").asText());
  }

  /** Returns the number of the TaskManager that runs a step of a job, if one does. */
  OptionalInt taskManagerOf(String job, String step) throws IOException {
    for (JsonNode vertex : rest.job(job).path("vertices")) {
      if (!vertex.path("name").asText().contains(step)) {
        continue;
      }
      for (JsonNode task : rest.vertex(job, vertex.path("id").asText()).path("subtasks")) {
        if (task.path("status").asText().equals("RUNNING")) {
          String id = task.path("taskmanager-id").asText();
          return OptionalInt.of(Integer.parseInt(id.substring(id.lastIndexOf('-') + 1)));
        }
      }
    }
    return OptionalInt.empty();
  }

  /** Returns the logs of all TaskManagers. */
  String taskManagerLogs() throws IOException {
    return logs("taskmanager");
  }

  String jobManagerLog() throws IOException {
    return logs("jobmanager");
  }

  private String logs(String process) throws IOException {
    StringBuilder logs = new StringBuilder();
    try (Stream<Path> files = Files.list(state.resolve("log"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(process)).toList()) {
        logs.append(Files.readString(file));
      }
    }
    return logs.toString();
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited for " + what + " in vain");
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Runs a process and waits for its end. */
  public static Outcome run(Map<String, String> environment, List<String> command) {
    try {
      // A file, because child processes may keep a pipe open.
      File output = File.createTempFile("output", ".txt");
      output.deleteOnExit();
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " does not end");
      }
      return new Outcome(process.exitValue(), Files.readString(output.toPath()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    script("stop");
  }
}
