package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * A decision forest on summaries of each channel: mean, standard deviation, minimum, maximum, first
 * and last value, slope, and mean absolute change from step to step.
 *
 * <p>Each tree (CART, Gini impurity, leaves of at least five windows) is grown on a bootstrap
 * sample of the windows and a random sixth of the summaries (Ho, <em>The random subspace method for
 * constructing decision forests</em>, 1998). Probabilities are means over trees of the shares in
 * their leaves. The same windows and seed give the same forest.
 */
final class DecisionForest implements FittedModel {
  private static final int TREES = 50;
  private static final int SUMMARIES = 8;
  private static final int PARTS = 6;
  private static final int LEAF = 5;
  private static final LabelFactory LABELS = new LabelFactory();

  /**
   * A tree.
   *
   * @param features the summaries that it reads
   */
  private record Tree(Model<Label> model, int[] features) {}

  private final List<Tree> trees;

  private DecisionForest(List<Tree> trees) {
    this.trees = trees;
  }

  static DecisionForest fit(LabelledWindows windows, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    double[][] summaries = summaries(windows);
    int all = windows.channels() * SUMMARIES;
    List<Tree> trees = new ArrayList<>();
    for (int tree = 0; tree < TREES; tree++) {
      int[] features = new PermutationSampler(random, all, (all + PARTS - 1) / PARTS).sample();
      Arrays.sort(features);
      MutableDataset<Label> drawn =
          new MutableDataset<>(new SimpleDataSourceProvenance("windows", LABELS), LABELS);
      for (int i = 0; i < summaries.length; i++) {
        int w = random.nextInt(summaries.length);
        drawn.add(example(String.valueOf(windows.labels()[w]), summaries[w], features));
      }
      trees.add(
          new Tree(
              new CARTClassificationTrainer(
                      /* maxDepth= */ Integer.MAX_VALUE,
                      /* minChildWeight= */ LEAF,
                      /* minImpurityDecrease= */ 0,
                      /* fractionFeaturesInSplit= */ 1,
                      new GiniIndex(),
                      seed)
                  .train(drawn),
              features));
    }
    return new DecisionForest(trees);
  }

  private static ArrayExample<Label> example(String label, double[] summaries, int[] features) {
    String[] names = new String[features.length];
    double[] values = new double[features.length];
    for (int j = 0; j < features.length; j++) {
      names[j] = String.valueOf(features[j]);
      values[j] = summaries[features[j]];
    }
    return new ArrayExample<>(new Label(label), names, values);
  }

  /** Returns {@code [size, channels * 8]}. */
  static double[][] summaries(LabelledWindows windows) {
    int channels = windows.channels();
    int steps = windows.steps();
    double centre = (steps - 1) / 2.0;
    // The sum of (t - centre)^2.
    double spread = steps * ((double) steps * steps - 1) / 12;
    double[][] rows = new double[windows.size()][channels * SUMMARIES];
    double[] x = new double[steps];
    for (int w = 0; w < rows.length; w++) {
      for (int c = 0; c < channels; c++) {
        for (int t = 0; t < steps; t++) {
          x[t] = windows.values()[w * windows.stride() + t * channels + c];
        }
        double mean = Arrays.stream(x).sum() / steps;
        double squares = 0;
        double trend = 0;
        double change = 0;
        for (int t = 0; t < steps; t++) {
          squares += (x[t] - mean) * (x[t] - mean);
          trend += (t - centre) * x[t];
          change += t > 0 ? Math.abs(x[t] - x[t - 1]) : 0;
        }
        double[] summaries = {
          mean,
          Math.sqrt(squares / steps),
          Arrays.stream(x).min().getAsDouble(),
          Arrays.stream(x).max().getAsDouble(),
          x[0],
          x[steps - 1],
          steps > 1 ? trend / spread : 0,
          steps > 1 ? change / (steps - 1) : 0
        };
        System.arraycopy(summaries, 0, rows[w], c * SUMMARIES, SUMMARIES);
      }
    }
    return rows;
  }

  @Override
  public double[][] probabilities(LabelledWindows windows) {
    double[][] summaries = summaries(windows);
    double[][] probabilities = new double[summaries.length][windows.classes()];
    for (Tree tree : trees) {
      for (int w = 0; w < summaries.length; w++) {
        double[] row = probabilities[w];
        tree.model()
            .predict(example(Label.UNKNOWN, summaries[w], tree.features()))
            .getOutputScores()
            .forEach(
                (label, score) -> row[Integer.parseInt(label)] += score.getScore() / trees.size());
      }
    }
    return probabilities;
  }

  @Override
  public void close() {}
}
