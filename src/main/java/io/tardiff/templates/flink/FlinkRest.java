package io.tardiff.templates.flink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.templates.Failures;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A client for Flink's REST interface. */
final class FlinkRest {
  /** Long, because running a jar builds the pipeline on the cluster. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** The accumulator in which Beam's runner keeps all metrics. */
  private static final String BEAM_METRICS = "__metricscontainers";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI cluster;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();

  /** A job in the cluster's list. */
  record Job(String id, String name, String state, long startMillis) {

    /** Returns whether the job has ended in any state. */
    boolean isOver() {
      return FlinkRest.isOver(state);
    }
  }

  /** Returns whether a job in that state has ended. */
  static boolean isOver(String state) {
    return switch (state) {
      case "FINISHED", "FAILED", "CANCELED", "SUSPENDED" -> true;
      default -> false;
    };
  }

  /**
   * @param cluster URL of the interface, such as {@code http://host:8081}
   */
  FlinkRest(URI cluster) {
    this.cluster = cluster;
  }

  /** Returns the numbers of TaskManagers and slots, and the version. */
  JsonNode overview() throws IOException {
    return get("/overview");
  }

  /** Returns a value of the cluster's configuration, if set. */
  Optional<String> configured(String key) throws IOException {
    for (JsonNode entry : get("/jobmanager/config")) {
      if (entry.path("key").asText().equals(key)) {
        return Optional.of(entry.path("value").asText());
      }
    }
    return Optional.empty();
  }

  /** Returns all jobs the cluster knows, the latest first. */
  List<Job> jobs() throws IOException {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      jobs.add(
          new Job(
              job.path("jid").asText(),
              job.path("name").asText(),
              job.path("state").asText(),
              job.path("start-time").asLong()));
    }
    jobs.sort((a, b) -> Long.compare(b.startMillis(), a.startMillis()));
    return jobs;
  }

  /** Returns state, vertices and tasks of a job. */
  JsonNode job(String id) throws IOException {
    return get("/jobs/" + id);
  }

  /** Returns the stack trace of a job's failure, or an empty string if it did not fail. */
  String failure(String id) throws IOException {
    JsonNode history = get("/jobs/" + id + "/exceptions").path("exceptionHistory").path("entries");
    // The first entry is the latest, which ended the job.
    return history.path(0).path("stacktrace").asText();
  }

  /** Returns the id of the uploaded jar of that name, if any. */
  Optional<String> uploaded(String name) throws IOException {
    for (JsonNode file : get("/jars").path("files")) {
      if (file.path("name").asText().equals(name)) {
        return Optional.of(file.path("id").asText());
      }
    }
    return Optional.empty();
  }

  /** Uploads a jar under a name and returns its id. */
  String upload(Path jar, String name) throws IOException {
    String boundary = "tardiff-" + UUID.randomUUID();
    BodyPublisher body;
    try {
      body =
          BodyPublishers.concat(
              BodyPublishers.ofString(
                  "--"
                      + boundary
                      + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                      + name
                      + "\"\r\nContent-Type: application/x-java-archive\r\n\r\n"),
              BodyPublishers.ofFile(jar),
              BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
    } catch (FileNotFoundException e) {
      throw new IOException(jar + " cannot be read", e);
    }
    JsonNode answer =
        send(
            request("/jars/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(body));
    return Path.of(answer.path("filename").asText()).getFileName().toString();
  }

  /** Runs an uploaded jar's main and returns the id of the job that it submitted. */
  String run(
      String jarId,
      String entryClass,
      List<String> arguments,
      int parallelism,
      Map<String, String> configuration)
      throws IOException {
    ObjectNode body = JSON.createObjectNode();
    body.put("entryClass", entryClass);
    arguments.forEach(body.putArray("programArgsList")::add);
    body.put("parallelism", parallelism);
    configuration.forEach(body.putObject("flinkConfiguration")::put);
    return send(request("/jars/" + jarId + "/run")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())))
        .path("jobid")
        .asText();
  }

  /** Requests the cancellation of a job. */
  void cancel(String id) throws IOException {
    send(request("/jobs/" + id + "?mode=cancel").method("PATCH", BodyPublishers.noBody()));
  }

  /** Returns the tasks of a vertex and where they run. */
  JsonNode vertex(String job, String vertex) throws IOException {
    return get("/jobs/" + job + "/vertices/" + vertex);
  }

  /** Returns the metrics of a job's finished tasks, as Beam's JSON. */
  JsonNode metrics(String job) throws IOException {
    for (JsonNode entry : get("/jobs/" + job + "/accumulators").path("user-task-accumulators")) {
      if (entry.path("name").asText().equals(BEAM_METRICS)) {
        return JSON.readTree(entry.path("value").asText()).path("metrics").path("attempted");
      }
    }
    return JSON.createArrayNode();
  }

  private JsonNode get(String path) throws IOException {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(cluster + path)).timeout(TIMEOUT);
  }

  private JsonNode send(HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.build();
    HttpResponse<String> response;
    try {
      response = client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + cluster);
    } catch (IOException e) {
      throw new IOException(
          String.format(
              "--cluster=%s cannot be reached (%s): it must be the address of a running Flink"
                  + " JobManager's REST interface, such as http://localhost:8081",
              cluster, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
          e);
    }
    JsonNode answer;
    try {
      answer = JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException(
          String.format(
              "--cluster=%s is not a Flink REST interface: it answered %s with status %d and no"
                  + " JSON",
              cluster, request.uri().getPath(), response.statusCode()),
          e);
    }
    if (response.statusCode() / 100 != 2) {
      throw new IOException(errors(answer));
    }
    return answer;
  }

  /** Describes the errors of a response; the last entry holds the stack trace, if any. */
  private static String errors(JsonNode answer) {
    JsonNode errors = answer.path("errors");
    return errors.isEmpty()
        ? answer.toString()
        : Failures.describe(errors.get(errors.size() - 1).asText());
  }
}
