package io.tardiff.templates;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** How far a Flink job is, in one line. */
final class FlinkProgress {
  private static final int MOST_STEPS_NAMED = 3;

  private final String state;
  private final int finished;
  private final List<String> running = new ArrayList<>();
  private final int all;

  /**
   * @param job what Flink's REST interface tells of a job
   */
  FlinkProgress(JsonNode job) {
    state = job.path("state").asText();
    int done = 0;
    for (JsonNode vertex : job.path("vertices")) {
      switch (vertex.path("status").asText()) {
        case "FINISHED" -> done++;
        case "RUNNING" -> running.add(shortened(vertex.path("name").asText()));
        default -> {}
      }
    }
    finished = done;
    all = job.path("vertices").size();
  }

  /** {@code RUNNING, 12 of 45 steps done; now Train/Train denoiser/Round 1}. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(state);
    line.append(", ").append(finished).append(" of ").append(all).append(" steps done");
    if (!running.isEmpty()) {
      line.append("; now ")
          .append(
              String.join(", ", running.subList(0, Math.min(MOST_STEPS_NAMED, running.size()))));
      if (running.size() > MOST_STEPS_NAMED) {
        line.append(" and ").append(running.size() - MOST_STEPS_NAMED).append(" more");
      }
    }
    return line.toString();
  }

  /** A vertex has the names of all that was chained to it; the first is enough to know it by. */
  private static String shortened(String vertex) {
    int chained = vertex.indexOf(" -> ");
    String first = chained < 0 ? vertex : vertex.substring(0, chained);
    int inner = first.indexOf("/ParMultiDo");
    return inner < 0 ? first : first.substring(0, inner);
  }
}
