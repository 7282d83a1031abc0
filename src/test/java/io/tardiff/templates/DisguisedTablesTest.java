package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.ehr.table.SmallSources;
import io.tardiff.files.parquet.ParquetOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cohort does not depend on how programs write tables: order of columns, ids as floats, words
 * for empty cells, line ends, three files instead of one.
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
    assertThat(windows(expected), greaterThan(SmallSources.STAYS - 3L));
    assertThat(ingest(source, disguised, SmallSources.MAPPING).hash(), is(expected.hash()));
  }

  /** Parquet and Avro, with empty columns without a type and ids as floats. */
  @Test
  void otherFileFormatsGiveTheSameCohort() throws IOException {
    SmallSources.Source source = SmallSources.tables();
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
        String name = table.file().replace("*.csv", "-" + part);
        writeParquet(parquet.resolve(name + ".parquet"), table, header, rows);
        writeAvro(avro.resolve(name + ".avro"), table, header, rows);
      }
    }

    Cohort expected = ingest(source, plain, SmallSources.MAPPING);
    for (String kind : List.of("parquet", "avro")) {
      String mapping = SmallSources.MAPPING.replace("*.csv'", "*." + kind + "', format: " + kind);
      assertThat(
          kind, ingest(source, directory.resolve(kind), mapping).hash(), is(expected.hash()));
    }
  }

  private static void writeParquet(
      Path file, SmallSources.Table table, List<String> header, List<List<String>> rows)
      throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    Types.MessageTypeBuilder builder = Types.buildMessage();
    for (String column : header) {
      if (table.ids().contains(column)) {
        builder.optional(PrimitiveTypeName.DOUBLE).named(column);
      } else {
        builder
            .optional(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named(column);
      }
    }
    MessageType schema = builder.named("schema");
    try (ParquetOutput out =
        new ParquetOutput(
            FileSystems.create(
                FileSystems.matchNewResource(file.toString(), false), MimeTypes.BINARY),
            schema)) {
      for (List<String> row : rows) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          cells.add(cell(row.get(i), table.ids().contains(header.get(i))));
        }
        out.write(cells.toArray());
      }
    }
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

  private static long windows(Cohort cohort) {
    return cohort.count(Split.TRAIN) + cohort.count(Split.TUNING) + cohort.count(Split.HELD_OUT);
  }

  private Cohort ingest(SmallSources.Source source, Path input, String mapping) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("ingest"));
    arguments.addAll(source.arguments());
    if (source.name().equals("tables")) {
      Path file = input.resolve("mapping.yaml");
      Files.writeString(file, mapping);
      arguments.add("--mapping=" + file);
    }
    Path output = directory.resolve("out-" + input.getFileName());
    arguments.add("--input=" + input);
    arguments.add("--output=" + output);
    arguments.add("--stratified=true");
    arguments.add("--windowShards=1");
    // Every fourth pressure is an empty cell.
    arguments.add("--deadLetterThreshold=0");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code = Commands.run(stream, stream, arguments);
    assertThat(code == 0 ? "" : out.toString(StandardCharsets.UTF_8), is(""));
    return Cohort.open(output.resolve("cohort").toString());
  }
}
