package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The number of samples to draw of each label.
 *
 * <pre>{@code
 * LabelMix asTrain = LabelMix.asTrain();                  // the label counts of train
 * LabelMix more = LabelMix.asTrain().withTotal(10_000);   // in train's proportion
 * LabelMix equal = LabelMix.balanced().withTotal(1_000);  // equal counts
 * LabelMix counts = LabelMix.counts(Map.of(0, 100L, 1, 50L));
 * }</pre>
 */
@AutoValue
public abstract class LabelMix implements Serializable {

  enum Kind {
    AS_TRAIN,
    BALANCED,
    COUNTS
  }

  abstract Kind kind();

  abstract @Nullable Long total();

  abstract Map<Integer, Long> explicit();

  /** Factor of every count. */
  abstract double factor();

  /** The label counts of the train split, or its proportions if a total is set. */
  public static LabelMix asTrain() {
    return new AutoValue_LabelMix(Kind.AS_TRAIN, null, Map.of(), 1);
  }

  /** The same number of samples of every label. */
  public static LabelMix balanced() {
    return new AutoValue_LabelMix(Kind.BALANCED, null, Map.of(), 1);
  }

  /** The given number of samples of each label; no samples of labels that are not listed. */
  public static LabelMix counts(Map<Integer, Long> counts) {
    check(
        !counts.isEmpty()
            && counts.values().stream().allMatch(c -> c >= 0)
            && counts.values().stream().anyMatch(c -> c > 0),
        "sampleLabels",
        counts,
        "must be counts of at least 0, with at least one above 0");
    return new AutoValue_LabelMix(Kind.COUNTS, null, new TreeMap<>(counts), 1);
  }

  /** Parses {@code as_train}, {@code balanced}, or counts such as {@code 0=100,1=50}. */
  public static LabelMix parse(String text) {
    switch (text) {
      case "as_train":
        return asTrain();
      case "balanced":
        return balanced();
      default:
        Map<Integer, Long> counts = new TreeMap<>();
        for (String part : text.split(",", -1)) {
          String[] pair = part.split("=", -1);
          Integer label = pair.length == 2 ? Ints.tryParse(pair[0].trim()) : null;
          Long count = pair.length == 2 ? Longs.tryParse(pair[1].trim()) : null;
          check(
              label != null && count != null,
              "sampleLabels",
              text,
              "must be as_train, balanced or counts such as 0=100,1=50");
          counts.put(label, count);
        }
        return counts(counts);
    }
  }

  /** Sets the total number of samples. Default: the size of the train split. */
  public LabelMix withTotal(long total) {
    check(total >= 1, "count", total, "must be at least 1");
    check(kind() != Kind.COUNTS, "count", total, "must not be set if labels are given by counts");
    return new AutoValue_LabelMix(kind(), total, explicit(), factor());
  }

  /** Multiplies the count of each label, rounding up, for example to draw a pool to select from. */
  public LabelMix times(double factor) {
    check(factor >= 1 && Double.isFinite(factor), "poolFactor", factor, "must be at least 1");
    return new AutoValue_LabelMix(kind(), total(), explicit(), factor() * factor);
  }

  /**
   * Returns the number of samples of each label, {@code [classes]}. A total is apportioned by the
   * largest remainder method.
   *
   * @param train number of train windows of each label, {@code [classes]}
   */
  public long[] resolve(long[] train) {
    long[] counts = baseCounts(train);
    for (int k = 0; k < counts.length; k++) {
      counts[k] = (long) Math.ceil(counts[k] * factor());
    }
    return counts;
  }

  private long[] baseCounts(long[] train) {
    if (kind() == Kind.COUNTS) {
      long[] counts = new long[train.length];
      explicit()
          .forEach(
              (label, count) -> {
                checkArgument(
                    label >= 0 && label < train.length,
                    "labels must be from 0 to %s (the classes of the model), was %s",
                    train.length - 1,
                    label);
                counts[label] = count;
              });
      return counts;
    }
    long size = Arrays.stream(train).sum();
    long samples = total() == null ? size : total();
    double[] shares = new double[train.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] =
          kind() == Kind.BALANCED ? 1.0 / train.length : (double) train[k] / Math.max(1, size);
    }
    return apportion(samples, shares);
  }

  /** Apportions {@code total} to shares that sum to 1, by the largest remainder method. */
  public static long[] apportion(long total, double[] shares) {
    long[] counts = new long[shares.length];
    Integer[] byRemainder = new Integer[shares.length];
    long left = total;
    for (int k = 0; k < shares.length; k++) {
      counts[k] = (long) Math.floor(shares[k] * total + 1e-9);
      left -= counts[k];
      byRemainder[k] = k;
    }
    Arrays.sort(
        byRemainder,
        (a, b) -> Double.compare(shares[b] * total - counts[b], shares[a] * total - counts[a]));
    for (int i = 0; i < left; i++) {
      counts[byRemainder[i % counts.length]]++;
    }
    return counts;
  }
}
