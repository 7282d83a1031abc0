package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpec.Channel;
import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.evaluation.UtilityScore.Metrics;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.Purpose;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.RankingMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Evaluations of invented patients, measured as by the pipeline, for tests of the report. */
public final class Evaluations {
  /** Sections as a whole run supplies them. */
  public static final Map<String, String> SECTIONS =
      Map.of(
          "cohort",
          """
          {"task": "in_hospital_mortality", "hash": "5c1e", "splits": {
            "train": {"windows": 300, "labels": [200, 100], "coverage": {"HR": 0.9, "MAP": 0.4}},
            "tuning": {"windows": 100, "labels": [70, 30], "coverage": {"HR": 0.8, "MAP": 0.5}},
            "held_out": {"windows": 100, "labels": [60, 40], "coverage": {"HR": 0.9, "MAP": 0.4}}},
           "attrition": [{"rule": "stays seen", "dropped": 0, "left": 620},
            {"rule": "no outcome", "dropped": 100, "left": 520, "dropped_labels": [60, 40],
             "left_labels": [330, 170]},
            {"rule": "no channel observed in the window", "dropped": 20, "left": 500}]}
          """,
          "training",
          """
          {"model": "6dad", "denoiser_weights": 226521, "denoiser_history": [
            {"step": 30, "train_loss": 0.4, "tuning_loss": 0.42},
            {"step": 60, "train_loss": 0.3, "tuning_loss": 0.33},
            {"step": 90, "train_loss": 0.25, "tuning_loss": 0.31}],
           "classifier_best_epoch": 2, "classifier_epochs": [
            {"epoch": 1, "train_loss": 0.6, "tuning_loss": 0.5, "tuning_auroc": 0.8, "tuning_auprc": 0.5},
            {"epoch": 2, "train_loss": 0.5, "tuning_loss": 0.4, "tuning_auroc": 0.9, "tuning_auprc": 0.6},
            {"epoch": 3, "train_loss": 0.4, "tuning_loss": 0.5, "tuning_auroc": 0.8, "tuning_auprc": 0.5}]}
          """,
          "guidance_signal",
          """
          {"best_epoch": 2, "cosine": 0.4, "by_epoch": [{"epoch": 1, "cosine": 0.8},
            {"epoch": 2, "cosine": 0.4}]}
          """,
          "timings",
          "{\"denoiser_seconds\": 65.4}");

  private Evaluations() {}

  /**
   * An evaluation.
   *
   * @param channels names of the channels, in network units
   * @param classes number of classes, of rising means
   * @param windows number of real train windows
   * @param sets number of sets: the baseline and guided ones
   * @param sections see {@link Evaluation}
   */
  public static Evaluation of(
      List<Channel> channels, int classes, int windows, int sets, Map<String, String> sections) {
    return of(
        Purpose.REPLACE,
        channels,
        classes,
        windows,
        sets,
        sections,
        /* gaps= */ false,
        /* masked= */ false);
  }

  /** As above, with sets that augment real windows. */
  public static Evaluation toAugment(
      List<Channel> channels, int classes, int windows, int sets, Map<String, String> sections) {
    return of(Purpose.AUGMENT, channels, classes, windows, sets, sections, false, false);
  }

  /**
   * As above, with gaps in real windows.
   *
   * @param masked whether the sets have masks with gaps
   */
  public static Evaluation withGaps(
      List<Channel> channels,
      int classes,
      int windows,
      int sets,
      Map<String, String> sections,
      boolean masked) {
    return of(
        Purpose.REPLACE, channels, classes, windows, sets, sections, /* gaps= */ true, masked);
  }

