package io.tardiff.files.parquet;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Throwables;
import io.tardiff.files.Bounds;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the rows of a Parquet file on any Beam file system that supports seeking.
 *
 * <pre>{@code
 * try (ParquetRows file = ParquetRows.open("gs://bucket/data/train/0.parquet")) {
 *   for (int group = 0; group < file.rowGroups(); group++) {
 *     ParquetRows.Group rows = file.read(group, Set.of("subject_id", "time", "code"));
 *     while (rows.next()) {
 *       Long subject = (Long) rows.value("subject_id");
 *       Instant time = (Instant) rows.value("time");
 *     }
 *   }
 * }
 * }</pre>
 *
 * <h2>Columns and types</h2>
 *
 * Columns are flat: requesting a list, map, group or non-text binary column throws an {@link
 * IOException}. Names match exactly or else ignoring case; a name that then matches several columns
 * is rejected. The values are
 *
 * <ul>
 *   <li>{@link Long} for integers of any width, {@link String} for unsigned ones beyond its range;
 *   <li>{@link Long} for decimals of scale 0 or less, {@link String} beyond its range;
 *   <li>{@link Double} for floats and other decimals. A 32-bit float becomes the double of its
 *       shortest decimal form (36.6, not 36.59999847), which is the value measured;
 *   <li>{@link Boolean} for booleans, and {@link String} for text, which must be UTF-8, and UUIDs,
 *       in hexadecimal digits;
 *   <li>{@link org.joda.time.Instant} for timestamps of any precision and the old 96-bit ones,
 *       rounded down to milliseconds. Timestamps without a zone are taken as UTC;
 *   <li>{@link java.time.LocalDate} for dates and {@link java.time.LocalTime} for times of day;
 *   <li>{@link java.time.Duration} for Arrow's durations, whose unit is in the file's metadata.
 * </ul>
 *
 * <h2>Memory and errors</h2>
 *
 * The compressed requested columns of one row group are in memory, with one uncompressed page of
 * each. A file that is not Parquet, damaged, encrypted or compressed with another codec than zstd,
 * snappy, gzip and LZ4 throws an {@link IOException} that names the file, and the column if known,
 * but none of its values.
 */
public final class ParquetRows implements Closeable {
  private final ResourceId file;
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final long length;

  /** Units of the columns of durations, by name. */
  private final Map<String, ChronoUnit> durations = new HashMap<>();

  /** Types of the columns that cannot be read, by name. */
  private final Map<String, String> unreadable = new LinkedHashMap<>();

