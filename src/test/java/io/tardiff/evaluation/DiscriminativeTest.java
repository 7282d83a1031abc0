package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notANumber;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.Discriminative.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiscriminativeTest {
  private static final int STEPS = 12;
  private static final DownstreamTrainer TRAINER = new DiscriminativeTrainer();

  /** Random walks of two channels, observed in runs, shifted by {@code shift}. */
  private static LabelledWindows windows(int size, double shift, boolean runs, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size * STEPS * 2];
    boolean[] mask = new boolean[values.length];
    for (int w = 0; w < size; w++) {
      for (int c = 0; c < 2; c++) {
        double level = random.nextGaussian() + shift;
        boolean on = random.nextBoolean();
        for (int t = 0; t < STEPS; t++) {
          level += 0.3 * random.nextGaussian();
          on = random.nextDouble() < (runs ? 0.1 : 0.5) ? !on : on;
          values[(w * STEPS + t) * 2 + c] = (float) level;
          mask[(w * STEPS + t) * 2 + c] = on;
        }
      }
    }
    return new LabelledWindows(STEPS, 2, 2, values, mask, new int[size]);
  }

  private static Side side(int size, double shift, boolean runs, long seed) {
    return Side.of(windows(size, shift, runs, seed));
  }

  private static Discriminative forest(Side real, Side set, boolean masked) {
    return Discriminative.measure("forest", TRAINER, real, set, masked);
  }

  @Test
  void samePatientsCannotBeTold() {
    Discriminative told = forest(side(300, 0, true, 1), side(300, 0, true, 2), true);
    assertThat(told.model(), is("forest"));
    assertThat(told.windows(), is(300));
    assertThat(told.score(), is(lessThan(0.06)));
    assertThat(told.score(), is(Math.abs(told.accuracy() - 0.5)));
  }

  @Test
  void otherValuesAreTold() {
    assertThat(
        forest(side(300, 0, true, 1), side(300, 2.5, true, 2), false).accuracy(),
        is(greaterThan(0.9)));
  }

  /** Only the masks differ, and only in their order. */
  @Test
  void otherMasksAreToldByTheMasks() {
    Side real = side(300, 0, true, 1);
    Side set = side(300, 0, false, 2);
    assertThat(forest(real, set, true).accuracy(), is(greaterThan(0.8)));
    assertThat(forest(real, set, false).score(), is(lessThan(0.06)));
  }

  @Test
  void sameInputsGiveTheSameScore() {
    Side real = side(100, 0, true, 1);
    Side set = side(150, 0.5, true, 2);
    Discriminative told = forest(real, set, true);
    assertThat(told.windows(), is(100));
    assertThat(forest(real, set, true), is(told));
  }

  @Test
  void gruTellsOtherValues() {
    DownstreamTrainer trainer = new DiscriminativeTrainer();
    Side real = side(100, 0, true, 1);
    Side set = side(100, 3, true, 2);
    Discriminative told = Discriminative.measure("gru", trainer, real, set, true);
    assertThat(told.accuracy(), is(greaterThan(0.85)));
    trainer.close();
  }

  @Test
  void fewWindowsOrSubjectsAreNotMeasured() {
    assertThat(forest(side(49, 0, true, 1), side(300, 0, true, 2), true).accuracy(), notANumber());
    LabelledWindows many = windows(300, 0, true, 1);
    Side ofFour = new Side(many, IntStream.range(0, 300).map(w -> w % 4).toArray());
    assertThat(forest(ofFour, side(300, 0, true, 2), true).score(), notANumber());
  }

  @Test
  void largeSetsAreSampled() {
    Spy spy = new Spy();
    Discriminative told =
        Discriminative.measure("spy", spy, side(2_100, 0, true, 1), side(3_000, 0, true, 2), false);
    assertThat(told.windows(), is(Discriminative.LIMIT));
    assertThat(spy.tested, is(2 * Discriminative.LIMIT));
    // A classifier that says nothing is right half of the time.
    assertThat(told.accuracy(), is(0.5));
  }

  /** Windows of a subject, which hold its number, are never on both sides of a fit. */
  @Test
  void subjectsStayInOneFold() {
    float[] values = new float[120];
    int[] subjects = new int[120];
    for (int w = 0; w < 120; w++) {
      subjects[w] = w % 17;
      values[w] = w % 17;
    }
    LabelledWindows real = new LabelledWindows(1, 1, 2, values, new int[120]);
    float[] others = new float[120];
    for (int w = 0; w < 120; w++) {
      others[w] = 1_000 + w;
    }
    Spy spy = new Spy();
    Discriminative.measure(
        "spy",
        spy,
        new Side(real, subjects),
        Side.of(new LabelledWindows(1, 1, 2, others, new int[120])),
        false);
    assertThat(spy.leaks, everyItem(is(0)));
    assertThat(spy.leaks.size(), is(Discriminative.FOLDS));
    assertThat(spy.tested, is(240));
  }

  /** Counts the values that are tested and were fitted to. */
  private static final class Spy implements DownstreamTrainer {
    private final List<Integer> leaks = new ArrayList<>();
    private int tested;

    @Override
    public List<String> models() {
      return List.of("spy");
    }

    @Override
    public FittedModel fit(String model, LabelledWindows train, LabelledWindows tuning, long seed) {
      Set<Float> seen = new HashSet<>();
      for (LabelledWindows part : List.of(train, tuning)) {
        for (float value : part.values()) {
          seen.add(value);
        }
      }
      return new FittedModel() {
        @Override
        public double[][] probabilities(LabelledWindows windows) {
          int leaked = 0;
          for (float value : windows.values()) {
            leaked += seen.contains(value) ? 1 : 0;
          }
          leaks.add(leaked);
          tested += windows.size();
          return IntStream.range(0, windows.size())
              .mapToObj(w -> new double[] {0.5, 0.5})
              .toArray(double[][]::new);
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void summariesOfAWindow() {
    // 1, 2, 6: mean 3, deviations -2, -1, 3; slope (6 - 1) / 2; changes 1 and 4.
    double[] row = DecisionForest.summaries(Windows.of(3, 1, 1, 2, 6))[0];
    double[] expected = {3, Math.sqrt(14.0 / 3), 1, 6, 1, 6, 2.5, 2.5};
    for (int j = 0; j < expected.length; j++) {
      assertThat("summary " + j, row[j], closeTo(expected[j], 1e-12));
    }
    assertThat(DecisionForest.summaries(Windows.of(1, 1, 7))[0][6], is(0.0));
  }
}
