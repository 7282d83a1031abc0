package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.settings.Labelled;
import io.tardiff.tensorflow.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.AhrensDieterMarsagliaTsangGammaSampler;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * What can be done with real windows instead of adding synthetic ones. Synthetic windows are worth
 * their trouble if they do more for a model than the best of these.
 *
 * <p>Networks take at most as many optimiser steps as on the real train windows alone.
 */
public enum Baseline implements Labelled {
  /**
   * More real windows: one half of the subjects of the tuning split joins the train split, and the
   * other half stops the training and gives the tuning scores; other seeds swap the halves. The
   * fair comparison for synthetic windows that were guided or selected with the tuning split.
   */
  GUIDANCE_SET {
    @Override
    Windows of(RealWindows real, long seed, Fitter fitter) {
      int[] subjects = real.tuningSubjects();
      int[] half = half(real.tuning().labels(), subjects);
      int joins = (int) Math.floorMod(seed, 2L);
      for (int part = 0; part < 2; part++) {
        int[] counts = real.tuning().select(indices(half, part)).counts();
        for (int label = 0; label < counts.length; label++) {
          checkArgument(
              counts[label] > 0,
              "baselines must not have %s: the tuning split has too few subjects of class %s to be"
                  + " divided into halves",
              label(),
              label);
        }
      }
      return new Windows(
          LabelledWindows.concat(List.of(real.train(), real.tuning().select(indices(half, joins)))),
          real.tuning().select(indices(half, 1 - joins)));
    }
  },
  /** Windows weigh in the loss as their class is rare: all classes have the same total weight. */
  CLASS_WEIGHTS {
    @Override
    Windows of(RealWindows real, long seed, Fitter fitter) {
      LabelledWindows train = real.train();
      int[] counts = train.counts();
      float[] targets = train.targets().clone();
      for (int i = 0; i < targets.length; i++) {
        targets[i] *= (float) ((double) train.size() / train.classes() / counts[i % counts.length]);
      }
      return new Windows(train.withProbabilities(targets), real.tuning());
    }
  },
  /** Windows of rarer classes are repeated, at random, until all classes are as large. */
  OVERSAMPLING {
    @Override
    Windows of(RealWindows real, long seed, Fitter fitter) {
      LabelledWindows train = real.train();
      UniformRandomProvider random = Seeds.stream(seed, "oversampling");
      int largest = Arrays.stream(train.counts()).max().orElseThrow();
      List<Integer> chosen = new ArrayList<>();
      for (int label = 0; label < train.classes(); label++) {
        int[] ofClass = indices(train.labels(), label);
        Arrays.stream(ofClass).forEach(chosen::add);
        for (int more = ofClass.length; more < largest; more++) {
          chosen.add(ofClass[random.nextInt(ofClass.length)]);
        }
      }
      return new Windows(train.select(chosen.stream().mapToInt(i -> i).toArray()), real.tuning());
    }
  },
  /**
   * A copy of each window with Gaussian noise on its observed values, a tenth of their standard
   * deviation in each channel, is added.
   */
  JITTER {
    @Override
    Windows of(RealWindows real, long seed, Fitter fitter) {
      LabelledWindows train = real.train();
      double[] deviations = deviations(train);
      float[] values = train.values().clone();
      ZigguratSampler.NormalizedGaussian normal =
          ZigguratSampler.NormalizedGaussian.of(Seeds.stream(seed, "jitter"));
      for (int i = 0; i < values.length; i++) {
        double noise = normal.sample();
        if (train.mask()[i]) {
          values[i] += (float) (NOISE * deviations[i % deviations.length] * noise);
        }
      }
      return new Windows(
          LabelledWindows.concat(List.of(train, train.withValues(values))), real.tuning());
    }
  },
  /**
   * Mixtures of two windows and their labels, {@code lambda a + (1 - lambda) b} with lambda from a
   * Beta(0.2, 0.2) distribution, four for each real window (Zhang et al., <em>mixup: Beyond
   * Empirical Risk Minimization</em>, ICLR 2018). A mixture has the mask and the static covariates
   * of the window with the larger share.
   */
  MIXUP {
    @Override
    Windows of(RealWindows real, long seed, Fitter fitter) {
      LabelledWindows train = real.train();
      UniformRandomProvider random = Seeds.stream(seed, "mixup");
      SharedStateContinuousSampler gamma =
          AhrensDieterMarsagliaTsangGammaSampler.of(random, BETA, 1);
      int size = MIXTURES * train.size();
      int[] larger = new int[size];
      int[] smaller = new int[size];
      double[] share = new double[size];
      for (int i = 0; i < size; i++) {
        larger[i] = i % train.size();
        smaller[i] = random.nextInt(train.size());
        double first = gamma.sample();
        double lambda = first / (first + gamma.sample());
        // Two gammas of so small a shape may both be 0.
        share[i] = Double.isNaN(lambda) ? 1 : Math.max(lambda, 1 - lambda);
      }
      LabelledWindows mixed = train.select(larger);
      return new Windows(
          mixed
              .withValues(mix(mixed.values(), train.values(), smaller, share, train.stride()))
              .withProbabilities(
                  mix(mixed.targets(), train.targets(), smaller, share, train.classes())),
          real.tuning());
    }
  },
  /**
   * Windows of train subjects without a label join with the probabilities that the same model,
   * fitted to the labelled windows, gives them (pseudo-labels; Lee, <em>Pseudo-Label</em>, ICML
   * workshop 2013, with all windows and the probabilities instead of the likeliest class). What
   * else can be done with the windows from which only the denoiser learns.
   */
  SELF_TRAINING {
    @Override
    Windows of(RealWindows real, long seed, Fitter fitter) {
      LabelledWindows train = real.train();
      int[] unlabelled = IntStream.range(train.size(), real.trained().size()).toArray();
      LabelledWindows unknown = real.trained().select(unlabelled);
      double[][] probabilities = fitter.probabilities(train, unknown);
      float[] targets = new float[unknown.size() * train.classes()];
      int[] labels = new int[unknown.size()];
      for (int i = 0; i < labels.length; i++) {
        for (int k = 0; k < train.classes(); k++) {
          targets[i * train.classes() + k] = (float) probabilities[i][k];
          labels[i] = probabilities[i][k] > probabilities[i][labels[i]] ? k : labels[i];
        }
      }
      return new Windows(
          LabelledWindows.concat(
              List.of(train, unknown.withLabels(labels).withProbabilities(targets))),
          real.tuning());
    }

    @Override
    void check(Cohort cohort) {
      checkArgument(
          cohort.unlabelled() > 0,
          "baselines must not have %s for cohort %s, which has no windows without a label: ingest"
              + " with --unlabelled=train",
          label(),
          cohort.directory());
    }
  };