  private ParquetRows(ResourceId file, ParquetFileReader reader, long length) {
    this.file = file;
    this.length = length;
    this.reader = reader;
    List<Type> flat = new ArrayList<>();
    MessageType whole = reader.getFileMetaData().getSchema();
    for (Type field : whole.getFields()) {
      if (field.isPrimitive()
          && !field.isRepetition(Type.Repetition.REPEATED)
          && Values.isReadable(field.asPrimitiveType())) {
        flat.add(field);
      } else {
        unreadable.put(
            field.getName(),
            !field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)
                ? "a list, a map or a group"
                : String.valueOf(field.asPrimitiveType()));
      }
    }
    schema = new MessageType(whole.getName(), flat);
    Map<String, ChronoUnit> units =
        ArrowSchema.durations(reader.getFileMetaData().getKeyValueMetaData().get(ArrowSchema.KEY));
    for (Type field : flat) {
      if (units.containsKey(field.getName()) && Values.mayBeDuration(field.asPrimitiveType())) {
        durations.put(field.getName(), units.get(field.getName()));
      }
    }
  }

  /** Opens a file by name. */
  public static ParquetRows open(String file) throws IOException {
    return open(FileSystems.matchNewResource(file, /* isDirectory= */ false));
  }

  /** Opens a file and reads its footer. */
  public static ParquetRows open(ResourceId file) throws IOException {
    BeamInputFile input = new BeamInputFile(file);
    try {
      input.checkFooter();
      ParquetFileReader reader =
          ParquetFileReader.open(
              input,
              ParquetReadOptions.builder(new PlainParquetConfiguration())
                  .withCodecFactory(new Codecs())
                  // A damaged page may decode without an error, to wrong values.
                  .usePageChecksumVerification()
                  .build());
      try {
        return new ParquetRows(file, reader, input.getLength());
      } catch (RuntimeException e) {
        reader.close();
        throw e;
      }
    } catch (IOException e) {
      input.close();
      throw String.valueOf(e.getMessage()).contains(file.toString())
          ? e
          : new IOException("cannot read " + file + ": it is not Parquet or is damaged", e);
    } catch (RuntimeException | StackOverflowError e) {
      input.close();
      throw new IOException("cannot read " + file + ": it is not Parquet or is damaged", e);
    }
  }

  /** Returns the names of the readable columns, as spelt in the file. */
  public List<String> columns() {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  /** Returns the Java type of a column's values, or null if the file has no such column. */
  public @Nullable Class<?> type(String column) {
    int index = index(schema, column);
    if (index < 0) {
      return null;
    }
    return durations.containsKey(schema.getFieldName(index))
        ? Duration.class
        : Values.type(schema.getType(index).asPrimitiveType());
  }

  /**
   * Whether a column has no value at all; its type is then arbitrary. Groups are read only if they
   * have no statistics of the column, as those of pandas.
   */
  public boolean isEmpty(String column) throws IOException {
    int index = index(schema, column);
    if (index < 0) {
      return true;
    }
    String name = schema.getFieldName(index);
    for (int i = 0; i < rowGroups(); i++) {
      if (mayHaveValue(reader.getRowGroups().get(i), name)) {
        Group group = read(i, List.of(name));
        while (group.next()) {
          if (group.value(0) != null) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static boolean mayHaveValue(BlockMetaData block, String name) {
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      Statistics<?> statistics = chunk.getStatistics();
      if (chunk.getPath().toArray()[0].equals(name)
          && (statistics == null
              || !statistics.isNumNullsSet()
              || statistics.getNumNulls() < chunk.getValueCount())) {
        return true;
      }
    }
    return false;
  }

  /** Returns the number of row groups. */
  public int rowGroups() {
    return reader.getRowGroups().size();
  }

  /** Returns the number of rows. */
  public long rows() {
    return reader.getRecordCount();
  }

  /**
   * Reads the rows of a row group.
   *
   * @param names columns to read; a column that the file does not have is null in every row
   */
  public Group read(int group, Collection<String> names) throws IOException {
    checkArgument(
        group >= 0 && group < rowGroups(),
        "group must be from 0 to %s, was %s",
        rowGroups() - 1,
        group);
    Set<Integer> indices = new TreeSet<>();
    for (String name : names) {
      int index = index(schema, name);
      if (index >= 0) {
        indices.add(index);
      } else {
        checkReadable(name);
      }
    }
    List<Type> types = indices.stream().map(schema::getType).toList();
    MessageType projection = new MessageType(schema.getName(), types);
    BlockMetaData block = reader.getRowGroups().get(group);
    checkSize(block, projection);
    Set<String> empty = emptyColumns(block, projection);
    List<Type> filled = types.stream().filter(type -> !empty.contains(type.getName())).toList();
    if (filled.isEmpty()) {
      return new Group(projection, Collections.nCopies(types.size(), null), block.getRowCount());
    }
    MessageType requested = new MessageType(schema.getName(), filled);
    PageReadStore pages;
    try {
      reader.setRequestedSchema(requested);
      pages = reader.readRowGroup(group);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw damaged("it", e);
    }
    Map<String, ColumnReader> readers = new HashMap<>();
    for (ColumnDescriptor column : requested.getColumns()) {
      String name = column.getPath()[0];
      try {
        ColumnReader values =
            new ColumnReadStoreImpl(
                    pages, new NoConverter(), requested, reader.getFileMetaData().getCreatedBy())
                .getColumnReader(column);
        if (values.getTotalValueCount() != block.getRowCount()) {
          throw new IOException(
              "cannot read " + file + ": column " + name + " has a different number of rows");
        }
        readers.put(name, values);
      } catch (RuntimeException e) {
        throw damaged("column " + name, e);
      }
    }
    List<@Nullable ColumnReader> inOrder = new ArrayList<>();
    types.forEach(type -> inOrder.add(readers.get(type.getName())));
    return new Group(projection, inOrder, block.getRowCount());
  }

  /** Fails where a group claims what it cannot have, before any of it is read. */
  private void checkSize(BlockMetaData block, MessageType projection) throws IOException {
    long rows = block.getRowCount();
    check(
        rows >= 0 && rows <= Bounds.PARQUET_ROW_GROUP_ROWS,
        "a row group has more than " + Bounds.PARQUET_ROW_GROUP_ROWS + " rows");
    long bytes = 0;
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      if (projection.containsField(chunk.getPath().toArray()[0])) {
        long size = chunk.getTotalSize();
        check(
            size >= 0 && chunk.getStartingPos() >= 0 && size <= length - chunk.getStartingPos(),
            "a row group is larger than the file");
        bytes += size;
        check(
            bytes <= Bounds.PARQUET_ROW_GROUP_BYTES,
            "a row group has more than "
                + Bounds.PARQUET_ROW_GROUP_BYTES
                + " bytes in the columns that are read; write smaller ones");
      }
    }
  }

  private void check(boolean ok, String problem) throws IOException {
    if (!ok) {
      throw new IOException("cannot read " + file + ": " + problem);
    }
  }

  /**
   * Returns the columns of a group that hold only nulls, for which some writers omit the pages that
   * a reader expects. Throws if another column has an unsupported codec.
   */
  private Set<String> emptyColumns(BlockMetaData block, MessageType projection) throws IOException {
    Set<String> empty = new HashSet<>();
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      String name = chunk.getPath().toArray()[0];
      if (!projection.containsField(name)) {
        continue;
      }
      Statistics<?> statistics = chunk.getStatistics();
      if (statistics != null
          && statistics.isNumNullsSet()
          && statistics.getNumNulls() == chunk.getValueCount()
          && chunk.getValueCount() == block.getRowCount()
          && !projection.getType(name).isRepetition(Type.Repetition.REQUIRED)) {
        empty.add(name);
      } else if (!Codecs.isSupported(chunk.getCodec())) {
        throw new IOException(
            "cannot read "
                + file
                + ": column "
                + name
                + " is compressed with "
                + chunk.getCodec()
                + "; zstd, snappy, gzip and lz4 are supported");
      }
    }
    return empty;
  }

  /** Throws if the file has the column but it cannot be read. */
  public void checkReadable(String name) throws IOException {
    for (Map.Entry<String, String> column : unreadable.entrySet()) {
      if (column.getKey().equalsIgnoreCase(name)) {
        throw new IOException(
            "cannot read "
                + file
                + ": column "
                + column.getKey()
                + " is "
                + column.getValue()
                + ", which is not a plain value");
      }
    }
  }

  private IOException damaged(String what, Throwable cause) {
    Throwable root = Throwables.getRootCause(cause);
    return new IOException(
        "cannot read "
            + file
            + ": "
            + what
            + (root instanceof Values.NotTextException
                ? " cannot be read: " + root.getMessage()
                : " is damaged or not supported"),
        cause);
  }

  private static int index(MessageType schema, String name) {
    if (schema.containsField(name)) {
      return schema.getFieldIndex(name);
    }
    int found = -1;
    for (int i = 0; i < schema.getFieldCount(); i++) {
      if (schema.getFieldName(i).toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        checkArgument(
            found < 0,
            "column %s is ambiguous: the file has %s and %s",
            name,
            found < 0 ? "" : schema.getFieldName(found),
            schema.getFieldName(i));
        found = i;
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** A cursor over the rows of a group. */
  public final class Group {
    private final MessageType projection;

    /** Null for a column that holds only nulls. */
    private final List<@Nullable ColumnReader> readers;

    private final Values.Decoder[] decoders;
    private final @Nullable Object[] values;
    private long left;

    private Group(MessageType projection, List<@Nullable ColumnReader> readers, long rows) {
      this.projection = projection;
      this.readers = readers;
      decoders = new Values.Decoder[readers.size()];
      for (int i = 0; i < decoders.length; i++) {
        PrimitiveType type = projection.getType(i).asPrimitiveType();
        ChronoUnit unit = durations.get(type.getName());
        decoders[i] = unit == null ? Values.decoder(type) : Values.durations(unit);
      }
      values = new @Nullable Object[decoders.length];
      left = rows;
    }

    /** Advances to the next row; returns false if there is none. */
    public boolean next() throws IOException {
      if (left == 0) {
        return false;
      }
      left--;
      for (int i = 0; i < decoders.length; i++) {
        ColumnReader column = readers.get(i);
        if (column == null) {
          continue;
        }
        try {
          boolean there =
              column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel();
          values[i] = there ? decoders[i].decode(column) : null;
          column.consume();
        } catch (RuntimeException e) {
          throw damaged("column " + projection.getFieldName(i), e);
        }
      }
      return true;
    }

    /**
     * Returns the index of a column for {@link #value(int)}; negative if the file does not have it.
     */
    public int index(String column) {
      return ParquetRows.index(projection, column);
    }

    /** Returns a value of the current row, or null if it is missing or the index is negative. */
    public @Nullable Object value(int index) {
      return index < 0 ? null : values[index];
    }

    /** Returns a value of the current row, or null if it is missing or there is no such column. */
    public @Nullable Object value(String column) {
      return value(index(column));
    }
  }
}
