package io.tardiff.files;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.auto.value.AutoValue;
import com.google.common.hash.Hashing;
import io.tardiff.progress.Progress;
import io.tardiff.progress.SharedProgress;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads and writes Avro object container files whose bytes depend only on the records.
 *
 * <p>A record's id determines its shard (by a stable hash) and its position in the shard (ascending
 * by UTF-16 code unit). The sync marker is derived from the file name, and files are not
 * compressed. The same records therefore give the same bytes on any runner, with any number of
 * workers, in any order, and if a bundle runs twice. Files are written atomically.
 *
 * <pre>{@code
 * PCollection<Shard> shards =
 *     samples.apply(
 *         "Write samples",
 *         SortedAvroShards.<SyntheticWindow>write(directory, SCHEMA_JSON)
 *             .withPrefix("samples")
 *             .withNumShards(8)
 *             .withId(sample -> SortedAvroShards.id(sample.sampleId()))
 *             .withFormat(MyRecords::toAvro));
 *
 * try (CloseableIterator<GenericRecord> records = SortedAvroShards.read(shard.getPath())) {
 *   records.forEachRemaining(...);
 * }
 * }</pre>
 *
 * <p>Files are named {@code <prefix>-00003-of-00008.avro}. A shard without records has no file.
 * Each shard is sorted in the memory of one worker: choose the number of shards so that one fits.
 */
@Internal
public final class SortedAvroShards {

  /**
   * Number of records in the header, because Avro cannot tell a truncated file from a complete one.
   */
  private static final String COUNT = "io.tardiff.count";

  private SortedAvroShards() {}

