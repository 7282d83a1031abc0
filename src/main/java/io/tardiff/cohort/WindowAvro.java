package io.tardiff.cohort;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Converts an {@link EhrWindow} to and from an Avro record. */
final class WindowAvro {

  static final String SCHEMA_JSON =
      """
      {"type": "record", "name": "EhrWindow", "namespace": "io.tardiff.cohort", "fields": [
        {"name": "window_id", "type": "string"},
        {"name": "subject_id", "type": "string"},
        {"name": "label", "type": "int"},
        {"name": "split", "type": "string"},
        {"name": "values", "type": {"type": "array", "items": "float"},
         "doc": "[steps, channels] row-major, clinical units, gaps filled"},
        {"name": "mask", "type": {"type": "array", "items": "boolean"},
         "doc": "[steps, channels] row-major, true where observed"},
        {"name": "statics", "type": {"type": "array", "items": "float"},
         "doc": "static covariates, NaN where unknown"}]}
      """;

  private static final Schema SCHEMA = new Schema.Parser().parse(SCHEMA_JSON);

  private WindowAvro() {}

  static GenericRecord toRecord(EhrWindow window) {
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put("window_id", window.windowId());
    record.put("subject_id", window.subjectId());
    record.put("label", window.label());
    record.put("split", window.split().label());
    record.put("values", new Floats(window.values()));
    record.put("mask", new Booleans(window.mask()));
    record.put("statics", new Floats(window.statics()));
    return record;
  }

  static EhrWindow fromRecord(GenericRecord record) {
    return new EhrWindow(
        record.get("window_id").toString(),
        record.get("subject_id").toString(),
        (Integer) record.get("label"),
        Split.of(record.get("split").toString()),
        floats(record.get("values")),
        booleans(record.get("mask")),
        floats(record.get("statics")));
  }

  private static float[] floats(Object field) {
    List<?> list = (List<?>) field;
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (Float) list.get(i);
    }
    return values;
  }

  private static boolean[] booleans(Object field) {
    List<?> list = (List<?>) field;
    boolean[] values = new boolean[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (Boolean) list.get(i);
    }
    return values;
  }

  /** A view, because Avro expects a collection and copying would cost time and memory. */
  private static final class Floats extends AbstractList<Float> implements RandomAccess {
    private final float[] values;

    Floats(float[] values) {
      this.values = values;
    }

    @Override
    public Float get(int index) {
      return values[index];
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  private static final class Booleans extends AbstractList<Boolean> implements RandomAccess {
    private final boolean[] values;

    Booleans(boolean[] values) {
      this.values = values;
    }

    @Override
    public Boolean get(int index) {
      return values[index];
    }

    @Override
    public int size() {
      return values.length;
    }
  }
}
