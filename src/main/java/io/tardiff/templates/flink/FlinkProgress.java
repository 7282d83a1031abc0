package io.tardiff.templates.flink;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formats the progress of a Flink job in one line. */
final class FlinkProgress {
  private static final int MAX_STEPS_SHOWN = 3;

  private static final Pattern NAMED =
      Pattern.compile("^\\(?([^(]+)/ParMultiDo\\((?!Anonymous\\))");

  private final String state;
  private final int finished;
  private final List<String> running = new ArrayList<>();
  private final int all;

  /**
   * @param job details of a job, from Flink's REST interface
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

  /**
   * Returns, for example, {@code RUNNING, 12 of 45 steps done; now Train/Train denoiser/Round 1}.
   */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(state);
    line.append(", ").append(finished).append(" of ").append(all).append(" steps done");
    if (!running.isEmpty()) {
      line.append("; now ")
          .append(String.join(", ", running.subList(0, Math.min(MAX_STEPS_SHOWN, running.size()))));
      if (running.size() > MAX_STEPS_SHOWN) {
        line.append(" and ").append(running.size() - MAX_STEPS_SHOWN).append(" more");
      }
    }
    return line.toString();
  }

  /**
   * Shortens the name of a vertex, which lists all chained steps, to the first step with a named
   * DoFn.
   */
  private static String shortened(String vertex) {
    String[] chained = vertex.split(" -> ", -1);
    for (String step : chained) {
      Matcher named = NAMED.matcher(step);
      if (named.find()) {
        return named.group(1);
      }
    }
    return chained[0];
  }
}
