package io.tardiff.files.parquet;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The rows of a Parquet file on any Beam file system that can seek.
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
 * Columns are flat: lists, maps and groups are not read, as if they were not there. Names match
 * without regard to case where no column has the very name. The values are
 *
 * <ul>
 *   <li>{@link Long} for integers of any width, unsigned ones beyond its range as {@link String};
 *   <li>{@link Double} for floats and decimals: a 32-bit float is the double of its shortest
 *       decimal (36.6, not 36.59999847), which is what was measured;
 *   <li>{@link Boolean} and {@link String} (plain bytes are taken for UTF-8);
 *   <li>{@link org.joda.time.Instant} for timestamps of any precision and for Hadoop's old 96-bit
 *       ones, to the millisecond below; a timestamp without a zone is taken for UTC;
 *   <li>{@link java.time.LocalDate} for dates and {@link java.time.LocalTime} for times of day.
 * </ul>
 *
 * <h2>Memory and errors</h2>
 *
 * One row group's compressed columns are in memory, of those that are asked for, and of each a page
 * uncompressed. A file that is not Parquet, damaged, encrypted, or compressed by another codec than
 * zstd, snappy and gzip is an {@link IOException} that names it and holds none of its values.
 */
public final class ParquetRows implements Closeable {
  private final ResourceId file;
  private final ParquetFileReader reader;
  private final MessageType schema;

  private ParquetRows(ResourceId file, ParquetFileReader reader) {
    this.file = file;
    this.reader = reader;
    List<Type> flat = new ArrayList<>();
    MessageType whole = reader.getFileMetaData().getSchema();
    for (Type field : whole.getFields()) {
      if (field.isPrimitive()
          && !field.isRepetition(Type.Repetition.REPEATED)
          && Values.isReadable(field.asPrimitiveType())) {
        flat.add(field);
      }
    }
    schema = new MessageType(whole.getName(), flat);
  }

  /** Opens a file by its name. */
  public static ParquetRows open(String file) throws IOException {
    return open(FileSystems.matchNewResource(file, /* isDirectory= */ false));
  }

  /** Opens a file and reads its footer. */
  public static ParquetRows open(ResourceId file) throws IOException {
    BeamInputFile input = new BeamInputFile(file);
    try {
      return new ParquetRows(
          file,
          ParquetFileReader.open(
              input,
              ParquetReadOptions.builder(new PlainParquetConfiguration())
                  .withCodecFactory(new Codecs())
                  .build()));
    } catch (IOException e) {
      input.close();
      throw e;
    } catch (RuntimeException e) {
      input.close();
      throw new IOException("cannot read " + file + ": it is not Parquet or is damaged", e);
    }
  }

  /** Names of the columns that can be read, as the file has them. */
  public List<String> columns() {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  /** Whether a column holds whole numbers, truth values, floats, texts or times. */
  public @Nullable Class<?> type(String column) {
    int index = index(schema, column);
    return index < 0 ? null : Values.type(schema.getType(index).asPrimitiveType());
  }

  /** How many row groups there are. */
  public int rowGroups() {
    return reader.getRowGroups().size();
  }

  /** How many rows there are. */
  public long rows() {
    return reader.getRecordCount();
  }

  /**
   * The rows of one group.
   *
   * @param names columns to read; those that the file does not have are null in every row
   */
  public Group read(int group, Collection<String> names) throws IOException {
    checkArgument(group >= 0 && group < rowGroups(), "group must be of the file, was %s", group);
    Set<Integer> indices = new TreeSet<>();
    for (String name : names) {
      int index = index(schema, name);
      if (index >= 0) {
        indices.add(index);
      }
    }
    List<Type> types = indices.stream().map(schema::getType).toList();
    MessageType projection = new MessageType(schema.getName(), types);
    BlockMetaData block = reader.getRowGroups().get(group);
    if (types.isEmpty()) {
      return new Group(projection, List.of(), block.getRowCount());
    }
    try {
      reader.setRequestedSchema(projection);
      PageReadStore pages = reader.readRowGroup(group);
      ColumnReadStoreImpl columns =
          new ColumnReadStoreImpl(
              pages, new NoConverter(), projection, reader.getFileMetaData().getCreatedBy());
      List<ColumnReader> readers =
          projection.getColumns().stream().map(columns::getColumnReader).toList();
      for (ColumnReader column : readers) {
        if (column.getTotalValueCount() != block.getRowCount()) {
          throw new IOException("columns have different numbers of rows");
        }
      }
      return new Group(projection, readers, block.getRowCount());
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  private IOException damaged(RuntimeException cause) {
    return new IOException("cannot read " + file + ": it is damaged or not supported", cause);
  }

  private static int index(MessageType schema, String name) {
    if (schema.containsField(name)) {
      return schema.getFieldIndex(name);
    }
    for (int i = 0; i < schema.getFieldCount(); i++) {
      if (schema.getFieldName(i).toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** A cursor over the rows of a group. */
  public final class Group {
    private final MessageType projection;
    private final List<ColumnReader> readers;
    private final Values.Decoder[] decoders;
    private final @Nullable Object[] values;
    private long left;

    private Group(MessageType projection, List<ColumnReader> readers, long rows) {
      this.projection = projection;
      this.readers = readers;
      decoders = new Values.Decoder[readers.size()];
      for (int i = 0; i < decoders.length; i++) {
        PrimitiveType type = projection.getType(i).asPrimitiveType();
        decoders[i] = Values.decoder(type);
      }
      values = new @Nullable Object[decoders.length];
      left = rows;
    }

    /** Goes to the next row; false where there is none. */
    public boolean next() throws IOException {
      if (left == 0) {
        return false;
      }
      left--;
      try {
        for (int i = 0; i < decoders.length; i++) {
          ColumnReader column = readers.get(i);
          boolean there =
              column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel();
          values[i] = there ? decoders[i].decode(column) : null;
          column.consume();
        }
      } catch (RuntimeException e) {
        throw damaged(e);
      }
      return true;
    }

    /** Where a column is, for {@link #value(int)}; negative where the file does not have it. */
    public int index(String column) {
      return ParquetRows.index(projection, column);
    }

    /** The value of the current row, null where it is missing. */
    public @Nullable Object value(int index) {
      return index < 0 ? null : values[index];
    }

    /** The value of the current row, null where it is missing or there is no such column. */
    public @Nullable Object value(String column) {
      return value(index(column));
    }
  }
}
