package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Filling;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.training.CohortWindows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Windows of another cohort, such as of another hospital, on which downstream models are scored
 * beside held_out.
 *
 * <p>All its splits are the test set, because nothing is fitted to it. A model can only be used
 * elsewhere as it was fitted, so windows are converted with the numbers of the cohort that it was
 * fitted to, not with their own: gaps are filled with that cohort's method and values, and clinical
 * units are normalised with its normaliser.
 *
 * @param name name of its directory, or of the one above if that is called {@code cohort}
 * @param windows in network units of the cohort that models are fitted to
 * @param subjects key of the subject of each window
 */
record TestCohort(String name, LabelledWindows windows, long[] subjects) {

  /** Windows with fewer observations may agree by chance. */
  private static final int ENOUGH_OBSERVATIONS = 10;

  /**
   * Checks that the cohorts have distinct names.
   *
   * @throws IllegalArgumentException if two have the same, or one that of a split
   */
  static void checkNames(List<String> directories) {
    Map<String, String> names = new HashMap<>();
    for (String directory : directories) {
      String name = name(directory);
      checkArgument(
          !name.isEmpty() && !name.equals(Split.HELD_OUT.label()),
          "test cohort %s must have a name other than %s: it is named by its directory, or by the"
              + " one above if that is called cohort",
          directory,
          Split.HELD_OUT.label());
      String other = names.put(name, directory);
      checkArgument(
          other == null,
          "test cohorts must have distinct names, but %s and %s are both called %s: they are named"
              + " by their directory, or by the one above if that is called cohort",
          other,
          directory,
          name);
    }
  }

  private static String name(String directory) {
    List<String> path = Splitter.on('/').omitEmptyStrings().splitToList(directory);
    int last = path.size() - 1;
    return last < 0 ? "" : path.get(last > 0 && path.get(last).equals("cohort") ? last - 1 : last);
  }

  /**
   * Reads a cohort.
   *
   * @param own the cohort that models are fitted to
   * @throws IllegalArgumentException if its windows differ in shape, channels, units or classes, if
   *     it lacks a class, or if it has patients of the train or tuning split of {@code own}
   */
  static TestCohort open(Cohort own, String directory) {
    Cohort cohort = Cohort.open(directory);
    checkArgument(
        EvaluateSyntheticEhr.haveSameShape(cohort.spec(), own.spec()),
        "test cohort %s must have the steps, channels, units and classes of the cohort %s",
        cohort.directory(),
        own.directory());
    checkArgument(
        !cohort.hash().equals(own.hash()),
        "test cohort %s must hold other patients, but is the cohort that models are fitted to",
        cohort.directory());
    List<EhrWindow> windows = new ArrayList<>();
    for (Split split : Split.values()) {
      windows.addAll(cohort.readAll(split));
    }
    windows.sort(Comparator.comparing(EhrWindow::windowId));
    checkOthers(own, cohort, windows);
    TestCohort test =
        new TestCohort(
            name(directory),
            networkUnits(own, cohort, windows),
            CohortWindows.subjectKeys(windows));
    int[] counts = test.windows().counts();
    for (int k = 0; k < counts.length; k++) {
      checkArgument(
          counts[k] > 0,
          "test cohort %s must hold windows of every class, held none of class %s among %s",
          cohort.directory(),
          k,
          windows.size());
    }
    return test;
  }

  /**
   * Ids of two hospitals may agree by chance, and those of one patient may differ, so patients are
   * compared by what was observed.
   */
  private static void checkOthers(Cohort own, Cohort cohort, List<EhrWindow> windows) {
    Set<HashCode> known = new HashSet<>();
    for (Split split : ImmutableSet.of(Split.TRAIN, Split.TUNING)) {
      own.readAll(split).forEach(window -> observed(window).ifPresent(known::add));
    }
    own.readAll(own.unlabelledShards()).forEach(window -> observed(window).ifPresent(known::add));
    long shared =
        windows.stream().filter(w -> observed(w).map(known::contains).orElse(false)).count();
    checkArgument(
        shared == 0,
        "test cohort %s must hold other patients: %s of its %s windows have the observations of"
            + " train or tuning windows of the cohort that models are fitted to",
        cohort.directory(),
        shared,
        windows.size());
  }

  /** Returns a hash of the observed values and their places; empty if they are few. */
  private static Optional<HashCode> observed(EhrWindow window) {
    float[] values = window.values();
    boolean[] mask = window.mask();
    Hasher hasher = Hashing.murmur3_128().newHasher();
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (mask[i]) {
        hasher.putInt(i).putFloat(values[i]);
        count++;
      }
    }
    return count < ENOUGH_OBSERVATIONS ? Optional.empty() : Optional.of(hasher.hash());
  }

  private static LabelledWindows networkUnits(Cohort own, Cohort cohort, List<EhrWindow> windows) {
    @Nullable Filling filling = own.filling().orElse(null);
    checkArgument(
        filling != null || !cohort.hasGaps(),
        "test cohort %s must have its gaps filled, because the cohort %s does not say how",
        cohort.directory(),
        own.directory());
    int size = own.spec().size();
    float[] values = new float[Math.multiplyExact(windows.size(), size)];
    boolean[] mask = new boolean[values.length];
    int[] labels = new int[windows.size()];
    for (int i = 0; i < labels.length; i++) {
      float[] window = windows.get(i).values().clone();
      if (filling != null) {
        filling.fill(window, windows.get(i).mask());
      }
      own.normaliser().normalise(window);
      System.arraycopy(window, 0, values, i * size, size);
      System.arraycopy(windows.get(i).mask(), 0, mask, i * size, size);
      labels[i] = windows.get(i).label();
    }
    return new LabelledWindows(
        own.spec().steps(),
        own.spec().channels().size(),
        own.spec().classes(),
        values,
        mask,
        labels);
  }
}
