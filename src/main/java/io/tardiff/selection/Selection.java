package io.tardiff.selection;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.Settings;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.training.TarDiffModel;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;

/**
 * How to select samples from a pool.
 *
 * <pre>{@code
 * Selection selection =
 *     Selection.herding()
 *         .withFeaturesAt(List.of(Selection.Point.FIRST, Selection.Point.BEST, Selection.Point.LAST))
 *         .withMinimumDistance(0.5);
 * }</pre>
 *
 * <p>{@link SelectionMethod#HERDING} selects the samples whose mean is closest to that of the real
 * windows of their class, in the features of the target classifier at several points of its
 * training ({@link io.tardiff.influence.Herding}, {@link io.tardiff.influence.FourierFeatures}).
 * {@link SelectionMethod#NONE} keeps the first samples of the pool, the unselected baseline.
 */
@AutoValue
public abstract class Selection implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Candidates per shard by default; herding is sequential, so larger shards are slow and need more
   * memory.
   */
  static final int SHARD_CANDIDATES = 8_192;

  /** A point of the target classifier's training. */
  public enum Point implements Labelled {
    /** The first epoch, when only easy patterns have been learned. */
    FIRST,
    /** The best epoch on tuning. */
    BEST,
    /** The last epoch, which usually overfits. */
    LAST;

    public static Point of(String label) {
      return Labelled.of(Point.class, "selectionFeatures", label);
    }

    int epoch(TarDiffModel model) {
      return switch (this) {
        case FIRST -> 1;
        case BEST -> model.bestEpoch();
        case LAST -> model.epochs();
      };
    }
  }

  public abstract SelectionMethod method();

  /** Points of the training whose features are concatenated. */
  public abstract List<Point> featuresAt();

  /** Number of random Fourier features per window. */
  public abstract int fourierFeatures();

  /** Whether the target is the mean over train and tuning, rather than train alone. */
  public abstract boolean withTuning();

  /**
   * Number of parts of the pool of a class that are herded in parallel; 0 derives it from the size
   * of the pool.
   */
  public abstract int herdShards();

  /**
   * Minimum distance of a kept sample to its nearest train window, in units of the median distance
   * of a tuning window to its nearest train window; 0 for no limit.
   */
  public abstract double minimumDistance();

  /** Seed of the random Fourier features. */
  public abstract long seed();

  /** Herding with the features of the classifier at three points of its training. */
  public static Selection herding() {
    return of(SelectionMethod.HERDING);
  }

  /** No selection: the first samples of a pool. */
  public static Selection none() {
    return of(SelectionMethod.NONE);
  }

  /** The defaults of a method. */
  public static Selection of(SelectionMethod method) {
    return new AutoValue_Selection.Builder()
        .method(method)
        .featuresAt(List.of(Point.FIRST, Point.BEST, Point.LAST))
        .fourierFeatures(1024)
        .withTuning(true)
        .herdShards(0)
        .minimumDistance(0)
        .seed(0)
        .build();
  }

  /** The settings of this configuration. */
  @Internal
  public static Settings<Selection> settings() {
    return Settings.of(herding())
        .choices("selectionFeatures", Point.class, Selection::featuresAt, Selection::withFeaturesAt)
        .words(
            "selectionTarget",
            selection -> selection.withTuning() ? List.of("train", "tuning") : List.of("train"),
            Selection::withTarget)
        .integer("fourierFeatures", Selection::fourierFeatures, Selection::withFourierFeatures)
        .integer("herdShards", Selection::herdShards, Selection::withHerdShards)
        .decimal("minimumDistance", Selection::minimumDistance, Selection::withMinimumDistance)
        .whole("seed", Selection::seed, Selection::withSeed);
  }

  abstract Builder toBuilder();

  public Selection withFeaturesAt(List<Point> points) {
    check(
        !points.isEmpty() && points.stream().distinct().count() == points.size(),
        "selectionFeatures",
        points.stream().map(Point::label).toList(),
        "must be at least one and all different");
    return toBuilder().featuresAt(List.copyOf(points)).build();
  }

  public Selection withFourierFeatures(int count) {
    check(count >= 8 && count <= 65_536, "fourierFeatures", count, "must be from 8 to 65536");
    return toBuilder().fourierFeatures(count).build();
  }

  public Selection withTuning(boolean withTuning) {
    return toBuilder().withTuning(withTuning).build();
  }

  /** Sets the splits of the target: {@code train}, or {@code train} and {@code tuning}. */
  public Selection withTarget(List<String> splits) {
    check(
        splits.contains("train") && List.of("train", "tuning").containsAll(splits),
        "selectionTarget",
        String.join(",", splits),
        "must be train or train,tuning");
    return withTuning(splits.contains("tuning"));
  }

  public Selection withHerdShards(int shards) {
    check(shards >= 0 && shards <= 10_000, "herdShards", shards, "must be from 0 to 10000");
    return toBuilder().herdShards(shards).build();
  }

  public Selection withMinimumDistance(double distance) {
    check(
        distance >= 0 && Double.isFinite(distance),
        "minimumDistance",
        distance,
        "must be finite and at least 0");
    return toBuilder().minimumDistance(distance).build();
  }

  public Selection withSeed(long seed) {
    return toBuilder().seed(seed).build();
  }

  /** Returns the number of parts that a pool of the given size is herded in. */
  final int shardsOf(long pool) {
    return herdShards() > 0
        ? herdShards()
        : (int) Math.max(1, (pool + SHARD_CANDIDATES - 1) / SHARD_CANDIDATES);
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder method(SelectionMethod method);

    abstract Builder featuresAt(List<Point> points);

    abstract Builder fourierFeatures(int count);

    abstract Builder withTuning(boolean withTuning);

    abstract Builder herdShards(int shards);

    abstract Builder minimumDistance(double distance);

    abstract Builder seed(long seed);

    abstract Selection build();
  }
}
