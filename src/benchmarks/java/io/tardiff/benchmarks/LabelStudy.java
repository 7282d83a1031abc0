package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Splitter;
import io.tardiff.templates.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What synthetic windows are worth with fewer and fewer labels: runs everything for several shares
 * of the labels of train and several splits of the patients, and summarises each share. Prints JSON
 * and writes it to {@code study.json}.
 *
 * <pre>
 * mvn -q test-compile exec:exec@benchmark -Dbenchmark=LabelStudy \
 *     -Dbenchmark.args="options=--source=physionet2012|--input=data/physionet2012|--purpose=augment \
 *     labels=0.11+0.26+1+1,0.25 output=out/labels"
 * </pre>
 *
 * <p>Arguments, each {@code name=value}:
 *
 * <ul>
 *   <li>{@code output}: directory. Runs that are done are not repeated.
 *   <li>{@code options}: options of the template {@code tardiff} for all runs, separated by |.
 *   <li>{@code labels}: values of {@code --trainLabels}, separated by +. Default: {@code
 *       0.11+0.26+1+1,0.25}, which are 258, 607 and all train stays of PhysioNet 2012 (set A), and
 *       all with a quarter of the deaths.
 *   <li>{@code unlabelled}: what becomes of windows whose label is set aside, {@code train} or
 *       {@code drop}. Default: {@code train}.
 *   <li>{@code splits}: number of splits. Default: 5.
 *   <li>{@code baselines}: what else is done with the real windows. Default: all that a share
 *       allows; {@code self_training} needs windows without a label.
 * </ul>
 *
 * <p>The result has the summary ({@code summary.json}) of each share. Each split is a training of
 * its own, so this takes as long as the number of splits times the number of shares.
 */
public final class LabelStudy {
  private static final List<String> NAMES =
      List.of("output", "options", "labels", "unlabelled", "splits", "baselines");
  private static final List<String> BASELINES =
      List.of("guidance_set", "class_weights", "oversampling", "jitter", "mixup");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private LabelStudy() {}

  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = Benchmarks.options(NAMES, arguments);
    checkArgument(options.containsKey("output"), "argument output is missing");
    checkArgument(options.containsKey("options"), "argument options is missing");
    Path output = Path.of(options.get("output"));
    String unlabelled = options.getOrDefault("unlabelled", "train");
    Map<String, List<String>> runs = new LinkedHashMap<>();
    for (String share :
        Splitter.on('+').split(options.getOrDefault("labels", "0.11+0.26+1+1,0.25"))) {
      boolean setsAside = !share.equals("1") && unlabelled.equals("train");
      List<String> baselines = new ArrayList<>(BASELINES);
      if (setsAside) {
        baselines.add("self_training");
      }
      List<String> line = new ArrayList<>(List.of("tardiff"));
      line.addAll(Splitter.on('|').omitEmptyStrings().splitToList(options.get("options")));
      line.add("--trainLabels=" + share);
      line.add("--unlabelled=" + unlabelled);
      line.add("--splits=" + options.getOrDefault("splits", "5"));
      line.add("--baselines=" + options.getOrDefault("baselines", String.join(",", baselines)));
      line.add("--output=" + output.resolve("labels-" + share.replace(',', '-')));
      runs.put(share, line);
    }

    ObjectNode json = Benchmarks.report();
    for (Map.Entry<String, List<String>> run : runs.entrySet()) {
      // Exits with the status of the launcher if a run fails.
      Launcher.main(run.getValue().toArray(String[]::new));
      Path summary =
          output.resolve("labels-" + run.getKey().replace(',', '-')).resolve("summary.json");
      json.withObject("/labels").set(run.getKey(), MAPPER.readTree(summary.toFile()));
    }
    Files.writeString(output.resolve("study.json"), json.toPrettyString() + "\n");
    Benchmarks.finish(json);
  }
}
