package io.tardiff.files.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.files.Bounds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.NullType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Types;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetRowsTest {
  private static final MessageType NUMBERS =
      Types.buildMessage().required(INT64).named("n").named("schema");

  @TempDir Path directory;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private String refused(Path file) {
    return assertThrows(
            IOException.class,
            () -> {
              try (ParquetRows rows = ParquetRows.open(file.toString())) {
                ParquetRows.Group group = rows.read(0, rows.columns());
                while (group.next()) {
                  // Reads on.
                }
              }
            })
        .getMessage();
  }

  private Path texts(String name, int rows, Supplier<String> text) throws IOException {
    Path file = directory.resolve(name);
    MessageType schema =
        Types.buildMessage()
            .required(BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("text")
            .named("schema");
    try (ParquetOutput out =
        new ParquetOutput(Channels.newChannel(Files.newOutputStream(file)), schema)) {
      for (int i = 0; i < rows; i++) {
        out.write(text.get());
      }
    }
    return file;
  }

  @Test
  void aFooterThatIsLargerThanItsBoundIsRefused() throws Exception {
    Path file = directory.resolve("footer.parquet");
    ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(Bounds.PARQUET_FOOTER_BYTES + 1).put("PAR1".getBytes(UTF_8)).flip();
    // Sparse: as long as it claims, and empty.
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(end, 2L * Bounds.PARQUET_FOOTER_BYTES);
    }
    assertThat(refused(file), containsString("footer.parquet: its footer is longer than 67108864"));
    Files.write(file, end.array());
    assertThat(refused(file), containsString("footer.parquet: it is not Parquet or is damaged"));
  }

  private Path footer(byte[] footer) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(footer.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    file.put("PAR1".getBytes(UTF_8)).put(footer).putInt(footer.length).put("PAR1".getBytes(UTF_8));
    return Files.write(directory.resolve("footer.parquet"), file.array());
  }

  /** A version, and a list of 2,147,483,647 structures as the schema. */
  @Test
  void aListOfAFooterThatIsLargerThanItsBoundIsRefused() throws Exception {
    byte[] schema = {0x15, 2, 0x19, (byte) 0xFC, -1, -1, -1, -1, 7};
    assertThat(
        refused(footer(schema)),
        containsString("footer.parquet: the lists of its footer have more than 1048576 items"));
  }

  @Test
  void aDeeplyNestedFooterIsRefused() throws Exception {
    byte[] structures = new byte[1 << 20];
    Arrays.fill(structures, (byte) 0x1C);
    assertThat(
        refused(footer(structures)),
        containsString("footer.parquet: it is not Parquet or is damaged"));
    String nested = numbersFile("nested.parquet", 3, 20);
    SchemaElement group = new SchemaElement("g").setNum_children(1);
    changeFooter(
        nested,
        meta ->
            meta.setSchema(
                Stream.concat(
                        Stream.generate(() -> group).limit(200_000), meta.getSchema().stream())
                    .toList()));
    assertThat(
        refused(Path.of(nested)),
        containsString("nested.parquet: it is not Parquet or is damaged"));
  }

  @Test
  void aRowGroupBeyondTheFileIsRefused() throws Exception {
    Random random = new Random(1);
    Path file = texts("cut.parquet", 5000, () -> Long.toHexString(random.nextLong()));
    byte[] bytes = Files.readAllBytes(file);
    int hole = bytes.length / 2;
    byte[] cut = Arrays.copyOf(bytes, bytes.length - hole);
    System.arraycopy(bytes, 4 + hole, cut, 4, cut.length - 4);
    Files.write(file, cut);
    assertThat(refused(file), containsString("cut.parquet: a row group is larger than the file"));
  }

  @Test
  void aPageThatUnpacksToMoreThanItsBoundIsRefused() throws Exception {
    String large = "x".repeat(Bounds.PARQUET_PAGE_BYTES);
    Path file = texts("page.parquet", 1, () -> large);
    assertThat(Files.size(file), is(lessThan(1_000_000L)));
    assertThat(refused(file), containsString("page.parquet"));
  }

  @Test
  void readsEveryTypeOfTables() throws Exception {
    String file =
        write(
            """
            message schema {
              required int64 long; required int32 int; optional int32 byte (INTEGER(8,true));
              required int32 unsigned (INTEGER(32,false)); required int64 huge (INTEGER(64,false));
              required double double; required float float; required float half;
              required boolean flag; required binary text (STRING); required binary bytes;
              required int64 ms (TIMESTAMP(MILLIS,true)); required int64 us (TIMESTAMP(MICROS,false));
              required int64 ns (TIMESTAMP(NANOS,true)); required int96 old;
              required int32 date (DATE); required int32 time (TIME(MILLIS,true));
              required int32 cents (DECIMAL(9,2)); required binary decimal (DECIMAL(30,3));
              required fixed_len_byte_array(2) odd; repeated int32 list;
            }
            """,
            CompressionCodecName.SNAPPY,
            row -> {
              row.add("long", 1L << 60);
              row.add("int", -7);
              row.add("unsigned", -1);
              row.add("huge", -1L);
              row.add("double", 0.1);
              row.add("float", 36.6f);
              row.add("half", 7.5f);
              row.add("flag", true);
              row.add("text", "77 kg/m²");
              row.add("bytes", "plain");
              row.add("ms", -1L);
              row.add("us", -1_001L);
              row.add("ns", 1_999_999L);
              ByteBuffer old = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
              old.putLong(5_000_000).putInt(2_440_589).flip();
              row.add("old", Binary.fromConstantByteBuffer(old));
              row.add("date", -1);
              row.add("time", 1_000);
              row.add("cents", -1234);
              row.add("decimal", Binary.fromConstantByteArray(new byte[] {1, 0}));
              row.add("odd", Binary.fromConstantByteArray(new byte[2]));
              row.add("list", 3);
            });

    try (ParquetRows rows = ParquetRows.open(file)) {
      assertThat(rows.type("us"), is(equalTo(Instant.class)));
      assertThat(rows.type("cents"), is(equalTo(Double.class)));
      assertThat(rows.type("INT"), is(equalTo(Long.class)));
      assertThat("not flat", rows.type("list"), is(nullValue()));
      ParquetRows.Group group = rows.read(0, rows.columns());
      assertThat(group.next(), is(true));
      assertThat(
          rows.columns().stream().map(group::value).toList(),
          is(
              Arrays.asList(
                  1L << 60,
                  -7L,
                  null,
                  0xffffffffL,
                  "18446744073709551615",
                  0.1,
                  36.6,
                  7.5,
                  true,
                  "77 kg/m²",
                  "plain",
                  Instant.ofEpochMilli(-1),
                  Instant.ofEpochMilli(-2),
                  Instant.ofEpochMilli(1),
                  Instant.ofEpochMilli(86_400_005),
                  LocalDate.of(1969, 12, 31),
                  LocalTime.of(0, 0, 1),
                  -12.34,
                  0.256)));
      assertThat(group.next(), is(false));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodecName.class,
      names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4", "LZ4_RAW"})
  void everyCommonCodec(CompressionCodecName codec) throws Exception {
    String file = write("message schema { required int64 n; }", codec, row -> row.add("n", 5L));

    assertThat(numbers(file), contains(5L));
  }

  /** An LZ4 block without back references, plain and as wrapped by Hadoop and others. */
  @Test
  void lz4IsReadInAllItsForms() throws Exception {
    byte[] block = {0x50, 'h', 'e', 'l', 'l', 'o'};
    byte[] hadoop = {0, 0, 0, 5, 0, 0, 0, 6, 0x50, 'h', 'e', 'l', 'l', 'o'};
    byte[] frame = {
      0x04,
      0x22,
      0x4D,
      0x18,
      0x60,
      0x40,
      (byte) 0x82,
      6,
      0,
      0,
      0,
      0x50,
      'h',
      'e',
      'l',
      'l',
      'o',
      0,
      0,
      0,
      0
    };
    CompressionCodecFactory codecs = new Codecs();
    for (byte[] packed : List.of(block, hadoop, frame)) {
      assertThat(
          codecs
              .getDecompressor(CompressionCodecName.LZ4)
              .decompress(BytesInput.from(packed), 5)
              .toByteArray(),
          is("hello".getBytes(UTF_8)));
    }
    assertThrows(
        IOException.class,
        () ->
            codecs
                .getDecompressor(CompressionCodecName.LZ4_RAW)
                .decompress(BytesInput.from(new byte[] {0x1f, 'h', 9, 9}), 5));
  }

  /** Arrow writes a column of nulls with a type of its own, possibly without pages. */
  @Test
  void aColumnWithoutAnyValueIsNull() throws Exception {
    String file = directory.resolve("nothing.parquet").toString();
    try (ParquetOutput out =
        output(
            "nothing.parquet",
            Types.buildMessage()
                .required(INT64)
                .named("n")
                .optional(INT32)
                .named("nothing")
                .named("schema"))) {
      out.write(1L, null);
      out.write(2L, null);
    }
    changeFooter(
        file,
        meta -> {
          meta.getSchema().get(2).setLogicalType(LogicalType.UNKNOWN(new NullType()));
          ColumnMetaData column = meta.getRow_groups().get(0).getColumns().get(1).getMeta_data();
          // An offset at which there is no page.
          column.setData_page_offset(4);
          column.setCodec(CompressionCodec.BROTLI);
        });

    try (ParquetRows rows = ParquetRows.open(file)) {
      for (List<String> columns : List.of(List.of("n", "nothing"), List.of("nothing"))) {
        ParquetRows.Group group = rows.read(0, columns);
        assertThat(group.next(), is(true));
        assertThat(group.value("nothing"), is(nullValue()));
        assertThat(group.value("n"), is(columns.size() == 2 ? (Object) 1L : null));
        assertThat(group.next(), is(true));
        assertThat(group.next(), is(false));
      }
    }
  }

  @Test
  void unreadableColumnsAreNamed() throws Exception {
    String typed =
        write(
            "message schema { required fixed_len_byte_array(2) odd; repeated int32 list;"
                + " required binary bytes; }",
            CompressionCodecName.SNAPPY,
            row -> {
              row.add("odd", Binary.fromConstantByteArray(new byte[2]));
              row.add("list", 3);
              row.add("bytes", Binary.fromConstantByteArray(new byte[] {(byte) 0xff, 1}));
            });
    assertThat(
        refusal(typed, "odd"),
        containsString("typed.parquet: column odd is required fixed_len_byte_array(2) odd"));
    assertThat(refusal(typed, "LIST"), containsString("typed.parquet: column list is a list"));
    assertThat(
        refusal(typed, "bytes"),
        containsString(
            "typed.parquet: column bytes cannot be read: it holds bytes that are not UTF-8"));

    String file = numbersFile("n.parquet", 3, 20);
    changeFooter(
        file,
        meta ->
            meta.getRow_groups()
                .get(0)
                .getColumns()
                .get(0)
                .getMeta_data()
                .setCodec(CompressionCodec.BROTLI));
    assertThat(refusal(file, "n"), containsString("n.parquet: column n is compressed with BROTLI"));
  }

  @Test
  void ambiguousColumnsAreRejected() throws Exception {
    String file =
        write(
            "message schema { required int64 dbp; required int64 DBP; }",
            CompressionCodecName.SNAPPY,
            row -> {
              row.add("dbp", 1L);
              row.add("DBP", 2L);
            });
    try (ParquetRows rows = ParquetRows.open(file)) {
      ParquetRows.Group group = rows.read(0, List.of("dbp", "DBP"));
      group.next();
      assertThat(group.value("dbp"), is(1L));
      assertThat(group.value("DBP"), is(2L));
      assertThat(
          assertThrows(IllegalArgumentException.class, () -> rows.read(0, List.of("Dbp")))
              .getMessage(),
          is("column Dbp is ambiguous: the file has dbp and DBP"));
    }
  }

  /** Warehouses write ids as decimals, other writers as bytes. */
  @Test
  void idsOfAllTypesAreExact() throws Exception {
    String file =
        write(
            "message schema { required fixed_len_byte_array(16) big (DECIMAL(38,0));"
                + " required binary huge (DECIMAL(38,0)); required int64 small (DECIMAL(18,0));"
                + " required fixed_len_byte_array(16) uuid (UUID); }",
            CompressionCodecName.SNAPPY,
            row -> {
              byte[] big = new byte[16];
              big[15] = 7;
              big[8] = 0x20;
              row.add("big", Binary.fromConstantByteArray(big));
              row.add("huge", Binary.fromConstantByteArray(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0}));
              row.add("small", 5L);
              row.add("uuid", Binary.fromConstantByteArray(big));
            });
    try (ParquetRows rows = ParquetRows.open(file)) {
      assertThat(rows.type("big"), is(equalTo(Long.class)));
      ParquetRows.Group group = rows.read(0, rows.columns());
      group.next();
      assertThat(group.value("big"), is((1L << 61) + 7));
      assertThat(group.value("huge"), is("18446744073709551616"));
      assertThat(group.value("small"), is(5L));
      assertThat(group.value("uuid"), is("00000000-0000-0000-2000-000000000007"));
    }
  }

  private static String refusal(String file, String column) {
    return assertThrows(
            IOException.class,
            () -> {
              try (ParquetRows rows = ParquetRows.open(file)) {
                rows.read(0, List.of(column)).next();
              }
            })
        .getMessage();
  }

  /** Changes the footer, which precedes its length and the last four bytes. */
  private static void changeFooter(String file, Consumer<FileMetaData> change) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(file));
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    int begin = bytes.length - 8 - length;
    FileMetaData meta = Util.readFileMetaData(new ByteArrayInputStream(bytes, begin, length));
    change.accept(meta);
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(meta, footer);
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(bytes, 0, begin);
    changed.write(footer.toByteArray());
    changed.write(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(footer.size()).array());
    changed.write("PAR1".getBytes(UTF_8));
    Files.write(Path.of(file), changed.toByteArray());
  }

  @Test
  void groupsAreReadSeparatelyAndMissingColumnsAreNull() throws Exception {
    String file = numbersFile("n.parquet", 3, 20);

    try (ParquetRows rows = ParquetRows.open(file)) {
      assertThat(rows.rowGroups(), is(greaterThan(0)));
      assertThat(rows.rows(), is(20L));
      ParquetRows.Group group = rows.read(0, Set.of("N", "gone"));
      assertThat(group.next(), is(true));
      assertThat(group.value("n"), is(3L));
      assertThat(group.value("gone"), is(nullValue()));
      int left = 1;
      ParquetRows.Group none = rows.read(0, Set.of("gone"));
      assertThat(none.next(), is(true));
      while (none.next()) {
        left++;
      }
      assertThat("rows without columns", left, is(20));
      assertThrows(IllegalArgumentException.class, () -> rows.read(1, Set.of("n")));
    }
  }

  @Test
  void theSameRowsGiveTheSameBytes() throws Exception {
    assertThat(
        Files.readAllBytes(Path.of(numbersFile("a.parquet", 0, 1000))),
        is(Files.readAllBytes(Path.of(numbersFile("b.parquet", 0, 1000)))));
  }

  @Test
  void otherFilesAreRejectedByName() throws Exception {
    for (byte[] bytes : List.of(new byte[0], "PAR1".getBytes(UTF_8), new byte[100])) {
      Path file = directory.resolve("broken.parquet");
      Files.write(file, bytes);

      IOException refused =
          assertThrows(IOException.class, () -> ParquetRows.open(file.toString()));

      assertThat(refused.getMessage(), containsString("broken.parquet: it is not Parquet"));
    }
  }

  /** Changed bytes give an exception or other values, never a crash or endless loop. */
  @Test
  void damageIsAnIoException() throws Exception {
    String file = numbersFile("damaged.parquet", 0, 2000);
    byte[] good = Files.readAllBytes(Path.of(file));
    for (int i = 0; i < good.length; i += 1 + good.length / 200) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) 0xA5;
      Files.write(Path.of(file), bad);
      try {
        numbers(file);
      } catch (IOException e) {
        assertThat(e.getMessage() == null, is(false));
      }
    }
    Files.write(Path.of(file), Arrays.copyOf(good, good.length / 2));
    assertThrows(IOException.class, () -> numbers(file));
  }

  @Test
  void rowsAreChecked() throws Exception {
    try (ParquetOutput out = output("c.parquet", NUMBERS)) {
      assertThat(
          assertThrows(IllegalArgumentException.class, () -> out.write(1L, 2L)).getMessage(),
          is("a row must have 1 values, had 2"));
    }
  }

  private List<Long> numbers(String file) throws IOException {
    List<Long> numbers = new java.util.ArrayList<>();
    try (ParquetRows rows = ParquetRows.open(file)) {
      for (int i = 0; i < rows.rowGroups(); i++) {
        ParquetRows.Group group = rows.read(i, Set.of("n"));
        while (group.next()) {
          numbers.add((Long) group.value("n"));
        }
      }
    }
    return numbers;
  }

  @ParameterizedTest
  @EnumSource(TimeUnit.class)
  void durationsHaveTheUnitOfArrow(TimeUnit unit) throws Exception {
    Path file = directory.resolve("durations.parquet");
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(new @Nullable Object[] {7L, 90L});
    rows.add(new @Nullable Object[] {8L, null});
    ParquetFiles.write(
        file,
        "required int64 id; optional int64 elapsed;",
        CompressionCodecName.SNAPPY,
        1 << 20,
        ParquetFiles.duration("elapsed", unit),
        rows);

    try (ParquetRows read = ParquetRows.open(file.toString())) {
      assertThat(read.type("elapsed"), is((Object) Duration.class));
      assertThat(read.type("id"), is((Object) Long.class));
      ParquetRows.Group group = read.read(0, List.of("id", "elapsed"));
      assertThat(group.next(), is(true));
      assertThat(
          group.value("elapsed"),
          is(
              switch (unit) {
                case SECOND -> Duration.ofSeconds(90);
                case MILLISECOND -> Duration.ofMillis(90);
                case MICROSECOND -> Duration.ofNanos(90_000);
                case NANOSECOND -> Duration.ofNanos(90);
              }));
      assertThat(group.value("id"), is(7L));
      assertThat(group.next(), is(true));
      assertThat(group.value("elapsed"), is(nullValue()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "no base 64", "/////////////////////w=="})
  void damagedSchemaOfArrowIsAnError(String schema) throws Exception {
    Path file = directory.resolve("damaged.parquet");
    ParquetFiles.write(
        file,
        "required int64 id;",
        CompressionCodecName.SNAPPY,
        1 << 20,
        Map.of("ARROW:schema", schema),
        List.of());

    assertThat(
        assertThrows(IOException.class, () -> ParquetRows.open(file.toString())).getMessage(),
        containsString("damaged.parquet: it is not Parquet or is damaged"));
  }

  private String numbersFile(String name, int from, int count) throws IOException {
    try (ParquetOutput out = output(name, NUMBERS)) {
      for (int i = 0; i < count; i++) {
        out.write((long) from + i);
      }
    }
    return directory.resolve(name).toString();
  }

  private ParquetOutput output(String name, MessageType schema) throws IOException {
    return new ParquetOutput(
        FileSystems.create(
            FileSystems.matchNewResource(directory.resolve(name).toString(), false),
            MimeTypes.BINARY),
        schema);
  }

  private String write(String schema, CompressionCodecName codec, Consumer<Group> fill)
      throws IOException {
    Path file = directory.resolve("typed.parquet");
    MessageType type = MessageTypeParser.parseMessageType(schema);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(
                new BeamOutputFile(
                    FileSystems.create(
                        FileSystems.matchNewResource(file.toString(), false), MimeTypes.BINARY)))
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new Codecs())
            .withCompressionCodec(codec)
            .withType(type)
            .build()) {
      Group row = new SimpleGroup(type);
      fill.accept(row);
      writer.write(row);
    }
    return file.toString();
  }
}
