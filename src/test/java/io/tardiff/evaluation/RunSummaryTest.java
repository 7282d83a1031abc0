package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.PairedBootstrap.Replicates;
import io.tardiff.evaluation.RunSummary.Estimate;
import io.tardiff.evaluation.RunSummary.Row;
import io.tardiff.evaluation.RunSummary.Run;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSummaryTest {
  private static final SetName GUIDED = new SetName("mean_shift", 0.1, "none", null);
  private static final SetName REAL = new SetName(null, null, null, null);

  @TempDir Path directory;

  @Test
  void scoresAreMeansOverSplitsThenRunsThenSeeds() {
    RunSummary summary =
        RunSummary.of(
            List.of(
                run("a", "0", null, exactly(Protocol.TRTR, REAL, 1, 0.6), exactly(0.7, 2)),
                run("b", "0", null, exactly(Protocol.TRTR, REAL, 1, 0.8)),
                run("c", "1", null, exactly(Protocol.TRTR, REAL, 1, 0.9))));
    Row row = summary.rows().get(0);
    assertThat(row.auprc().value(), closeTo((((0.6 + 0.7) / 2 + 0.8) / 2 + 0.9) / 2, 1e-12));
    assertThat(row.runs(), is(3));
    assertThat(row.fits(), is(4));
    assertThat(summary.splits(), is(2));
  }

  /** With one element on all other levels, only patients are drawn. */
  @Test
  void oneFitHasTheIntervalOfItsRun() {
    Random random = new Random(4);
    Replicates synthetic = noisy(0.7, 0.02, random);
    Replicates real = noisy(0.8, 0.02, random);
    Row row =
        row(
            RunSummary.of(
                List.of(
                    run(
                        "a",
                        "0",
                        null,
                        fit(Protocol.TRTR, REAL, null, 1, real),
                        fit(Protocol.TSTR, GUIDED, null, 1, synthetic)))),
            GUIDED.title());
    UtilityRow.Interval expected = synthetic.minus(real).getAuprc();
    assertThat(row.againstReal().auprc().value(), closeTo(expected.getDifference(), 1e-12));
    assertThat(row.againstReal().auprc().low(), closeTo(expected.getLow(), 1e-12));
    assertThat(row.againstReal().auprc().high(), closeTo(expected.getHigh(), 1e-12));
  }

  /** Splits differ a lot, but in each the difference is the same. */
  @Test
  void differencesArePairedWithinARun() {
    List<Run> runs = new ArrayList<>();
    for (int split = 0; split < 5; split++) {
      runs.add(
          run(
              "run " + split,
              String.valueOf(split),
              null,
              exactly(Protocol.TRTR, REAL, 1, 0.3 + 0.1 * split),
              exactly(Protocol.TSTR, GUIDED, 1, 0.25 + 0.1 * split)));
    }
    Row row = row(RunSummary.of(runs), GUIDED.title());
    assertThat(row.auprc().high() - row.auprc().low(), greaterThan(0.15));
    Estimate difference = row.againstReal().auprc();
    assertThat(difference.low(), closeTo(-0.05, 1e-12));
    assertThat(difference.high(), closeTo(-0.05, 1e-12));
  }

  @Test
  void theKeptSetHasTheAlphaThatIsBestOnTuning() {
    Run run =
        run(
            "a",
            "0",
            GUIDED,
            tsrtr(GUIDED, 0.5, 0.4, 0.61),
            tsrtr(GUIDED, 1, 0.6, 0.62),
            tsrtr(GUIDED, 2, 0.5, 0.63),
            tsrtr(SetName.UNGUIDED, 1, 0.9, 0.64));
    Row kept = row(RunSummary.of(List.of(run)), RunSummary.KEPT);
    assertThat(kept.auprc().value(), is(0.62));
    assertThat(kept.alpha(), nullValue());
    Row own =
        RunSummary.of(List.of(run)).rows().stream()
            .filter(row -> GUIDED.title().equals(row.set()) && row.alpha() == 1)
            .findFirst()
            .orElseThrow();
    assertThat(own.againstUnguided().auprc().value(), closeTo(0.62 - 0.64, 1e-12));
  }

  @Test
  void theBestBaselineIsTheOneWithTheHighestMeanOverRuns() {
    Run first =
        run(
            "a",
            "0",
            null,
            baseline("jitter", 0.6),
            baseline("mixup", 0.9),
            tsrtr(GUIDED, 1, 0.5, 0.7));
    Run second =
        run(
            "b",
            "1",
            null,
            baseline("jitter", 0.8),
            baseline("mixup", 0.3),
            tsrtr(GUIDED, 1, 0.5, 0.7));
    Row row = row(RunSummary.of(List.of(first, second)), GUIDED.title());
    assertThat(row.againstBaseline().to(), is("jitter"));
    assertThat(row.againstBaseline().auprc().value(), closeTo(0, 1e-12));
  }

  /** A set that only some runs have is compared in these. */
  @Test
  void runsMayHaveDifferentSets() {
    RunSummary summary =
        RunSummary.of(
            List.of(
                run("a", "0", null, exactly(Protocol.TRTR, REAL, 1, 0.9)),
                run(
                    "b",
                    "1",
                    null,
                    exactly(Protocol.TRTR, REAL, 1, 0.5),
                    exactly(Protocol.TSTR, GUIDED, 1, 0.45))));
    Row row = row(summary, GUIDED.title());
    assertThat(row.runs(), is(1));
    assertThat(row.againstReal().auprc().value(), closeTo(-0.05, 1e-12));
    assertThat(row.againstBaseline(), nullValue());
  }

  /**
   * Simulated studies of five splits and three seeds, with a true difference of 0.02: at least 90 %
   * of the intervals hold it.
   */
  @Test
  void intervalsCoverTheTruth() {
    Random random = new Random(8);
    int studies = 150;
    int covered = 0;
    for (int study = 0; study < studies; study++) {
      List<Run> runs = new ArrayList<>();
      for (int split = 0; split < 5; split++) {
        double ofSplit = 0.02 + 0.02 * random.nextGaussian();
        // Patients of a split, the same for all seeds.
        double[] patients = new double[PairedBootstrap.REPLICATES];
        Arrays.setAll(patients, r -> 0.02 * random.nextGaussian());
        double ofPatients = 0.02 * random.nextGaussian();
        List<FitScore> fits = new ArrayList<>();
        for (long seed = 0; seed < 3; seed++) {
          double difference = ofSplit + ofPatients + 0.01 * random.nextGaussian();
          double[] draws = Arrays.stream(patients).map(noise -> difference + noise).toArray();
          fits.add(exactly(Protocol.TRTR, REAL, seed, 0));
          fits.add(
              fit(
                  Protocol.TSTR,
                  GUIDED,
                  null,
                  seed,
                  new Replicates(difference, difference, draws, draws)));
        }
        runs.add(run("run " + split, "" + split, null, fits.toArray(FitScore[]::new)));
      }
      Estimate estimate = row(RunSummary.of(runs), GUIDED.title()).againstReal().auprc();
      covered += estimate.low() <= 0.02 && 0.02 <= estimate.high() ? 1 : 0;
    }
    assertThat((double) covered / studies, is(greaterThan(0.9)));
  }

  @Test
  void whatCannotBeSummarisedIsAnError() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> RunSummary.of(List.of())).getMessage(),
        is("there must be runs to summarise"));
    Run replace = run("a", "0", null, exactly(Protocol.TRTR, REAL, 1, 0.9));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> RunSummary.of(List.of(replace, replace)))
            .getMessage(),
        is("runs must have distinct names, had [a, a]"));
    Run augment = new Run("b", "0", "augment", null, replace.scores());
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> RunSummary.of(List.of(replace, augment)))
            .getMessage(),
        is("runs must have the same purpose, had augment and replace"));
    Run twice =
        run(
            "a",
            "0",
            null,
            exactly(Protocol.TRTR, REAL, 1, 0.9),
            exactly(Protocol.TRTR, REAL, 1, 0.8));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> RunSummary.of(List.of(twice)))
            .getMessage(),
        containsString("run a must hold each fit once"));
  }

  @Test
  void theFileKeepsScores() throws IOException {
    List<FitScore> scores =
        List.of(
            fit(Protocol.TRTR, REAL, null, 2, noisy(0.8, 0.1, new Random(1))),
            tsrtr(new SetName("none", 0.0, "none", "timevae"), 0.4, 0.5, 0.6),
            baseline("jitter", Double.NaN));
    byte[] bytes = written(scores);
    List<FitScore> read = read(bytes);
    assertThat(read.get(0), is(scores.get(0)));
    assertThat(read.get(2), is(scores.get(1)));
    assertThat(read.get(1).replicates().auprc(), is(Double.NaN));
    assertThat(written(List.of(scores.get(2), scores.get(1), scores.get(0))), is(bytes));
    for (int size : new int[] {bytes.length / 2, bytes.length - 16_100}) {
      assertThat(
          assertThrows(DamagedFileException.class, () -> read(Arrays.copyOf(bytes, size)))
              .getMessage(),
          containsString("it is not a complete Avro file"));
    }
  }

  private static byte[] written(List<FitScore> scores) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ScoresFile.write(out, scores);
    return out.toByteArray();
  }

  private List<FitScore> read(byte[] bytes) throws IOException {
    Files.write(directory.resolve(ScoresFile.FILE), bytes);
    return ScoresFile.read(
        ArtefactDirectory.of(directory.toString(), Manifest.Kind.EVALUATION, null));
  }

  @Test
  void valuesLieWithinTheirIntervals() {
    Random random = new Random(3);
    Run run =
        run(
            "a",
            "0",
            null,
            fit(Protocol.TRTR, REAL, null, 1, noisy(0.8, 0.02, random)),
            fit(Protocol.TRTR, REAL, null, 2, noisy(0.82, 0.02, random)));
    Estimate auprc = RunSummary.of(List.of(run)).rows().get(0).auprc();
    assertThat(auprc.value(), allOf(greaterThan(auprc.low()), lessThan(auprc.high())));
    assertThat(
        RunSummary.of(List.of(run)).rows().stream().map(Row::protocol).toList(),
        contains(Protocol.TRTR));
  }

  private static Row row(RunSummary summary, String set) {
    return summary.rows().stream().filter(row -> set.equals(row.set())).findFirst().orElseThrow();
  }

  private static Run run(String name, String split, @Nullable SetName kept, FitScore... scores) {
    return new Run(name, split, "replace", kept, List.of(scores));
  }

  private static FitScore exactly(double score, long seed) {
    return exactly(Protocol.TRTR, REAL, seed, score);
  }

  private static FitScore exactly(Protocol protocol, SetName set, long seed, double score) {
    return fit(protocol, set, null, seed, constant(score));
  }

  private static FitScore tsrtr(SetName set, double alpha, double tuning, double score) {
    return new FitScore(
        Protocol.TSRTR, null, set, alpha, "gru", 1, UtilityRow.HELD_OUT, tuning, constant(score));
  }

  private static FitScore baseline(String name, double score) {
    return new FitScore(
        Protocol.BASELINE, name, REAL, null, "gru", 1, UtilityRow.HELD_OUT, 0.5, constant(score));
  }

  private static FitScore fit(
      Protocol protocol, SetName set, @Nullable Double alpha, long seed, Replicates replicates) {
    return new FitScore(
        protocol, null, set, alpha, "gru", seed, UtilityRow.HELD_OUT, 0.5, replicates);
  }

  private static Replicates constant(double score) {
    double[] draws = new double[PairedBootstrap.REPLICATES];
    Arrays.fill(draws, score);
    return new Replicates(score, score, draws, draws);
  }

  private static Replicates noisy(double score, double noise, Random random) {
    double[] draws = new double[PairedBootstrap.REPLICATES];
    Arrays.setAll(draws, r -> score + noise * random.nextGaussian());
    return new Replicates(score, score, draws, draws);
  }
}
