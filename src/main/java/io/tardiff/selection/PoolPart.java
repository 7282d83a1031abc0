package io.tardiff.selection;

import com.google.auto.value.AutoValue;
import io.tardiff.generation.LabelMix;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A part of the pool of a class; parts are herded independently towards the same target. */
@AutoValue
abstract class PoolPart implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Name of the pool's set. */
  abstract String set();

  abstract int label();

  abstract int shard();

  static PoolPart of(String set, int label, int shard) {
    return new AutoValue_PoolPart(set, label, shard);
  }

  /** Returns the part as a key; names of sets contain no tabs. */
  final String key() {
    return set() + "\t" + label() + "\t" + shard();
  }

  static PoolPart parse(String key) {
    String[] parts = key.split("\t", -1);
    return of(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /** Returns the key of the whole pool of a class. */
  static String poolKey(String set, int label) {
    return set + "\t" + label;
  }

  /**
   * Returns the number of samples to select from this part if the class contributes {@code
   * samples}: in proportion to its size, by the largest remainder method.
   *
   * @param sizes number of candidates of each part, by {@link #key}
   */
  final long quota(Map<String, Long> sizes, int shards, long samples) {
    List<Long> ofShards = new ArrayList<>();
    for (int s = 0; s < shards; s++) {
      ofShards.add(sizes.getOrDefault(of(set(), label(), s).key(), 0L));
    }
    long pool = LongStream.range(0, shards).map(s -> ofShards.get((int) s)).sum();
    if (pool < samples) {
      throw new IllegalArgumentException(
          String.format(
              "pool %s must hold at least %d samples of class %d, held %d: draw a larger pool"
                  + " (poolFactor)",
              set(), samples, label(), pool));
    }
    double[] shares = ofShards.stream().mapToDouble(size -> (double) size / pool).toArray();
    return LabelMix.apportion(samples, shares)[shard()];
  }
}
