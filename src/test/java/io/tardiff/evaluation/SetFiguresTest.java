package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpec.Channel;
import io.tardiff.evaluation.DistanceHistograms.Histogram;
import io.tardiff.evaluation.Embedding.ClassCells;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the report draws, and what it must not. */
class SetFiguresTest {
  private static final WindowSpec SPEC = Windows.spec(6, "HR", "MAP");

  private static LabelledWindows windows(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size * SPEC.size()];
    for (int w = 0; w < size; w++) {
      float level = (float) random.nextGaussian();
      for (int i = 0; i < SPEC.size(); i++) {
        values[w * SPEC.size() + i] =
            (i % 2 == 0 ? level : 0) + 0.1f * (float) random.nextGaussian();
      }
    }
    return new LabelledWindows(6, 2, 2, values, IntStream.range(0, size).map(w -> w % 2).toArray());
  }

  private static int[] subjects(int size) {
    return IntStream.range(0, size).toArray();
  }

  @Test
  void referenceHasNoFigures() {
    assertThat(
        Evaluations.of(List.of(Channel.of("HR", "bpm")), 2, 60, 1, Map.of())
            .measures()
            .get(0)
            .figures(),
        nullValue());
  }

  @Test
  void firstAxisIsWhatVariesMost() {
    Embedding embedding = Embedding.of(SPEC, windows(400, 1), subjects(400), windows(50, 2));
    assertThat(embedding.axes(), hasSize(2));
    assertThat(embedding.axes().get(0).explained(), is(greaterThan(0.16)));
    assertThat(
        embedding.axes().get(0).explained(), is(greaterThan(embedding.axes().get(1).explained())));
    assertThat(embedding.axes().get(0).features().get(0).weight(), is(greaterThan(0.0)));
    assertThat(embedding.points(), hasSize(50));
  }

  @Test
  void cellsHoldEnoughSubjects() {
    LabelledWindows train = windows(400, 1);
    ClassCells cells = Embedding.of(SPEC, train, subjects(400), windows(50, 2)).real().get(0);
    assertThat(cells.cells().size(), is(greaterThan(3)));
    assertThat(
        cells.cells().stream().mapToInt(Embedding.Cell::windows).min().getAsInt() >= 10, is(true));
    assertThat(
        cells.cells().stream().mapToInt(Embedding.Cell::windows).sum() / 400.0,
        closeTo(cells.shown(), 1e-12));
    // Many windows of few subjects are few subjects.
    int[] nine = IntStream.range(0, 400).map(w -> w % 9).toArray();
    assertThat(Embedding.of(SPEC, train, nine, windows(50, 2)).real().get(0).cells(), is(empty()));
  }

  @Test
  void constantFeaturesHaveNoSay() {
    LabelledWindows constant =
        new LabelledWindows(6, 2, 2, new float[30 * SPEC.size()], new int[30]);
    Embedding embedding = Embedding.of(SPEC, constant, subjects(30), constant);
    assertThat(embedding.points().get(0).x(), is(0.0));
  }

  @Test
  void everyBinHoldsEnoughWindows() {
    double[] distances = IntStream.range(0, 100).mapToDouble(i -> i * i / 10_000.0).toArray();
    Histogram histogram = Histogram.of(distances, 1.0 / 40);
    assertThat(histogram.edges(), hasSize(histogram.shares().size() + 1));
    assertThat(histogram.edges().get(0), is(0.0));
    assertThat(histogram.edges().get(histogram.edges().size() - 1), closeTo(1, 1e-12));
    assertThat(histogram.shares().stream().mapToDouble(s -> s).sum(), closeTo(1, 1e-12));
    assertThat(
        histogram.shares().stream().mapToDouble(s -> s).min().getAsDouble(),
        is(greaterThan(0.0999)));
    assertThat(Histogram.of(Arrays.copyOf(distances, 9), 1.0 / 40).shares(), is(empty()));
  }

  @Test
  void equalDistancesHaveAHistogram() {
    assertThat(Histogram.of(new double[20], 0).shares(), is(List.of(1.0)));
  }

  /** A synthetic window that is as close to a patient as a copy is not shown. */
  @Test
  void examplesAreNoCopies() {
    LabelledWindows train = windows(60, 1);
    LabelledWindows heldOut = windows(60, 2);
    LabelledWindows set =
        LabelledWindows.concat(
            List.of(train.select(IntStream.range(0, 10).toArray()), windows(10, 3)));
    Privacy.Distances distances = Privacy.compare(train, heldOut, set).distances();
    for (int i = 0; i < 10; i++) {
      assertThat(distances.toTrain()[i], is(lessThan(distances.near())));
    }
    RealWindows real =
        new RealWindows(
            SPEC,
            new Evaluations.Same(2),
            List.of(new Range(-9, 9), new Range(-9, 9)),
            train,
            heldOut,
            heldOut,
            subjects(60),
            subjects(60),
            subjects(60));
    SetFigures figures =
        SetFigures.of(real, set, Fidelity.covariance(train), Fidelity.covariance(set), distances);
    assertThat(figures.examples().isEmpty(), is(false));
    for (SetFigures.Example example : figures.examples()) {
      double first = example.values().get(0).get(0);
      for (int w = 0; w < 10; w++) {
        assertThat(first == set.values()[w * SPEC.size()], is(false));
      }
    }
    assertThat(figures.correlations().get(0).get(0), closeTo(1, 1e-12));
  }
}