  /**
   * Writes records to {@code directory}.
   *
   * @param schema Avro schema of the records, as JSON
   */
  public static <T> Write<T> write(String directory, String schema) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new AutoValue_SortedAvroShards_Write.Builder<T>()
        .setDirectory(directory)
        .setSchema(record -> schema)
        .setPrefix(record -> "part")
        .setNumShards(8)
        .build();
  }

  /**
   * Writes one file, of records in the order given, that can be read like the others.
   *
   * @param name name of the file, which decides its sync marker
   */
  public static <T> void write(
      OutputStream out,
      String name,
      Schema schema,
      List<T> records,
      SerializableFunction<T, GenericRecord> format)
      throws IOException {
    byte[] sync = Hashing.murmur3_128().hashString(name, UTF_8).asBytes();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))) {
      writer.setMeta(COUNT, records.size());
      writer.create(schema, out, sync);
      for (T record : records) {
        writer.append(format.apply(record));
      }
    }
  }

  /** Formats a number as an id that sorts like the number. */
  public static String id(long number) {
    checkArgument(number >= 0, "number must not be negative, was %s", number);
    return String.format(Locale.ROOT, "%019d", number);
  }

  /**
   * Streams the records of a file in id order.
   *
   * @throws java.io.UncheckedIOException if the file is missing, corrupt or truncated (a {@link
   *     DamagedFileException}); at the latest when its end is reached
   */
  public static CloseableIterator<GenericRecord> read(String path) {
    return new Reader(path, () -> AtomicFile.open(path));
  }

  /**
   * Streams what the records of a file of an artefact hold, in id order, checked against its
   * manifest.
   *
   * @param parse throws an {@link IllegalArgumentException} that says what is wrong with a record
   * @throws DamagedFileException if the file is damaged; thrown at its end at the latest
   */
  public static <T> CloseableIterator<T> read(
      ArtefactDirectory directory, String file, Function<GenericRecord, T> parse) {
    return map(new Reader(directory.resolve(file), () -> directory.open(file)), parse);
  }

  /**
   * The same of a file that must hold a number of records.
   *
   * @param declared what another file says that it holds
   */
  public static <T> CloseableIterator<T> read(
      ArtefactDirectory directory, String file, long declared, Function<GenericRecord, T> parse) {
    Reader reader = new Reader(directory.resolve(file), () -> directory.open(file));
    if (reader.expected != declared) {
      DamagedFileException damaged =
          DamagedFileException.damaged(
              reader.path,
              String.format(
                  "it holds %d records, %d are declared in %s",
                  reader.expected, declared, directory.main()));
      Reader.closeQuietly(reader.file, damaged);
      throw damaged;
    }
    return map(reader, parse);
  }

  private static <T> CloseableIterator<T> map(Reader reader, Function<GenericRecord, T> parse) {
    String path = reader.path;
    return reader.map(
        record -> {
          try {
            return parse.apply(record);
          } catch (IllegalArgumentException e) {
            throw DamagedFileException.damaged(
                path, "record " + reader.count + ": " + e.getMessage(), e);
          } catch (RuntimeException e) {
            throw DamagedFileException.damaged(
                path, "record " + reader.count + " has not the form that it must have", e);
          }
        });
  }

  /**
   * Returns the number of records that the header of a file declares.
   *
   * @throws java.io.UncheckedIOException if the file is missing or declares no number, naming it
   */
  public static long count(String path) {
    try (Reader reader = new Reader(path, () -> AtomicFile.open(path))) {
      return reader.expected;
    }
  }

  /** Writes a collection to sorted shards; see {@link SortedAvroShards}. */
  @AutoValue
  public abstract static class Write<T> extends PTransform<PCollection<T>, PCollection<Shard>> {
    abstract String directory();

    abstract SerializableFunction<T, String> schema();

    abstract SerializableFunction<T, String> prefix();

    abstract int numShards();

    abstract @Nullable SerializableFunction<T, String> id();

    abstract @Nullable SerializableFunction<T, GenericRecord> format();

    abstract Builder<T> toBuilder();

    @AutoValue.Builder
    abstract static class Builder<T> {
      abstract Builder<T> setDirectory(String directory);

      abstract Builder<T> setSchema(SerializableFunction<T, String> schema);

      abstract Builder<T> setPrefix(SerializableFunction<T, String> prefix);

      abstract Builder<T> setNumShards(int numShards);

      abstract Builder<T> setId(SerializableFunction<T, String> id);

      abstract Builder<T> setFormat(SerializableFunction<T, GenericRecord> format);

      abstract Write<T> build();
    }

    /** Sets the first part of the file names. Default: {@code part}. */
    public Write<T> withPrefix(String prefix) {
      checkArgument(!prefix.isEmpty(), "prefix must not be empty");
      return withPrefix(record -> prefix);
    }

    /**
     * Sets the first part of the file name per record, so that one shuffle can write several sets.
     */
    public Write<T> withPrefix(SerializableFunction<T, String> prefix) {
      return toBuilder().setPrefix(prefix).build();
    }

    /**
     * Sets the Avro schema per record, as JSON, so that one shuffle can write files of several
     * forms. The records of a file must have the same schema.
     */
    public Write<T> withSchema(SerializableFunction<T, String> schema) {
      return toBuilder().setSchema(schema).build();
    }

    /** Sets the number of files per prefix. Default: 8. */
    public Write<T> withNumShards(int numShards) {
      checkArgument(
          numShards >= 1 && numShards <= 99_999,
          "numShards must be from 1 to 99999, was %s",
          numShards);
      return toBuilder().setNumShards(numShards).build();
    }

    /** Required: sets the id of a record, unique within the collection. */
    public Write<T> withId(SerializableFunction<T, String> id) {
      return toBuilder().setId(id).build();
    }

    /** Required: sets the conversion to an Avro record. */
    public Write<T> withFormat(SerializableFunction<T, GenericRecord> format) {
      return toBuilder().setFormat(format).build();
    }

    @Override
    public PCollection<Shard> expand(PCollection<T> input) {
      checkArgument(id() != null, "withId must be called: it determines shard and order");
      checkArgument(format() != null, "withFormat must be called: it creates the Avro record");
      int numShards = numShards();
      SerializableFunction<T, String> id = id();
      SerializableFunction<T, String> prefix = prefix();
      return input
          .apply(
              "By shard",
              WithKeys.of((T record) -> fileName(prefix.apply(record), id.apply(record), numShards))
                  .withKeyType(TypeDescriptors.strings()))
          .setCoder(KvCoder.of(StringUtf8Coder.of(), input.getCoder()))
          .apply("Gather shard", GroupByKey.create())
          .apply("Write shard", ParDo.of(new WriteFn<>(this)));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder.add(DisplayData.item("numShards", numShards()).withLabel("Files per prefix"));
    }
  }

  private static String fileName(String prefix, String id, int numShards) {
    int shard = Math.floorMod(Hashing.murmur3_32_fixed().hashString(id, UTF_8).asInt(), numShards);
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.avro", prefix, shard, numShards);
  }

  private static final class WriteFn<T> extends DoFn<KV<String, Iterable<T>>, Shard> {
    private final Counter written = Metrics.counter("tardiff.files", "recordsWritten");
    private final String directory;
    private final SerializableFunction<T, String> schema;
    private final SerializableFunction<T, String> id;
    private final SerializableFunction<T, GenericRecord> format;
    private transient @Nullable SharedProgress progress;

    WriteFn(Write<T> spec) {
      directory = spec.directory();
      schema = spec.schema();
      id = spec.id();
      format = spec.format();
    }

    @Setup
    public void setUp() {
      progress = SharedProgress.start(directory, "Writing files", 0, "records");
    }

    @Teardown
    public void tearDown() {
      if (progress != null) {
        progress.close();
        progress = null;
      }
    }

    @ProcessElement
    public void process(@Element KV<String, Iterable<T>> shard, OutputReceiver<Shard> output)
        throws IOException {
      try (Progress.Working writing = progress.working(shard.getKey())) {
        output.output(write(shard));
      }
    }

    private Shard write(KV<String, Iterable<T>> shard) throws IOException {
      List<T> records = new ArrayList<>();
      shard.getValue().forEach(records::add);
      records.sort(Comparator.comparing(id::apply));
      String path = AtomicFile.resolve(directory, shard.getKey());
      String json = schema.apply(records.get(0));
      // Avro drops fields that the schema of a file does not have.
      checkState(
          records.stream().allMatch(record -> schema.apply(record).equals(json)),
          "the records of %s must have one schema, had several",
          shard.getKey());
      Schema parsed = new Schema.Parser().parse(json);
      Manifest.Entry stored =
          Manifest.Entry.write(
              path, out -> SortedAvroShards.write(out, shard.getKey(), parsed, records, format));
      written.inc(records.size());
      progress.advance(records.size());
      return Shard.of(path, records.size(), stored);
    }
  }

  @FunctionalInterface
  private interface Opening {
    InputStream open() throws IOException;
  }

  private static final class Reader implements CloseableIterator<GenericRecord> {
    private final String path;
    private final AvroFile file;
    private final long expected;
    private long count;

    /** The next record; null until it is looked for, and at the end. */
    private @Nullable GenericRecord next;

    Reader(String path, Opening opening) {
      this.path = path;
      InputStream in = open(path, opening);
      try {
        file = AvroFile.open(path, in);
        expected =
            file.metadata(COUNT)
                .map(Long::valueOf)
                .orElseThrow(() -> new IOException("no " + COUNT + " in the header"));
      } catch (IOException | RuntimeException e) {
        closeQuietly(in, e);
        throw corrupt(e);
      }
    }

    /** A file that cannot be opened now need not be damaged. */
    private static InputStream open(String path, Opening opening) {
      try {
        return opening.open();
      } catch (FileNotFoundException e) {
        throw new UncheckedIOException("no such file: " + path, e);
      } catch (IOException e) {
        String reason = String.valueOf(e.getMessage());
        throw new UncheckedIOException(
            reason.contains(path) ? reason : "cannot read " + path + ": " + reason, e);
      }
    }

    private static void closeQuietly(Closeable in, Exception cause) {
      try {
        in.close();
      } catch (IOException | DamagedFileException e) {
        cause.addSuppressed(e);
      }
    }

    private DamagedFileException corrupt(Exception cause) {
      if (cause instanceof DamagedFileException damaged) {
        return damaged;
      }
      return DamagedFileException.damaged(
          path,
          "it is not a complete Avro file (corrupt or truncated after " + count + " records)",
          cause);
    }

    @Override
    public boolean hasNext() {
      if (next == null) {
        try {
          next = file.next(/* old= */ null, /* to= */ Long.MAX_VALUE);
        } catch (IOException | DamagedFileException e) {
          throw corrupt(e);
        }
        if (next == null && count != expected) {
          throw corrupt(new EOFException("expected " + expected + " records"));
        }
      }
      return next != null;
    }

    @Override
    public GenericRecord next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      GenericRecord record = next;
      next = null;
      count++;
      return record;
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
