package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.cohort.LabelledWindows;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaselineTest {
  private static final int STEPS = 3;
  private static final int CHANNELS = 2;

  /** Window i has the values i, i + 0.5, ...; every fourth one is of class 1. */
  private static LabelledWindows windows(int from, int size) {
    float[] values = new float[size * STEPS * CHANNELS];
    boolean[] mask = new boolean[values.length];
    int[] labels = new int[size];
    for (int i = 0; i < values.length; i++) {
      values[i] = from + i / (STEPS * CHANNELS) + 0.5f * (i % CHANNELS);
      mask[i] = i % 3 != 0;
      labels[i / (STEPS * CHANNELS)] = i / (STEPS * CHANNELS) % 4 == 0 ? 1 : 0;
    }
    return new LabelledWindows(STEPS, CHANNELS, 2, values, mask, labels);
  }

  /** Tuning has 20 windows of 10 subjects. */
  private static final RealWindows REAL =
      new RealWindows(
          null,
          null,
          List.of(),
          windows(0, 40),
          windows(100, 20),
          windows(200, 8),
          IntStream.range(0, 40).toArray(),
          IntStream.range(0, 20).map(i -> i / 2).toArray(),
          IntStream.range(0, 8).toArray());

  /** Says of every window that it is of class 1 with a probability that depends on its value. */
  private static final Baseline.Fitter FITTER =
      (train, unknown) -> {
        double[][] probabilities = new double[unknown.size()][];
        for (int i = 0; i < probabilities.length; i++) {
          double p = unknown.values()[i * unknown.stride()] / 1000;
          probabilities[i] = new double[] {1 - p, p};
        }
        return probabilities;
      };

  private static Set<Integer> subjectsOfTuning(LabelledWindows windows) {
    Set<Integer> subjects = new TreeSet<>();
    for (int w = 0; w < windows.size(); w++) {
      int number = (int) windows.values()[w * windows.stride()] - 100;
      if (number >= 0) {
        subjects.add(number / 2);
      }
    }
    return subjects;
  }

  @ParameterizedTest
  @EnumSource(Baseline.class)
  void windowsAreAFunctionOfTheSeed(Baseline baseline) {
    LabelledWindows first = baseline.of(REAL, 3, FITTER).train();
    LabelledWindows again = baseline.of(REAL, 3, FITTER).train();
    assertThat(again.values(), is(first.values()));
    assertThat(again.targets(), is(first.targets()));
    assertThat(Arrays.stream(first.counts()).boxed().toList(), everyItem(greaterThan(0)));
    if (baseline != Baseline.CLASS_WEIGHTS && baseline != Baseline.SELF_TRAINING) {
      assertThat(baseline.of(REAL, 4, FITTER).train().values(), is(not(first.values())));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Baseline.class, mode = EnumSource.Mode.EXCLUDE, names = "GUIDANCE_SET")
  void onlyTrainWindowsAreUsed(Baseline baseline) {
    Baseline.Windows windows = baseline.of(REAL, 1, FITTER);
    assertThat(windows.stopping(), is(REAL.tuning()));
    for (float value : windows.train().values()) {
      assertThat((double) value, is(lessThan(100.0)));
    }
  }

  @Test
  void aHalfOfTheTuningSubjectsJoinsAndTheOtherStops() {
    Baseline.Windows odd = Baseline.GUIDANCE_SET.of(REAL, 1, FITTER);
    Baseline.Windows even = Baseline.GUIDANCE_SET.of(REAL, 2, FITTER);
    assertThat(odd.train().size() + odd.stopping().size(), is(60));
    assertThat(
        odd.train().select(IntStream.range(0, 40).toArray()).values(), is(REAL.train().values()));
    Set<Integer> joined = subjectsOfTuning(odd.train());
    Set<Integer> stopping = subjectsOfTuning(odd.stopping());
    assertThat(joined.size(), is(5));
    assertThat(stopping.size(), is(5));
    stopping.removeAll(joined);
    assertThat(stopping.size(), is(5));
    assertThat(subjectsOfTuning(even.stopping()), is(joined));
    assertThat(Arrays.stream(odd.stopping().counts()).boxed().toList(), everyItem(greaterThan(0)));
    assertThat(Arrays.stream(even.stopping().counts()).boxed().toList(), everyItem(greaterThan(0)));
  }

  @Test
  void halvesWithoutAClassAreAnError() {
    LabelledWindows tuning = REAL.tuning();
    int[] labels = new int[tuning.size()];
    labels[4] = 1;
    RealWindows rare =
        new RealWindows(
            null,
            null,
            List.of(),
            REAL.train(),
            new LabelledWindows(STEPS, CHANNELS, 2, tuning.values(), tuning.mask(), labels),
            REAL.heldOut(),
            REAL.trainSubjects(),
            REAL.tuningSubjects(),
            REAL.heldOutSubjects());
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> Baseline.GUIDANCE_SET.of(rare, 1, FITTER))
            .getMessage(),
        is(
            "baselines must not have guidance_set: the tuning split has too few subjects of class 1"
                + " to be divided into halves"));
  }

  @Test
  void windowsWithoutALabelJoinWithWhatAModelSaysOfThem() {
    LabelledWindows unknown = windows(400, 10).withLabels(unlabelled(10));
    RealWindows real =
        new RealWindows(
            null,
            null,
            List.of(),
            REAL.train(),
            LabelledWindows.concat(List.of(REAL.train(), unknown)),
            REAL.tuning(),
            REAL.heldOut(),
            REAL.trainSubjects(),
            IntStream.range(0, 50).toArray(),
            REAL.tuningSubjects(),
            REAL.heldOutSubjects(),
            REAL.tuningKeys(),
            REAL.heldOutKeys());
    Baseline.Windows windows =
        Baseline.SELF_TRAINING.of(
            real,
            1,
            (train, asked) -> {
              assertThat(train, is(REAL.train()));
              assertThat(asked.values(), is(unknown.values()));
              return FITTER.probabilities(train, asked);
            });
    LabelledWindows train = windows.train();
    assertThat(train.size(), is(50));
    // Real ones have their labels, the others what the model says.
    assertThat(Arrays.copyOf(train.targets(), 80), is(REAL.train().targets()));
    for (int i = 0; i < 10; i++) {
      assertThat((double) train.targets()[2 * (40 + i) + 1], closeTo((400 + i) / 1000.0, 1e-6));
      assertThat(train.labels()[40 + i], is(0));
    }
    assertThat(windows.stopping(), is(REAL.tuning()));
  }

  private static int[] unlabelled(int size) {
    int[] labels = new int[size];
    Arrays.fill(labels, -1);
    return labels;
  }

  @Test
  void classesHaveTheSameWeight() {
    LabelledWindows train = Baseline.CLASS_WEIGHTS.of(REAL, 1, FITTER).train();
    double[] weights = new double[2];
    for (int i = 0; i < train.targets().length; i++) {
      weights[i % 2] += train.targets()[i];
    }
    assertThat(weights[0], closeTo(20, 1e-4));
    assertThat(weights[1], closeTo(20, 1e-4));
    assertThat((double) train.targets()[1], closeTo(2, 1e-6));
    assertThat(train.values(), is(REAL.train().values()));
  }

  @Test
  void rareWindowsAreRepeated() {
    LabelledWindows train = Baseline.OVERSAMPLING.of(REAL, 1, FITTER).train();
    assertThat(train.counts(), is(new int[] {30, 30}));
    Set<Float> distinct = new TreeSet<>();
    for (int w = 0; w < train.size(); w++) {
      distinct.add(train.values()[w * train.stride()]);
    }
    assertThat(distinct.size(), is(40));
  }

  @Test
  void noiseIsAddedToObservedValuesOfCopies() {
    LabelledWindows train = Baseline.JITTER.of(REAL, 1, FITTER).train();
    assertThat(train.size(), is(80));
    double squares = 0;
    int moved = 0;
    int half = train.values().length / 2;
    for (int i = 0; i < half; i++) {
      assertThat(train.values()[i], is(REAL.train().values()[i]));
      double noise = train.values()[half + i] - train.values()[i];
      if (!train.mask()[i]) {
        assertThat(noise, is(0.0));
      } else {
        squares += noise * noise;
        moved++;
      }
    }
    // The numbers 0 to 39 have a standard deviation of 11.54.
    assertThat(Math.sqrt(squares / moved), closeTo(1.154, 0.25));
  }

  @Test
  void mixturesAreOfTwoWindowsAndTheirLabels() {
    LabelledWindows train = Baseline.MIXUP.of(REAL, 1, FITTER).train();
    assertThat(train.size(), is(160));
    int mixed = 0;
    for (int w = 0; w < train.size(); w++) {
      float first = train.values()[w * train.stride()];
      // All values of a mixture are mixed alike.
      assertThat((double) train.values()[w * train.stride() + 1], closeTo(first + 0.5, 1e-4));
      float own = train.targets()[2 * w + train.labels()[w]];
      assertThat((double) own, is(greaterThan(0.5 - 1e-6)));
      assertThat((double) train.targets()[2 * w] + train.targets()[2 * w + 1], closeTo(1, 1e-6));
      mixed += own < 1 ? 1 : 0;
    }
    // Three of eight pairs have two labels, and some shares are nearly 1.
    assertThat(mixed, is(greaterThan(20)));
  }

  @Test
  void namesAreChecked() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Baseline.of("smote")).getMessage(),
        is(
            "baselines must be guidance_set, class_weights, oversampling, jitter, mixup or"
                + " self_training, was smote"));
  }
}
