package io.tardiff.cohort;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Rows of one subject, stored as columns of primitives: 22 bytes per row. */
final class Observations {
  private static final int CAPACITY = 8;
  private static final int BYTES = Short.BYTES + Integer.BYTES + Long.BYTES + Double.BYTES;

  /** Index of the row's source, assigned by {@link SubjectFn}. */
  short[] sources = new short[CAPACITY];

  /** Index of the row's stay in the {@link SubjectRecord}, or {@link SubjectRecord#NO_STAY}. */
  int[] stays = new int[CAPACITY];

  /** Milliseconds since the epoch, or {@link SubjectRecord#NO_TIME}. */
  long[] times = new long[CAPACITY];

  double[] values = new double[CAPACITY];
  int size;

  /** Returns whether the columns have grown before and another row would make them grow again. */
  boolean isFull() {
    return size == times.length && size > CAPACITY;
  }

  void add(int source, int stay, long time, double value) {
    if (size == times.length) {
      resize(size * 2);
    }
    sources[size] = (short) source;
    stays[size] = stay;
    times[size] = time;
    values[size] = value;
    size++;
  }

  /**
   * Adds the rows of another record.
   *
   * @param renamed index in this record of each stay of the other
   */
  void addAll(Observations other, int[] renamed) {
    if (size + other.size > times.length) {
      resize(Math.max(size + other.size, times.length * 2));
    }
    for (int i = 0; i < other.size; i++) {
      int stay = other.stays[i];
      add(
          other.sources[i],
          stay == SubjectRecord.NO_STAY ? stay : renamed[stay],
          other.times[i],
          other.values[i]);
    }
  }

  /** Copies row {@code i} to row {@code kept}, to compact the rows in place. */
  void keep(int kept, int i) {
    sources[kept] = sources[i];
    stays[kept] = stays[i];
    times[kept] = times[i];
    values[kept] = values[i];
  }

  void clear() {
    size = 0;
    resize(CAPACITY);
  }

  private void resize(int capacity) {
    sources = Arrays.copyOf(sources, capacity);
    stays = Arrays.copyOf(stays, capacity);
    times = Arrays.copyOf(times, capacity);
    values = Arrays.copyOf(values, capacity);
  }

  void encode(DataOutputStream out) throws IOException {
    out.writeInt(size);
    ByteBuffer bytes = ByteBuffer.allocate(size * BYTES);
    for (int i = 0; i < size; i++) {
      bytes.putShort(sources[i]).putInt(stays[i]).putLong(times[i]).putDouble(values[i]);
    }
    out.write(bytes.array());
  }

  static Observations decode(DataInputStream in) throws IOException {
    Observations decoded = new Observations();
    decoded.size = in.readInt();
    byte[] array = new byte[decoded.size * BYTES];
    in.readFully(array);
    ByteBuffer bytes = ByteBuffer.wrap(array);
    decoded.resize(Math.max(CAPACITY, decoded.size));
    for (int i = 0; i < decoded.size; i++) {
      decoded.sources[i] = bytes.getShort();
      decoded.stays[i] = bytes.getInt();
      decoded.times[i] = bytes.getLong();
      decoded.values[i] = bytes.getDouble();
    }
    return decoded;
  }
}
