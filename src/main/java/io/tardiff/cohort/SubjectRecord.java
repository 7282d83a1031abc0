package io.tardiff.cohort;

import io.tardiff.cohort.SubjectFn.Mark;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * The data of one subject while its events are collected: static covariates, observations of the
 * cohort's channels, and the marks that delimit and label its stays.
 *
 * <p>Observations cannot be binned at once, because bins are relative to the anchor, which may
 * arrive last, and because repeated rows are only found by comparing them. When memory grows,
 * observations after the only window of their stay are dropped, so that a long stay costs little
 * more than a short one. A subject with too many rows is dropped altogether.
 */
final class SubjectRecord {
  static final long NO_TIME = Long.MIN_VALUE;

  /** Stay index of events that belong to the subject and name no stay. */
  static final int NO_STAY = -1;

  /** Marks a subject in several splits; no split has this name. */
  static final String SEVERAL_SPLITS = "";

  /** Maximum nesting: a bed in a ward in a department in a hospital. Also ends cycles. */
  private static final int MAX_DEPTH = 8;

  /** Ids of the stays, in the order of their first event. */
  final List<String> stays = new ArrayList<>();

  private final Map<String, Integer> stayIndices = new HashMap<>();

  /** {@code [statics]} per stay, including {@link #NO_STAY}. */
  final Map<Integer, double[]> statics = new HashMap<>();

  private final int staticCount;

  /** Index of the hospital stay that a stay is part of, by index of the stay. */
  final Map<Integer, Integer> hospitalStays = new HashMap<>();

  /** Published split, null if there is none, {@link #SEVERAL_SPLITS} if there are several. */
  @Nullable String split;

  /** {@code [channels]}: number of observations dropped because they lie after the window. */
  final long[] behind;

  /** Observations of channels; sources are codes of channels. */
  Observations observations = new Observations();

  /**
   * Marks, kept apart because they are few and searched for every window; sources are {@link
   * Mark}s.
   */
  Observations marks = new Observations();

  /** Number of observations of channels so far, including dropped ones. */
  long rows;

  /** Whether the subject exceeded the maximum number of observations. None are kept then. */
  boolean overflown;

  SubjectRecord(int channels, int staticCount) {
    behind = new long[channels];
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

  /**
   * Sets the published split. A subject in several splits is in none, because it would leak from
   * any.
   */
  void assign(String name) {
    split = split == null || split.equals(name) ? name : SEVERAL_SPLITS;
  }

  /**
   * Returns the outermost hospital stay that a stay is part of, or the stay itself if there is
   * none.
   */
  int hospitalStay(int stay) {
    int whole = stay;
    for (int depth = 0; depth < MAX_DEPTH && hospitalStays.containsKey(whole); depth++) {
      whole = hospitalStays.get(whole);
    }
    return whole;
  }

  /**
   * Records that a stay is part of a hospital stay. The first by id of several is kept, so that the
   * choice does not depend on order.
   */
  void isPartOf(int stay, int hospitalStay) {
    hospitalStays.merge(
        stay,
        hospitalStay,
        (one, other) -> stays.get(one).compareTo(stays.get(other)) <= 0 ? one : other);
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

  void overflow() {
    overflown = true;
    observations.clear();
    marks.clear();
  }

  /** Returns the earliest anchor of each stay, {@link #NO_TIME} if it is unknown. */
  long[] anchors() {
    long[] anchors = new long[stays.size()];
    Arrays.fill(anchors, NO_TIME);
    for (int i = 0; i < marks.size; i++) {
      int stay = marks.stays[i];
      if (marks.sources[i] == Mark.ANCHOR.ordinal()
          && stay != NO_STAY
          && marks.times[i] != NO_TIME
          && (anchors[stay] == NO_TIME || marks.times[i] < anchors[stay])) {
        anchors[stay] = marks.times[i];
      }
    }
    return anchors;
  }

  /**
   * Drops the observations that lie after the only window of their stay. The earliest anchor
   * counts, so a known anchor can only move back in time, and observations after the window stay
   * after it.
   *
   * @param channels channel of each source
   */
  void dropBehind(long reachMillis, int[] channels) {
    long[] anchors = anchors();
    int kept = 0;
    for (int i = 0; i < observations.size; i++) {
      int stay = observations.stays[i];
      if (stay != NO_STAY
          && anchors[stay] != NO_TIME
          && observations.times[i] - anchors[stay] > reachMillis) {
        behind[channels[observations.sources[i]]]++;
      } else {
        observations.keep(kept++, i);
      }
    }
    observations.size = kept;
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
    other.hospitalStays.forEach(
        (stay, hospitalStay) -> isPartOf(renamed[stay], renamed[hospitalStay]));
    if (other.split != null) {
      assign(other.split);
    }
    for (int i = 0; i < behind.length; i++) {
      behind[i] += other.behind[i];
    }
    rows += other.rows;
    if (overflown || other.overflown) {
      overflow();
      return;
    }
    observations.addAll(other.observations, renamed);
    marks.addAll(other.marks, renamed);
  }

  static final class RecordCoder extends CustomCoder<SubjectRecord> {
    private static final VarIntCoder INTS = VarIntCoder.of();
    private static final ListCoder<String> NAMES = ListCoder.of(StringUtf8Coder.of());
    private static final NullableCoder<String> NAME = NullableCoder.of(StringUtf8Coder.of());

    @Override
    public void encode(SubjectRecord record, OutputStream out) throws IOException {
      INTS.encode(record.behind.length, out);
      INTS.encode(record.staticCount, out);
      NAMES.encode(record.stays, out);
      NAME.encode(record.split, out);
      INTS.encode(record.statics.size(), out);
      INTS.encode(record.hospitalStays.size(), out);
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(record.rows);
      data.writeBoolean(record.overflown);
      for (long count : record.behind) {
        data.writeLong(count);
      }
      for (Map.Entry<Integer, double[]> known : record.statics.entrySet()) {
        data.writeInt(known.getKey());
        for (double value : known.getValue()) {
          data.writeDouble(value);
        }
      }
      for (Map.Entry<Integer, Integer> part : record.hospitalStays.entrySet()) {
        data.writeInt(part.getKey());
        data.writeInt(part.getValue());
      }
      record.observations.encode(data);
      record.marks.encode(data);
    }

    @Override
    public SubjectRecord decode(InputStream in) throws IOException {
      SubjectRecord record = new SubjectRecord(INTS.decode(in), INTS.decode(in));
      NAMES.decode(in).forEach(record::stay);
      record.split = NAME.decode(in);
      int described = INTS.decode(in);
      int parts = INTS.decode(in);
      DataInputStream data = new DataInputStream(in);
      record.rows = data.readLong();
      record.overflown = data.readBoolean();
      for (int i = 0; i < record.behind.length; i++) {
        record.behind[i] = data.readLong();
      }
      for (int d = 0; d < described; d++) {
        int stay = data.readInt();
        double[] known = new double[record.staticCount];
        for (int i = 0; i < known.length; i++) {
          known[i] = data.readDouble();
        }
        record.statics.put(stay, known);
      }
      for (int i = 0; i < parts; i++) {
        record.hospitalStays.put(data.readInt(), data.readInt());
      }
      record.observations = Observations.decode(data);
      record.marks = Observations.decode(data);
      return record;
    }
  }
}
