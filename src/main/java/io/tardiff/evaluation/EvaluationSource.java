package io.tardiff.evaluation;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Caches the cohort and the last synthetic set in memory. Not thread-safe: each DoFn instance has
 * its own.
 */
final class EvaluationSource implements Serializable {
  private final String cohort;

  private transient @Nullable Cohort opened;
  private transient @Nullable RealWindows real;
  private transient @Nullable SyntheticSet cachedSet;
  private transient @Nullable LabelledWindows cachedWindows;

  EvaluationSource(String cohort) {
    this.cohort = cohort;
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
