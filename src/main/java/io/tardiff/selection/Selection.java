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
 * Which part of a pool of samples is kept, and how that is decided.
 *
 * <pre>{@code
 * Selection selection =
 *     Selection.herding()
 *         .withFeaturesAt(List.of(Selection.Point.FIRST, Selection.Point.BEST, Selection.Point.LAST))
 *         .withMinimumDistance(0.5);
 * }</pre>
 *
 * <p>{@link SelectionMethod#HERDING} keeps the samples whose mean comes closest to that of the real
 * windows of their class, in the features of the target classifier at some points of its training
 * ({@link io.tardiff.influence.Herding}, {@link io.tardiff.influence.FourierFeatures}). {@link
 * SelectionMethod#NONE} keeps the first samples of the pool: what herding must beat.
 */
@AutoValue
public abstract class Selection implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Above this a shard takes long and much memory: herding is sequential. */
  static final int SHARD_CANDIDATES = 8_192;

  /** A point of the target classifier's training. */
  public enum Point implements Labelled {
    /** After one epoch: what is easy to see. */
    FIRST,
    /** The epoch whose weights are kept. */
    BEST,
    /** The last one: past its best, it is overfitted. */
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

  /** Whose features are looked at, together. */
  public abstract List<Point> featuresAt();

  /** Random Fourier features of a window. */
  public abstract int fourierFeatures();

  /** Whether the target is the mean over train and tuning, or over train alone. */
  public abstract boolean withTuning();

  /** Parts of a class's pool that are herded side by side; 0 for as many as its size asks for. */
  public abstract int herdShards();

  /**
   * Least distance of a kept sample to its nearest train window, in units of the median distance of
   * a tuning window to its own; 0 for no limit.
   */
  public abstract double minimumDistance();

  /** Seed of the random Fourier features. */
  public abstract long seed();

  /** Herding, by the features of the classifier at three points of its training. */
  public static Selection herding() {
    return of(SelectionMethod.HERDING);
  }

  /** The first samples of a pool. */
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

  /** What options say of it. */
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

  /** Real windows that the selection goes towards: {@code train}, with {@code tuning} or alone. */
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
        "must be a number of at least 0");
    return toBuilder().minimumDistance(distance).build();
  }

  public Selection withSeed(long seed) {
    return toBuilder().seed(seed).build();
  }

  /** Parts that a class's pool of that size is herded in. */
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
