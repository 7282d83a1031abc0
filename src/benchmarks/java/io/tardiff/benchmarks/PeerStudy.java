package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Splitter;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.DownstreamTrainer;
import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.StudyCohort;
import io.tardiff.evaluation.StudyCohort.Replicates;
import io.tardiff.synthetic.SyntheticSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Adds 95 % intervals to the TSTR scores of sets that several tools made: of each score, and of its
 * difference to the score of one of the sets. Prints JSON.
 *
 * <p>The models, seeds and scores are those of {@code evaluate}. An interval is a bootstrap over
 * held-out subjects of the mean over seeds; differences are paired.
 *
 * <p>Arguments, each {@code name=value}:
 *
 * <ul>
 *   <li>{@code cohort}: directory of the cohort.
 *   <li>{@code sets}: directory of the sets that {@code evaluate} imported, {@code
 *       OUTPUT/synthetic}.
 *   <li>{@code reference}: the set that the others are compared with, a subdirectory of {@code
 *       sets}.
 *   <li>{@code models}: downstream models, separated by +. Default: {@code gru}.
 *   <li>{@code seeds}: number of seeds of each downstream model. Default: 3.
 * </ul>
 */
public final class PeerStudy {
  private static final List<String> NAMES =
      List.of("cohort", "models", "reference", "seeds", "sets");
  private static final String REAL = "real";

  private PeerStudy() {}

  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = Benchmarks.options(NAMES, arguments);
    for (String name : List.of("cohort", "reference", "sets")) {
      checkArgument(options.containsKey(name), "argument %s is missing", name);
    }
    int seeds = Integer.parseInt(options.getOrDefault("seeds", "3"));
    StudyCohort cohort = StudyCohort.open(options.get("cohort"));
    Map<String, LabelledWindows> sets = sets(cohort, Path.of(options.get("sets")));
    String reference = options.get("reference");
    checkArgument(
        sets.containsKey(reference),
        "reference must be one of %s, was %s",
        sets.keySet(),
        reference);
    sets.put(REAL, cohort.train());

    ObjectNode json = Benchmarks.report();
    DownstreamTrainer trainer = EvaluateSyntheticEhr.classifiers();
    for (String model : Splitter.on('+').split(options.getOrDefault("models", "gru"))) {
      Replicates base = score(cohort, trainer, model, sets.get(reference), seeds);
      ObjectNode ofModel = json.putObject(model);
      sets.forEach(
          (name, windows) -> {
            boolean isReference = name.equals(reference);
            Replicates score = isReference ? base : score(cohort, trainer, model, windows, seeds);
            ObjectNode row = ofModel.putObject(name);
            Benchmarks.put(row, score, null);
            if (!isReference) {
              Benchmarks.put(row.putObject("difference"), score, base);
            }
            System.err.printf("%s, %s: %s%n", model, name, row);
          });
    }
    trainer.close();
    Benchmarks.finish(json);
  }

  /** Returns the windows of each set in network units, by the name of its directory. */
  private static Map<String, LabelledWindows> sets(StudyCohort cohort, Path directory)
      throws IOException {
    Map<String, LabelledWindows> sets = new TreeMap<>();
    try (Stream<Path> children = Files.list(directory)) {
      children
          .filter(child -> Files.exists(child.resolve(SyntheticSet.FILE)))
          .forEach(
              child ->
                  sets.put(
                      child.getFileName().toString(),
                      cohort.read(SyntheticSet.open(child.toString()))));
    }
    return sets;
  }

  private static Replicates score(
      StudyCohort cohort,
      DownstreamTrainer trainer,
      String model,
      LabelledWindows windows,
      int seeds) {
    List<double[][]> fits = new ArrayList<>();
    for (long seed = 1; seed <= seeds; seed++) {
      try (FittedModel fitted = trainer.fit(model, windows, cohort.tuning(), seed)) {
        fits.add(fitted.probabilities(cohort.heldOut()));
      }
    }
    return cohort.replicate(fits);
  }
}
