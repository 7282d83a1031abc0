package io.tardiff.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.io.FileSystems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroFileTest {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Row", "fields": [
                {"name": "id", "type": "long"},
                {"name": "text", "type": ["null", "string"]},
                {"name": "bytes", "type": "bytes"},
                {"name": "list", "type": {"type": "array", "items": "null"}}]}
              """);
  private static final int ROWS = 300;
  private static final byte[] SYNC = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  private static byte[] file(String codec, int textLength) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(SCHEMA))
            .setCodec(CodecFactory.fromString(codec))
            .setSyncInterval(1000)) {
      writer.create(SCHEMA, out, SYNC);
      for (long id = 0; id < ROWS; id++) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        row.put("id", id);
        row.put("text", id % 3 == 0 ? null : "x".repeat(textLength));
        row.put("bytes", java.nio.ByteBuffer.wrap(new byte[] {1, 2}));
        row.put("list", Arrays.asList(null, null));
        writer.append(row);
      }
    }
    return out.toByteArray();
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("rows.avro"), bytes);
  }

  private static List<Long> read(Path path, long from, long to) throws IOException {
    List<Long> ids = new ArrayList<>();
    try (AvroFile file = AvroFile.open(FileSystems.matchSingleFileSpec(path.toString()))) {
      file.seek(from);
      for (GenericRecord row = file.next(null, to); row != null; row = file.next(row, to)) {
        Object id = row.getSchema().getFields().isEmpty() ? null : row.get(0);
        ids.add(id instanceof Long number ? number : Long.valueOf(-1));
      }
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy", "zstandard", "bzip2"})
  void piecesContainEachRowExactlyOnce(String codec) throws IOException {
    byte[] bytes = file(codec, 20);
    Path path = write(bytes);
    assertThat(read(path, 0, Long.MAX_VALUE).size(), is(ROWS));
    for (int piece : new int[] {7, 100, 1000, 5000}) {
      List<Long> ids = new ArrayList<>();
      for (long from = 0; from < bytes.length; from += piece) {
        ids.addAll(read(path, from, from + piece));
      }
      assertThat(ids, is(java.util.stream.LongStream.range(0, ROWS).boxed().toList()));
    }
  }

  /**
   * Truncates within the header, a sync marker, a count, a size or a record, not between blocks.
   */
  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy"})
  void truncatedFileFailsAndIsNamed(String codec) throws IOException {
    byte[] bytes = file(codec, 20);
    int whole = 0;
    for (int length = 0; length < bytes.length; length++) {
      Path path = write(Arrays.copyOf(bytes, length));
      try {
        // Truncation between blocks is undetectable: Avro does not store their number.
        assertThat(read(path, 0, Long.MAX_VALUE).size(), is(lessThan(ROWS)));
        whole++;
      } catch (IOException e) {
        assertThat(
            e.getMessage(),
            allOf(
                startsWith("cannot read "),
                containsString("rows.avro"),
                containsString("damaged")));
      }
    }
    assertThat(whole, is(blocks(bytes)));
  }

  private static int blocks(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.split(new String(SYNC, StandardCharsets.ISO_8859_1), -1).length - 2;
  }

  @Test
  void flippedBitChangesAValueOrFailsAndNamesTheFile() throws IOException {
    byte[] bytes = file("null", 20);
    Random random = new Random(1);
    int errors = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Path path = write(damaged);
      try {
        read(path, 0, Long.MAX_VALUE);
      } catch (IOException e) {
        assertThat(e.getMessage(), allOf(startsWith("cannot read "), containsString("rows.avro")));
        errors++;
      }
    }
    assertThat(errors, is(greaterThan(200)));
  }

  private byte[] header() throws IOException {
    byte[] bytes = file("null", 1);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(new String(SYNC, StandardCharsets.ISO_8859_1)) + SYNC.length;
    return Arrays.copyOf(bytes, end);
  }

  private String failure(byte[] header, long... numbers) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    for (long number : numbers) {
      encoder.writeLong(number);
    }
    encoder.flush();
    Path path = write(out.toByteArray());
    return assertThrows(IOException.class, () -> read(path, 0, Long.MAX_VALUE)).getMessage();
  }

  @Test
  void lengthsAreCheckedBeforeAllocation() throws IOException {
    assertThat(
        failure(header(), 1, Integer.MAX_VALUE - 8),
        allOf(containsString("rows.avro: a block"), containsString("larger than 33554432 bytes")));
    assertThat(failure(header(), Long.MAX_VALUE, 0), containsString("a block"));
    assertThat(failure(header(), 1, -1), containsString("damaged"));
    // The length of a key in the header, then the number of entries.
    assertThat(
        failure(new byte[] {'O', 'b', 'j', 1}, 1, Integer.MAX_VALUE - 8),
        containsString("its header is larger than 4194304 bytes"));
    assertThat(
        failure(new byte[] {'O', 'b', 'j', 1}, Long.MAX_VALUE, 0, 0), containsString("damaged"));
    assertThat(failure(new byte[0]), containsString("it is not Avro or is damaged"));
  }

  private String failureOfRecord(long... numbers) throws IOException {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(record, null);
    for (long number : numbers) {
      encoder.writeLong(number);
    }
    encoder.flush();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(header());
    encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    encoder.writeLong(1);
    encoder.writeLong(record.size());
    encoder.flush();
    out.write(record.toByteArray());
    out.write(SYNC);
    Path path = write(out.toByteArray());
    return assertThrows(IOException.class, () -> read(path, 0, Long.MAX_VALUE)).getMessage();
  }

  @Test
  void valueLongerThanItsBlockIsRejected() throws IOException {
    // The id, the branch of the union, then the length of the text, the bytes or the array.
    assertThat(failureOfRecord(1, 1, Integer.MAX_VALUE - 8), containsString("rows.avro"));
    assertThat(failureOfRecord(1, 0, Integer.MAX_VALUE - 8), containsString("rows.avro"));
    assertThat(failureOfRecord(1, 0, 0, Integer.MAX_VALUE - 8), containsString("rows.avro"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"deflate", "snappy", "zstandard", "bzip2"})
  void decompressionBombIsRejected(String codec) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(SCHEMA))
            .setCodec(CodecFactory.fromString(codec))) {
      writer.create(SCHEMA, out, SYNC);
      GenericRecord row = new GenericData.Record(SCHEMA);
      row.put("id", 1L);
      row.put("text", "x".repeat(Bounds.AVRO_BLOCK_BYTES));
      row.put("bytes", java.nio.ByteBuffer.allocate(0));
      row.put("list", List.of());
      writer.append(row);
    }
    Path path = write(out.toByteArray());
    assertThat(
        assertThrows(IOException.class, () -> read(path, 0, Long.MAX_VALUE)).getMessage(),
        allOf(containsString("rows.avro: a block"), containsString("larger than 33554432 bytes")));
  }
}
