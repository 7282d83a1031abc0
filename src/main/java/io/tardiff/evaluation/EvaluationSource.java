package io.tardiff.evaluation;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The windows a worker has in memory: the cohort, and the synthetic set it worked on last. One per
 * DoFn instance, which is used by one thread at a time.
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

  /** Directory of the cohort. */
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

  /** The set in network units. */
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
