package io.tardiff.cohort;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is known of one subject while its events are gathered: the static covariates, and the
 * observations of the cohort's own channels and of what frames and labels its stays, 22 bytes each.
 *
 * <p>Observations are kept, not binned at once, because bins count from the anchor, which may be
 * the last event to arrive, and because repeated rows are found only beside each other. What lies
 * behind the only window of its stay is dropped as soon as that is known and room is needed, so a
 * long stay costs little more than a short one, and a subject of absurdly many rows is given up.
 */
final class SubjectRecord {
  static final long NO_TIME = Long.MIN_VALUE;

  /** An event of the subject, not of one of its stays. */
  static final int NO_STAY = -1;

  private static final int CAPACITY = 8;

  /** Names of the stays, in the order in which they were met. */
  final List<String> stays = new ArrayList<>();

  private final Map<String, Integer> stayIndices = new HashMap<>();

  /** Per stay, {@link #NO_STAY} included: {@code [statics]}. */
  final Map<Integer, double[]> statics = new HashMap<>();

  private final int staticCount;

  /** Published split, null where there is none. */
  @Nullable String split;

  /** {@code [channels + statics]}: rows whose unit is not known. */
  final long[] unknownUnits;

  /** Which code of which channel, or which mark: an index as {@link SubjectFn} gives it. */
  short[] sources = new short[CAPACITY];

  int[] stayOf = new int[CAPACITY];
  long[] times = new long[CAPACITY];
  double[] values = new double[CAPACITY];
  int size;

  /** Observations of channels seen so far, dropped ones included. */
  long rows;

  /** Observations dropped because they lie behind the window. */
  long behind;

  /** Whether the subject has more observations than one can have, and none are kept. */
  boolean overflown;

  SubjectRecord(int concepts, int staticCount) {
    unknownUnits = new long[concepts];
    this.staticCount = staticCount;
  }

  int stay(@Nullable String stayId) {
    return stayId == null
        ? NO_STAY
        : stayIndices.computeIfAbsent(
            stayId,
            id -> {
              stays.add(id);
              return stays.size() - 1;
            });
  }

  /** Of several splits the first by name: a choice that does not depend on order. */
  void assign(String name) {
    split = split == null || name.compareTo(split) < 0 ? name : split;
  }

  void describe(int stay, int index, double value) {
    double[] known =
        statics.computeIfAbsent(
            stay,
            unused -> {
              double[] fresh = new double[staticCount];
              Arrays.fill(fresh, Double.NaN);
              return fresh;
            });
    known[index] = Double.isNaN(known[index]) ? value : Math.min(known[index], value);
  }

  boolean isFull() {
    return size == times.length && size > CAPACITY;
  }

  void observe(int source, int stay, long time, double value) {
    if (overflown) {
      return;
    }
    if (size == times.length) {
      grow(size * 2);
    }
    sources[size] = (short) source;
    stayOf[size] = stay;
    times[size] = time;
    values[size] = value;
    size++;
  }

  private void grow(int capacity) {
    sources = Arrays.copyOf(sources, capacity);
    stayOf = Arrays.copyOf(stayOf, capacity);
    times = Arrays.copyOf(times, capacity);
    values = Arrays.copyOf(values, capacity);
  }

  void overflow() {
    overflown = true;
    size = 0;
    grow(CAPACITY);
  }

  /** The earliest anchor of each stay, {@link #NO_TIME} where it is not known. */
  long[] anchors(int anchorSource) {
    long[] anchors = new long[stays.size()];
    Arrays.fill(anchors, NO_TIME);
    for (int i = 0; i < size; i++) {
      int stay = stayOf[i];
      if (sources[i] == anchorSource
          && stay != NO_STAY
          && times[i] != NO_TIME
          && (anchors[stay] == NO_TIME || times[i] < anchors[stay])) {
        anchors[stay] = times[i];
      }
    }
    return anchors;
  }

