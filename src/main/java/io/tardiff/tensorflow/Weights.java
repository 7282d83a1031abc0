package io.tardiff.tensorflow;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/**
 * The weights of a network: an immutable map from names to shapes and values.
 *
 * <p>Weights are stored as an Avro object container file with one record per weight ({@code name},
 * {@code shape}, {@code values} as little-endian float32 bytes). A round trip is exact, and any
 * Avro library can read the file.
 */
public final class Weights {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Weight", "namespace": "io.tardiff.tensorflow", "fields": [
                {"name": "name", "type": "string"},
                {"name": "shape", "type": {"type": "array", "items": "long"}},
                {"name": "values", "type": "bytes", "doc": "float32, little-endian, row-major"}]}
              """);

  /** Metadata key of the number of weights in a file. */
  private static final String COUNT = "tardiff.weights";

  /** Most values of a weight: bounds what a corrupt length can make {@link #read} allocate. */
  private static final long MAX_VALUES = 1L << 28;

  /** One named tensor. */
  public record Weight(String name, long[] shape, float[] values) {
    public Weight {
      long size = 1;
      for (long dimension : shape) {
        checkArgument(dimension >= 0, "shape of %s must not be negative", name);
        size = Math.multiplyExact(size, dimension);
      }
      checkArgument(
          size == values.length,
          "values of %s must hold %s numbers for shape %s, were %s",
          name,
          size,
          Arrays.toString(shape),
          values.length);
    }
  }

  private final Map<String, Weight> byName;

  /** Prefix of messages that names the file, if known. */
  private final String origin;

  private Weights(Map<String, Weight> byName, String origin) {
    this.byName = byName;
    this.origin = origin;
  }

  public static Weights of(Collection<Weight> weights) {
    Map<String, Weight> byName = new LinkedHashMap<>();
    for (Weight weight : weights) {
      checkArgument(
          byName.put(weight.name(), weight) == null, "duplicate weight %s", weight.name());
    }
    return new Weights(byName, "");
  }

  /**
   * Returns the weight with the given name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Weight get(String name) {
    Weight weight = byName.get(name);
    checkArgument(
        weight != null, "%sthere is no weight %s, only %s", origin, name, byName.keySet());
    return weight;
  }

  /** Returns the weight with the given name; throws if its shape is not the given one. */
  Weight get(String name, long[] shape) {
    Weight weight = get(name);
    checkArgument(
        Arrays.equals(weight.shape(), shape),
        "%sweight %s must be of shape %s, was %s",
        origin,
        name,
        Arrays.toString(shape),
        Arrays.toString(weight.shape()));
    return weight;
  }

  /** Returns the same weights, with the file named in error messages. */
  public Weights from(String file) {
    return new Weights(byName, file + " does not fit its network: ");
  }

  /**
   * Checks that all values are finite.
   *
   * @throws IllegalArgumentException if one is not; the message names the weight
   */
  public void checkFinite() {
    for (Weight weight : byName.values()) {
      for (float value : weight.values()) {
        checkArgument(
            Float.isFinite(value),
            "weight %s must hold finite numbers only, held %s",
            weight.name(),
            value);
      }
    }
  }

  public Collection<Weight> all() {
    return byName.values();
  }

  /** Returns the total number of values. */
  public long size() {
    return byName.values().stream().mapToLong(w -> w.values().length).sum();
  }

  /** Returns the union of these weights and others; names must be distinct. */
  public Weights plus(Weights others) {
    List<Weight> all = new ArrayList<>(byName.values());
    all.addAll(others.all());
    return of(all);
  }

  /** Writes an Avro object container file; the same weights always give the same bytes. */
  public void write(OutputStream out) throws IOException {
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA))) {
      writer.setMeta(COUNT, byName.size());
      writer.create(SCHEMA, out, new byte[16]);
      for (Weight weight : byName.values()) {
        ByteBuffer bytes =
            ByteBuffer.allocate(weight.values().length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(weight.values());
        GenericRecord weightRecord = new GenericData.Record(SCHEMA);
        weightRecord.put("name", weight.name());
        weightRecord.put("shape", Arrays.stream(weight.shape()).boxed().toList());
        weightRecord.put("values", bytes);
        writer.append(weightRecord);
      }
    }
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws IOException if it is damaged or another kind of file
   */
  public static Weights read(InputStream in) throws IOException {
    List<Weight> weights = new ArrayList<>();
    try (DataFileStream<GenericRecord> reader =
        new DataFileStream<>(in, new GenericDatumReader<>(null, SCHEMA))) {
      while (reader.hasNext()) {
        GenericRecord weightRecord = reader.next();
        ByteBuffer bytes = (ByteBuffer) weightRecord.get("values");
        long[] shape =
            ((List<?>) weightRecord.get("shape")).stream().mapToLong(d -> (Long) d).toArray();
        checkArgument(bytes.remaining() <= MAX_VALUES * Float.BYTES, "weight is too large");
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        weights.add(new Weight(weightRecord.get("name").toString(), shape, values));
      }
      // Avro mistakes the end of a truncated file for the end of the records.
      checkArgument(
          reader.getMeta(COUNT) != null && reader.getMetaLong(COUNT) == weights.size(),
          "it is truncated after %s weights",
          weights.size());
      return of(weights);
    } catch (RuntimeException e) {
      throw new IOException("not a readable file of weights: " + e.getMessage(), e);
    }
  }
}