  private static final double NOISE = 0.1;
  private static final double BETA = 0.2;
  private static final int MIXTURES = 4;

  /**
   * Windows to fit a model to.
   *
   * @param stopping windows that stop the training
   */
  record Windows(LabelledWindows train, LabelledWindows stopping) {}

  /** Fits the model in question, with the seed in question, to other windows. */
  interface Fitter {
    /**
     * Returns the probabilities of {@code unknown} by a model fitted to {@code train}, {@code
     * [size][classes]}.
     */
    double[][] probabilities(LabelledWindows train, LabelledWindows unknown);
  }

  /**
   * Returns the windows to fit a model to.
   *
   * @param fitter for baselines that learn in several steps
   */
  abstract Windows of(RealWindows real, long seed, Fitter fitter);

  /**
   * Checks that a baseline can be fitted to a cohort.
   *
   * @throws IllegalArgumentException if it cannot
   */
  void check(Cohort cohort) {}

  /** Returns the baseline with the given {@link #label}. */
  @Internal
  public static Baseline of(String label) {
    return Labelled.of(Baseline.class, "baselines", label);
  }

  private static int[] indices(int[] of, int wanted) {
    return IntStream.range(0, of.length).filter(i -> of[i] == wanted).toArray();
  }

  /** Returns 0 or 1 for each window: half of the subjects of each class, by their highest label. */
  private static int[] half(int[] labels, int[] subjects) {
    int[] highest = new int[Arrays.stream(subjects).max().orElse(-1) + 1];
    for (int i = 0; i < labels.length; i++) {
      highest[subjects[i]] = Math.max(highest[subjects[i]], labels[i]);
    }
    int[] seen = new int[Arrays.stream(labels).max().orElse(0) + 1];
    // Classes start in different halves, so that halves of few subjects are of the same size.
    int[] ofSubject = Arrays.stream(highest).map(label -> (seen[label]++ + label) % 2).toArray();
    return Arrays.stream(subjects).map(subject -> ofSubject[subject]).toArray();
  }

  /** Returns the standard deviation of the observed values of each channel. */
  private static double[] deviations(LabelledWindows windows) {
    int channels = windows.channels();
    double[] sum = new double[channels];
    double[] squares = new double[channels];
    long[] counts = new long[channels];
    for (int i = 0; i < windows.values().length; i++) {
      if (windows.mask()[i]) {
        sum[i % channels] += windows.values()[i];
        squares[i % channels] += (double) windows.values()[i] * windows.values()[i];
        counts[i % channels]++;
      }
    }
    return IntStream.range(0, channels)
        .mapToDouble(
            c -> {
              double n = Math.max(1, counts[c]);
              return Math.sqrt(Math.max(0, squares[c] / n - sum[c] / n * (sum[c] / n)));
            })
        .toArray();
  }

  private static float[] mix(
      float[] larger, float[] all, int[] smaller, double[] share, int stride) {
    float[] mixed = new float[larger.length];
    for (int i = 0; i < mixed.length; i++) {
      int window = i / stride;
      double other = all[smaller[window] * stride + i % stride];
      mixed[i] = (float) (share[window] * larger[i] + (1 - share[window]) * other);
    }
    return mixed;
  }
}
