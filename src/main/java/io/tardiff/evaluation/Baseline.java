package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

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
    Windows of(RealWindows real, long seed) {
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
    Windows of(RealWindows real, long seed) {
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
    Windows of(RealWindows real, long seed) {
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
    Windows of(RealWindows real, long seed) {
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
    Windows of(RealWindows real, long seed) {
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

  /** Returns the windows to fit a model to. */
  abstract Windows of(RealWindows real, long seed);

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
