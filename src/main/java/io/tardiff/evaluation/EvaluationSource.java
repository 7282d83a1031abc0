package io.tardiff.evaluation;

import com.google.common.collect.ImmutableList;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Holds the cohort and the last synthetic set in memory, once per JVM: all threads and steps of a
 * worker read the same windows. Not thread-safe itself: each DoFn instance has its own, and closes
 * it.
 */
final class EvaluationSource implements Serializable, AutoCloseable {
  private final String cohort;
  private final ImmutableList<String> testCohorts;

  private transient @Nullable Cohort opened;
  private transient SharedInstances.@Nullable Lease<Held<RealWindows>> real;
  private transient SharedInstances.@Nullable Lease<Held<List<TestCohort>>> tests;
  private transient SharedInstances.@Nullable Lease<Held<LabelledWindows>> synthetic;
  private transient @Nullable SyntheticSet cachedSet;

  /** What is in memory until nobody leases it. */
  private record Held<V>(V value) implements AutoCloseable {
    @Override
    public void close() {}
  }

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
      real = lease("real", () -> RealWindows.open(opened()));
    }
    return real.get().value();
  }

  /** Returns the cohorts that models are also scored on. */
  List<TestCohort> tests() {
    if (tests == null) {
      tests =
          lease(
              "tests " + testCohorts,
              () ->
                  testCohorts.stream()
                      .map(directory -> TestCohort.open(opened(), directory))
                      .toList());
    }
    return tests.get().value();
  }

  /** Returns the cohort. */
  Cohort opened() {
    if (opened == null) {
      opened = Cohort.open(cohort);
    }
    return opened;
  }

  /** Returns the windows of a set in network units. */
  LabelledWindows synthetic(SyntheticSet set) {
    if (synthetic == null || !set.equals(cachedSet)) {
      RealWindows against = real();
      EvaluateSyntheticEhr.checkSet(set, opened());
      // Leave the last set first, so that two need not fit.
      leave(synthetic);
      synthetic = null;
      synthetic =
          lease(
              set.directory() + " " + set.files().manifestText(),
              () -> against.networkUnits(set, SyntheticWindows.read(set)));
      cachedSet = set;
    }
    return synthetic.get().value();
  }

  private <V> SharedInstances.Lease<Held<V>> lease(String what, Supplier<V> read) {
    String key = String.join("|", EvaluationSource.class.getName(), cohort, opened().hash(), what);
    return SharedInstances.acquire(key, () -> new Held<>(read.get()));
  }

  private static void leave(SharedInstances.@Nullable Lease<?> lease) {
    if (lease != null) {
      lease.close();
    }
  }

  @Override
  public void close() {
    leave(real);
    leave(tests);
    leave(synthetic);
    real = null;
    tests = null;
    synthetic = null;
  }
}
