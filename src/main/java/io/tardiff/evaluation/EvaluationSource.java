package io.tardiff.evaluation;

import com.google.common.collect.ImmutableList;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import java.io.Serializable;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Caches the cohort and the last synthetic set in memory. Not thread-safe: each DoFn instance has
 * its own.
 */
final class EvaluationSource implements Serializable {
  private final String cohort;
  private final ImmutableList<String> testCohorts;

  private transient @Nullable Cohort opened;
  private transient @Nullable RealWindows real;
  private transient @Nullable List<TestCohort> tests;
  private transient @Nullable SyntheticSet cachedSet;
  private transient @Nullable LabelledWindows cachedWindows;

  EvaluationSource(String cohort, ImmutableList<String> testCohorts) {
    this.cohort = cohort;
    this.testCohorts = testCohorts;
  }

  /** Returns the directory of the cohort. */
  String cohort() {
    return cohort;
  }

  RealWindows real() {
    if (real == null) {
      opened = Cohort.open(cohort);
      real = RealWindows.open(opened);
    }
    return real;
  }

  /** Returns the cohorts that models are also scored on. */
  List<TestCohort> tests() {
    if (tests == null) {
      Cohort own = opened();
      tests = testCohorts.stream().map(directory -> TestCohort.open(own, directory)).toList();
    }
    return tests;
  }

  /** Returns the cohort. */
  Cohort opened() {
    real();
    return opened;
  }

  /** Returns the windows of a set in network units. */
  LabelledWindows synthetic(SyntheticSet set) {
    if (!set.equals(cachedSet)) {
      RealWindows against = real();
      EvaluateSyntheticEhr.checkSet(set, opened);
      cachedWindows = against.networkUnits(set, SyntheticWindows.read(set));
      cachedSet = set;
    }
    return cachedWindows;
  }
}