  private static Evaluation of(
      Purpose purpose,
      List<Channel> channels,
      int classes,
      int windows,
      int sets,
      Map<String, String> sections,
      boolean gaps,
      boolean masked) {
    WindowSpec spec = WindowSpec.of(24, Duration.ofHours(1), channels, List.of(), classes);
    Random random = new Random(3);
    LabelledWindows train = windows(spec, windows, random, gaps);
    LabelledWindows tuning = windows(spec, Math.max(2 * classes, windows / 3), random, gaps);
    LabelledWindows heldOut = windows(spec, Math.max(2 * classes, windows / 3), random, gaps);
    RealWindows real =
        new RealWindows(
            spec,
            new Same(channels.size()),
            channels.stream().map(channel -> new Range(-3, 3)).toList(),
            train,
            tuning,
            heldOut,
            subjects(train),
            subjects(tuning),
            subjects(heldOut));
    List<SetMeasures> measures = new ArrayList<>();
    List<UtilityScore> scores = new ArrayList<>();
    measures.add(measure(real, null, tuning));
    SyntheticSet baseline = null;
    for (long seed = 1; seed <= 2; seed++) {
      scores.add(score(Protocol.TRTR, null, null, seed, heldOut, windows, 0.6));
    }
    for (int s = 0; s < sets; s++) {
      SyntheticSet set = set(spec, s, windows).withMasks(masked);
      baseline = baseline == null ? set : baseline;
      measures.add(measure(real, set, windows(spec, windows, random, masked)));
      for (long seed = 1; seed <= 2; seed++) {
        scores.add(score(Protocol.TSTR, set, null, seed, heldOut, windows, 0.5 - 0.1 * s));
        for (double alpha : new double[] {0.5, 1}) {
          scores.add(score(Protocol.TSRTR, set, alpha, seed, heldOut, windows, 0.6 + 0.05 * alpha));
        }
      }
    }
    GuidanceChoice choice =
        baseline == null
            ? null
            : GuidanceChoice.of(purpose, baseline, null, "gru", "The baseline is kept.");
    return new Evaluation(
        UtilitySummary.rows(scores), measures, choice, UtilitySummary.curves(scores), sections);
  }

  private static SetMeasures measure(RealWindows real, SyntheticSet set, LabelledWindows windows) {
    return SetMeasures.measure(
        real, set, windows, EvaluationConfig.Discriminators.ALL, new Fixtures.ClassMeans());
  }

  private static SyntheticSet set(WindowSpec spec, int number, int windows) {
    return SyntheticSet.of(
        "/sets/" + number,
        number == 0 ? Guidance.none() : Guidance.of(Guidance.Rule.of("mean_shift"), 0.01 * number),
        number % 2 == 1 ? SelectionMethod.HERDING : SelectionMethod.NONE,
        windows,
        windows,
        spec);
  }

  private static int[] subjects(LabelledWindows windows) {
    return IntStream.range(0, windows.size()).toArray();
  }

  /** Random walks around a level that rises with the class. */
  private static LabelledWindows windows(WindowSpec spec, int size, Random random, boolean gaps) {
    int channels = spec.channels().size();
    float[] values = new float[size * spec.size()];
    int[] labels = new int[size];
    for (int w = 0; w < size; w++) {
      labels[w] = w % spec.classes();
      double common = random.nextGaussian();
      for (int c = 0; c < channels; c++) {
        double level = 0.5 * common + 0.5 * labels[w] + 0.5 * random.nextGaussian();
        for (int t = 0; t < spec.steps(); t++) {
          level += 0.15 * random.nextGaussian();
          values[w * spec.size() + t * channels + c] = (float) level;
        }
      }
    }
    boolean[] mask = new boolean[values.length];
    for (int i = 0; i < mask.length; i++) {
      // The later channels are measured less often.
      mask[i] = !gaps || random.nextInt(channels) >= i % channels;
    }
    return new LabelledWindows(spec.steps(), channels, spec.classes(), values, mask, labels);
  }

  private static UtilityScore score(
      Protocol protocol,
      SyntheticSet set,
      Double alpha,
      long seed,
      LabelledWindows heldOut,
      int windows,
      double quality) {
    Random random = new Random(seed);
    double[][] probabilities = new double[heldOut.size()][heldOut.classes()];
    for (int w = 0; w < heldOut.size(); w++) {
      double sum = 0;
      for (int k = 0; k < heldOut.classes(); k++) {
        probabilities[w][k] = random.nextDouble() + (heldOut.labels()[w] == k ? quality : 0);
        sum += probabilities[w][k];
      }
      for (int k = 0; k < heldOut.classes(); k++) {
        probabilities[w][k] /= sum;
      }
    }
    Metrics metrics =
        new Metrics(
            RankingMetrics.auroc(probabilities, heldOut.labels()),
            RankingMetrics.auprc(probabilities, heldOut.labels()));
    Ranking ranking =
        new Ranking(probabilities, heldOut.labels(), LongStream.range(0, heldOut.size()).toArray());
    return new UtilityScore(
        new UtilityTask(protocol, set, alpha, "gru", seed),
        windows,
        metrics,
        metrics,
        PairedBootstrap.replicate(ranking),
        null,
        protocol == Protocol.TSRTR ? List.of() : CurveBands.of(ranking),
        List.of(),
        1);
  }

  /** Clinical units are network units. */
  record Same(int channels) implements Normaliser {
    @Override
    public void normalise(float[] values) {}

    @Override
    public void denormalise(float[] values) {}

    @Override
    public float[] low() {
      return new float[channels];
    }

    @Override
    public float[] high() {
      return new float[channels];
    }
  }
}
