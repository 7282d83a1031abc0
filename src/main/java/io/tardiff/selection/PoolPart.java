package io.tardiff.selection;

import com.google.auto.value.AutoValue;
import io.tardiff.generation.LabelMix;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A part of a class's pool, which is herded by itself towards the target of the whole. */
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

  /** As a key of one line: a name of a set holds no tab. */
  final String key() {
    return set() + "\t" + label() + "\t" + shard();
  }

  static PoolPart parse(String key) {
    String[] parts = key.split("\t", -1);
    return of(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /** A class's pool as a whole. */
  static String poolKey(String set, int label) {
    return set + "\t" + label;
  }

  /**
   * How many samples this part gives where the class gives {@code wanted}: in proportion to its
   * size, what is left after rounding down to the parts with the largest remainders.
   *
   * @param sizes candidates of every part, by {@link #key}
   */
  final long quota(Map<String, Long> sizes, int shards, long wanted) {
    List<Long> ofShards = new ArrayList<>();
    for (int s = 0; s < shards; s++) {
      ofShards.add(sizes.getOrDefault(of(set(), label(), s).key(), 0L));
    }
    long pool = LongStream.range(0, shards).map(s -> ofShards.get((int) s)).sum();
    if (pool < wanted) {
      throw new IllegalArgumentException(
          String.format(
              "the pool %s must hold at least the %d samples of class %d that are to be kept, held"
                  + " %d: draw a larger pool (poolFactor)",
              set(), wanted, label(), pool));
    }
    double[] shares = ofShards.stream().mapToDouble(size -> (double) size / pool).toArray();
    return LabelMix.apportion(wanted, shares)[shard()];
  }
}