  /**
   * Drops the observations of a stay beyond the reach of its anchor. The earliest anchor counts, so
   * one that is known can only move back in time: what is behind its window stays behind.
   */
  void dropBehind(int anchorSource, long reachMillis, int channelSources) {
    long[] anchors = anchors(anchorSource);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      boolean drop =
          sources[i] < channelSources
              && stayOf[i] != NO_STAY
              && anchors[stayOf[i]] != NO_TIME
              && times[i] - anchors[stayOf[i]] > reachMillis;
      if (drop) {
        behind++;
      } else {
        sources[kept] = sources[i];
        stayOf[kept] = stayOf[i];
        times[kept] = times[i];
        values[kept] = values[i];
        kept++;
      }
    }
    size = kept;
  }

  void merge(SubjectRecord other) {
    int[] renamed = new int[other.stays.size()];
    for (int i = 0; i < renamed.length; i++) {
      renamed[i] = stay(other.stays.get(i));
    }
    other.statics.forEach(
        (stay, known) -> {
          for (int i = 0; i < known.length; i++) {
            if (!Double.isNaN(known[i])) {
              describe(stay == NO_STAY ? NO_STAY : renamed[stay], i, known[i]);
            }
          }
        });
    if (other.split != null) {
      assign(other.split);
    }
    for (int i = 0; i < unknownUnits.length; i++) {
      unknownUnits[i] += other.unknownUnits[i];
    }
    rows += other.rows;
    behind += other.behind;
    if (other.overflown) {
      overflow();
    }
    if (!overflown && size + other.size > times.length) {
      grow(Math.max(size + other.size, times.length * 2));
    }
    for (int i = 0; i < other.size; i++) {
      int stay = other.stayOf[i];
      observe(
          other.sources[i],
          stay == NO_STAY ? NO_STAY : renamed[stay],
          other.times[i],
          other.values[i]);
    }
  }

  static final class RecordCoder extends CustomCoder<SubjectRecord> {
    private static final VarIntCoder INTS = VarIntCoder.of();
    private static final ListCoder<String> NAMES = ListCoder.of(StringUtf8Coder.of());
    private static final NullableCoder<String> NAME = NullableCoder.of(StringUtf8Coder.of());
    private static final int BYTES = Short.BYTES + Integer.BYTES + Long.BYTES + Double.BYTES;

    @Override
    public void encode(SubjectRecord record, OutputStream out) throws IOException {
      INTS.encode(record.unknownUnits.length, out);
      INTS.encode(record.staticCount, out);
      NAMES.encode(record.stays, out);
      NAME.encode(record.split, out);
      INTS.encode(record.statics.size(), out);
      INTS.encode(record.size, out);
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(record.rows);
      data.writeLong(record.behind);
      data.writeBoolean(record.overflown);
      for (long count : record.unknownUnits) {
        data.writeLong(count);
      }
      for (Map.Entry<Integer, double[]> known : record.statics.entrySet()) {
        data.writeInt(known.getKey());
        for (double value : known.getValue()) {
          data.writeDouble(value);
        }
      }
      ByteBuffer bytes = ByteBuffer.allocate(record.size * BYTES);
      for (int i = 0; i < record.size; i++) {
        bytes
            .putShort(record.sources[i])
            .putInt(record.stayOf[i])
            .putLong(record.times[i])
            .putDouble(record.values[i]);
      }
      data.write(bytes.array());
    }

    @Override
    public SubjectRecord decode(InputStream in) throws IOException {
      SubjectRecord record = new SubjectRecord(INTS.decode(in), INTS.decode(in));
      NAMES.decode(in).forEach(record::stay);
      record.split = NAME.decode(in);
      int described = INTS.decode(in);
      record.size = INTS.decode(in);
      DataInputStream data = new DataInputStream(in);
      record.rows = data.readLong();
      record.behind = data.readLong();
      record.overflown = data.readBoolean();
      for (int i = 0; i < record.unknownUnits.length; i++) {
        record.unknownUnits[i] = data.readLong();
      }
      for (int d = 0; d < described; d++) {
        int stay = data.readInt();
        double[] known = new double[record.staticCount];
        for (int i = 0; i < known.length; i++) {
          known[i] = data.readDouble();
        }
        record.statics.put(stay, known);
      }
      byte[] array = new byte[record.size * BYTES];
      data.readFully(array);
      ByteBuffer bytes = ByteBuffer.wrap(array);
      record.grow(Math.max(CAPACITY, record.size));
      for (int i = 0; i < record.size; i++) {
        record.sources[i] = bytes.getShort();
        record.stayOf[i] = bytes.getInt();
        record.times[i] = bytes.getLong();
        record.values[i] = bytes.getDouble();
      }
      return record;
    }
  }
}
