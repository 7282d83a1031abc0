package io.tardiff.evaluation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TestCohortTest {
  private static final List<String> CHANNELS = List.of("HR", "SBP", "DBP", "MAP");

  @TempDir static Path directory;
  private static Cohort own;
  private static Cohort other;

  @BeforeAll
  static void buildCohorts() {
    own = Fixtures.cohort(directory.resolve("own"));
    // The ids of patients are those of the own cohort, and some have gaps.
    other = Fixtures.cohort(directory.resolve("hirid").resolve("cohort"), 6, 280, CHANNELS);
  }

  private static void rejects(Executable call, String... message) {
    String text = assertThrows(IllegalArgumentException.class, call).getMessage();
    for (String part : message) {
      assertThat(text, containsString(part));
    }
  }

  @Test
  void allSplitsAreTheTestSet() {
    TestCohort test = TestCohort.open(own, other.directory());
    assertThat(test.name(), is("hirid"));
    assertThat(test.windows().size(), is(280));
    assertThat(test.windows().counts()[1], is(70));
    assertThat(Arrays.stream(test.subjects()).distinct().count(), is(280L));
  }

  /** Models were fitted to windows of the own cohort, so its numbers apply. */
  @Test
  void windowsHaveTheUnitsAndTheFillingOfTheOwnCohort() {
    TestCohort test = TestCohort.open(own, other.directory());
    List<EhrWindow> windows = new ArrayList<>();
    for (Split split : Split.values()) {
      windows.addAll(other.readAll(split));
    }
    windows.sort(Comparator.comparing(EhrWindow::windowId));
    int size = own.spec().size();
    int withGaps = 0;
    for (int w = 0; w < windows.size(); w++) {
      float[] clinical = Arrays.copyOfRange(test.windows().values(), w * size, (w + 1) * size);
      own.normaliser().denormalise(clinical);
      boolean[] mask = windows.get(w).mask();
      assertThat(test.windows().labels()[w], is(windows.get(w).label()));
      for (int i = 0; i < size; i++) {
        assertThat(test.windows().mask()[w * size + i], is(mask[i]));
        if (mask[i]) {
          assertThat((double) clinical[i], is(closeTo(windows.get(w).values()[i], 1e-3)));
        }
      }
      if (!mask[0]) {
        withGaps++;
        double median = own.filling().orElseThrow().standard().get(0);
        assertThat((double) clinical[0], is(closeTo(median, 1e-3)));
        assertThat((double) windows.get(w).values()[0], is(not(closeTo(median, 1e-3))));
      }
    }
    assertThat(withGaps, is(40));
  }

  @Test
  void rejectsTheCohortItself() {
    rejects(
        () -> TestCohort.open(own, own.directory()),
        "must hold other patients, but is the cohort that models are fitted to");
  }

  /** Forty more stays give another cohort, with the same patients and another split. */
  @Test
  void rejectsPatientsThatModelsWereFittedTo() {
    Cohort more = Fixtures.cohort(directory.resolve("more"), 5, 280, CHANNELS);
    long fitted = own.count(Split.TRAIN) + own.count(Split.TUNING);
    rejects(
        () -> TestCohort.open(own, more.directory()),
        "must hold other patients: " + fitted + " of its 280 windows have the observations");
  }

  @Test
  void rejectsOtherChannels() {
    Cohort fewer = Fixtures.cohort(directory.resolve("fewer"), 7, 240, List.of("HR", "SBP", "DBP"));
    rejects(
        () -> TestCohort.open(own, fewer.directory()),
        "must have the steps, channels, units and classes of the cohort");
  }

  @Test
  void namesAreDistinct() {
    TestCohort.checkNames(List.of("gs://a/hirid/cohort", "gs://a/eicu/cohort/", "sicdb"));
    rejects(
        () -> TestCohort.checkNames(List.of("a/hirid/cohort", "b/hirid")),
        "test cohorts must have distinct names, but a/hirid/cohort and b/hirid are both called"
            + " hirid");
    rejects(
        () -> EvaluateSyntheticEhr.against("c").withTestCohorts(List.of("a/held_out")),
        "must have a name other than held_out");
  }
}
