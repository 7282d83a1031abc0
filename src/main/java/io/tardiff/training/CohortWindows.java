package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.CloseableIterator;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.annotations.Internal;

/** Windows of a cohort in network units. */
@Internal
public final class CohortWindows {
  private CohortWindows() {}

  /** Loads a whole split into memory, sorted by window id. */
  public static LabelledWindows load(Cohort cohort, Split split) {
    checkFilled(cohort);
    return of(cohort, cohort.readAll(split));
  }

  /** Converts windows of the cohort to network units, in order. */
  public static LabelledWindows of(Cohort cohort, List<EhrWindow> windows) {
    WindowSpec spec = cohort.spec();
    float[] values = new float[Math.multiplyExact(windows.size(), spec.size())];
    boolean[] mask = new boolean[values.length];
    int covariates = spec.statics().size();
    float[] statics = new float[windows.size() * covariates];
    int[] labels = new int[windows.size()];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(windows.get(i).statics(), 0, statics, i * covariates, covariates);
      System.arraycopy(normalised(cohort, windows.get(i)), 0, values, i * spec.size(), spec.size());
      System.arraycopy(windows.get(i).mask(), 0, mask, i * spec.size(), spec.size());
      labels[i] = windows.get(i).label();
    }
    return new LabelledWindows(
        spec.steps(), spec.channels().size(), spec.classes(), values, mask, statics, labels);
  }

  /** Returns the subject of each window, as a number by first appearance, which is not an id. */
  public static int[] subjects(List<EhrWindow> windows) {
    Map<String, Integer> numbers = new HashMap<>();
    return windows.stream()
        .mapToInt(w -> numbers.computeIfAbsent(w.subjectId(), id -> numbers.size()))
        .toArray();
  }

  /**
   * Returns a key of the subject of each window, which is the same in every cohort. It is a hash of
   * the id, so it must not be stored or shown.
   */
  public static long[] subjectKeys(List<EhrWindow> windows) {
    HashFunction hash = Hashing.murmur3_128();
    return windows.stream()
        .mapToLong(w -> hash.hashString(w.subjectId(), StandardCharsets.UTF_8).asLong())
        .toArray();
  }

  /**
   * Checks that networks can be trained on a cohort.
   *
   * @throws IllegalArgumentException if its windows have gaps
   */
  public static void checkFilled(Cohort cohort) {
    checkArgument(
        !cohort.hasGaps(),
        "cohort must have its gaps filled, but %s was built with imputation none; build it with"
            + " forward_median, forward_normal, mean or linear",
        cohort.directory());
  }

  /** Returns a copy of the window's values in network units. */
  public static float[] normalised(Cohort cohort, EhrWindow window) {
    float[] values = window.values().clone();
    cohort.normaliser().normalise(values);
    return values;
  }

  /** Returns a window as the denoiser sees it. */
  static float[] encoded(Cohort cohort, DenoiserLayout layout, EhrWindow window) {
    return layout.encode(normalised(cohort, window), window.mask(), window.statics());
  }

  /** Returns windows as the denoiser sees them, in order, {@code [windows, steps, width]}. */
  public static float[] encoded(Cohort cohort, DenoiserLayout layout, List<EhrWindow> windows) {
    int stride = layout.steps() * layout.width();
    float[] values = new float[Math.multiplyExact(windows.size(), stride)];
    for (int i = 0; i < windows.size(); i++) {
      System.arraycopy(encoded(cohort, layout, windows.get(i)), 0, values, i * stride, stride);
    }
    return values;
  }

  /** Loads a split as the denoiser sees it, sorted by window id. */
  static WindowBatch encoded(Cohort cohort, DenoiserLayout layout, Split split) {
    checkFilled(cohort);
    List<EhrWindow> windows = cohort.readAll(split);
    return new WindowBatch(
        encoded(cohort, layout, windows), windows.stream().mapToInt(EhrWindow::label).toArray());
  }

  /** Streams the windows of {@code shards}, one file at a time. */
  static CloseableIterator<EhrWindow> stream(Cohort cohort, List<String> shards) {
    return new CloseableIterator<>() {
      private int next = 0;
      private CloseableIterator<EhrWindow> open = null;

      @Override
      public boolean hasNext() {
        while (open == null || !open.hasNext()) {
          close();
          if (next == shards.size()) {
            return false;
          }
          open = cohort.read(shards.get(next++));
        }
        return true;
      }

      @Override
      public EhrWindow next() {
        if (!hasNext()) {
          throw new java.util.NoSuchElementException();
        }
        return open.next();
      }

      @Override
      public void close() {
        if (open != null) {
          open.close();
          open = null;
        }
      }
    };
  }
}
