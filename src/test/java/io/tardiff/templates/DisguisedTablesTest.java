package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.Cohort;
import io.tardiff.ehr.table.SmallSources;
import io.tardiff.files.parquet.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cohort does not depend on how programs write tables: order of columns, ids as floats, words
 * for empty cells, line ends, three files instead of one, Parquet and Avro.
 */
class DisguisedTablesTest {
  private static final Random RANDOM = new Random(7);

  @TempDir Path directory;

  static List<SmallSources.Source> sources() {
    return SmallSources.all();
  }

  @ParameterizedTest
  @MethodSource("sources")
  void theCohortIsTheSame(SmallSources.Source source) throws IOException {
    Path plain = Files.createDirectories(directory.resolve("plain"));
    Path disguised = Files.createDirectories(directory.resolve("disguised"));
    for (SmallSources.Table table : source.tables()) {
      table.write(plain);
      table.writeDisguised(disguised, RANDOM);
    }

    Cohort expected = ingest(source, plain, SmallSources.MAPPING);
    assertThat(Ingest.windows(expected), greaterThan(SmallSources.STAYS - 3L));
    assertThat(ingest(source, disguised, SmallSources.MAPPING).hash(), is(expected.hash()));
  }

  static List<SmallSources.Source> tables() {
    return SmallSources.all().stream()
        .filter(source -> !source.name().equals("physionet2012"))
        .toList();
  }

  /** Parquet and Avro, which their content shows, with ids as floats. */
  @ParameterizedTest
  @MethodSource("tables")
  void otherFileFormatsGiveTheSameCohort(SmallSources.Source source) throws IOException {
    Path plain = Files.createDirectories(directory.resolve("plain"));
    Path parquet = Files.createDirectories(directory.resolve("parquet"));
    Path avro = Files.createDirectories(directory.resolve("avro"));
    for (SmallSources.Table table : source.tables()) {
      table.write(plain);
      for (int part = 0; part < 3; part++) {
        List<Integer> order =
            new ArrayList<>(IntStream.range(0, table.header().size()).boxed().toList());
        Collections.shuffle(order, RANDOM);
        List<List<String>> rows = new ArrayList<>();
        for (int i = part; i < table.rows().size(); i += 3) {
          List<String> row = table.rows().get(i);
          rows.add(order.stream().map(row::get).toList());
        }
        List<String> header = order.stream().map(table.header()::get).toList();
        String name = table.file().replace("*.csv", "-00000000000" + part);
        Files.createDirectories(avro.resolve(name).getParent());
        writeParquet(parquet.resolve(name + ".parquet"), table, header, rows);
        writeAvro(avro.resolve(name + ".avro"), table, header, rows);
      }
    }

    Cohort expected = ingest(source, plain, SmallSources.MAPPING);
    for (String kind : List.of("parquet", "avro")) {
      String mapping = SmallSources.MAPPING.replace("*.csv'", "*." + kind + "'");
      assertThat(
          kind, ingest(source, directory.resolve(kind), mapping).hash(), is(expected.hash()));
    }
    if (source.name().equals("tables")) {
      String stated = SmallSources.MAPPING.replace("*.csv'", "*.parquet', format: parquet");
      assertThat(ingest(source, parquet, stated).hash(), is(expected.hash()));
    }
  }

  private static void writeParquet(
      Path file, SmallSources.Table table, List<String> header, List<List<String>> rows)
      throws IOException {
    StringBuilder schema = new StringBuilder();
    for (String column : header) {
      schema
          .append(table.ids().contains(column) ? "optional double " : "optional binary ")
          .append(column)
          .append(table.ids().contains(column) ? "; " : " (STRING); ");
    }
    ParquetFiles.write(
        file,
        schema.toString(),
        CompressionCodecName.SNAPPY,
        1 << 20,
        Map.of(),
        rows.stream()
            .map(
                row ->
                    IntStream.range(0, row.size())
                        .mapToObj(i -> cell(row.get(i), table.ids().contains(header.get(i))))
                        .toArray())
            .toList());
  }

  private static void writeAvro(
      Path file, SmallSources.Table table, List<String> header, List<List<String>> rows)
      throws IOException {
    SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("r").fields();
    for (String column : header) {
      fields =
          table.ids().contains(column)
              ? fields.optionalDouble(column)
              : fields.optionalString(column);
    }
    Schema schema = fields.endRecord();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.create(schema, file.toFile());
      for (List<String> row : rows) {
        GenericData.Record record = new GenericData.Record(schema);
        for (int i = 0; i < row.size(); i++) {
          record.put(header.get(i), cell(row.get(i), table.ids().contains(header.get(i))));
        }
        writer.append(record);
      }
    }
  }

  private static @Nullable Object cell(String text, boolean id) {
    if (text.isEmpty()) {
      return id ? null : "NULL";
    }
    return id ? (Object) Double.valueOf(text) : text;
  }

  private Cohort ingest(SmallSources.Source source, Path input, String mapping) throws IOException {
    List<String> arguments = new ArrayList<>(source.arguments());
    if (source.name().equals("tables")) {
      Path file = input.resolve("mapping.yaml");
      Files.writeString(file, mapping);
      arguments.add("--mapping=" + file);
    }
    return Ingest.cohort(
        input, Files.createTempDirectory(directory, "out").resolve("run"), arguments);
  }
}
