package io.tardiff.cohort;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;

/**
 * What is known of one stay while its events are gathered: the admission, the outcome, the static
 * covariates and the observations of the cohort's own channels, 18 bytes each.
 *
 * <p>Observations are kept, not binned at once, because bins count from the admission, which may be
 * the last event to arrive. What lies behind the window is dropped as soon as an admission is
 * known, so a long stay costs no more than a short one.
 */
final class StayRecord {
  static final long NO_ADMISSION = Long.MAX_VALUE;

  String subjectId = "";
  long admission = NO_ADMISSION;

  /** NaN where there is none. */
  double outcome = Double.NaN;

  final double[] statics;

  /** Which source of which channel: an index into {@link StayFn#sources}. */
  short[] sources = new short[8];

  long[] times = new long[8];
  double[] values = new double[8];
  int size;

  /** Observations dropped because they lie behind the window. */
  long behind;

  StayRecord(int statics) {
    this.statics = new double[statics];
    Arrays.fill(this.statics, Double.NaN);
  }

  void admit(long time, long windowMillis) {
    if (time < admission) {
      admission = time;
      dropBehind(windowMillis);
    }
  }

  void conclude(double value) {
    outcome = Double.isNaN(outcome) ? value : Math.max(outcome, value);
  }

  void describe(int index, double value) {
    statics[index] = Double.isNaN(statics[index]) ? value : Math.min(statics[index], value);
  }

  void observe(int source, long time, double value, long windowMillis) {
    if (isBehind(time, windowMillis)) {
      behind++;
      return;
    }
    if (size == times.length) {
      int capacity = size * 2;
      sources = Arrays.copyOf(sources, capacity);
      times = Arrays.copyOf(times, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    sources[size] = (short) source;
    times[size] = time;
    values[size] = value;
    size++;
  }

  void merge(StayRecord other, long windowMillis) {
    if (subjectId.isEmpty()) {
      subjectId = other.subjectId;
    }
    admit(other.admission, windowMillis);
    if (!Double.isNaN(other.outcome)) {
      conclude(other.outcome);
    }
    for (int i = 0; i < statics.length; i++) {
      if (!Double.isNaN(other.statics[i])) {
        describe(i, other.statics[i]);
      }
    }
    behind += other.behind;
    for (int i = 0; i < other.size; i++) {
      observe(other.sources[i], other.times[i], other.values[i], windowMillis);
    }
  }

  /**
   * The earliest admission counts, so one that is known can only move forward in time: what is
   * behind its window stays behind.
   */
  private boolean isBehind(long time, long windowMillis) {
    return admission != NO_ADMISSION && time - admission > windowMillis;
  }

  private void dropBehind(long windowMillis) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (isBehind(times[i], windowMillis)) {
        behind++;
      } else {
        sources[kept] = sources[i];
        times[kept] = times[i];
        values[kept] = values[i];
        kept++;
      }
    }
    size = kept;
  }

  static final class RecordCoder extends CustomCoder<StayRecord> {
    private static final int BYTES = Short.BYTES + Long.BYTES + Double.BYTES;

    @Override
    public void encode(StayRecord record, OutputStream out) throws IOException {
      StringUtf8Coder.of().encode(record.subjectId, out);
      VarIntCoder.of().encode(record.statics.length, out);
      VarIntCoder.of().encode(record.size, out);
      ByteBuffer bytes =
          ByteBuffer.allocate(
              3 * Long.BYTES + record.statics.length * Double.BYTES + record.size * BYTES);
      bytes.putLong(record.admission).putDouble(record.outcome).putLong(record.behind);
      for (double value : record.statics) {
        bytes.putDouble(value);
      }
      for (int i = 0; i < record.size; i++) {
        bytes.putShort(record.sources[i]).putLong(record.times[i]).putDouble(record.values[i]);
      }
      new DataOutputStream(out).write(bytes.array());
    }

    @Override
    public StayRecord decode(InputStream in) throws IOException {
      String subjectId = StringUtf8Coder.of().decode(in);
      StayRecord record = new StayRecord(VarIntCoder.of().decode(in));
      record.subjectId = subjectId;
      record.size = VarIntCoder.of().decode(in);
      byte[] array =
          new byte[3 * Long.BYTES + record.statics.length * Double.BYTES + record.size * BYTES];
      new DataInputStream(in).readFully(array);
      ByteBuffer bytes = ByteBuffer.wrap(array);
      record.admission = bytes.getLong();
      record.outcome = bytes.getDouble();
      record.behind = bytes.getLong();
      for (int i = 0; i < record.statics.length; i++) {
        record.statics[i] = bytes.getDouble();
      }
      int capacity = Math.max(8, record.size);
      record.sources = new short[capacity];
      record.times = new long[capacity];
      record.values = new double[capacity];
      for (int i = 0; i < record.size; i++) {
        record.sources[i] = bytes.getShort();
        record.times[i] = bytes.getLong();
        record.values[i] = bytes.getDouble();
      }
      return record;
    }
  }
}
