package io.tardiff.ehr.table;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.TextLines;
import io.tardiff.ehr.eicu.Eicu;
import io.tardiff.ehr.mimic.Mimic3;
import io.tardiff.ehr.mimic.Mimic4;
import io.tardiff.ehr.omop.Omop;
import io.tardiff.ehr.ricu.Ricu;
import io.tardiff.files.parquet.ParquetOutput;
import io.tardiff.files.parquet.ParquetRows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.MimeTypes;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A corrupted line does not affect the others: either an exception names the file, or the events of
 * all other lines are unchanged.
 */
class TableFuzzTest {
  private static final int MUTANTS = 400;
  private static final String FILE = "gs://bucket/some-table.csv";

  /** Typical defects of text files and edge cases of parsers. */
  private static final List<String> FRAGMENTS =
      List.of(
          "\"",
          "\"\"",
          ",",
          ",,",
          ";",
          "\n",
          "\r",
          "\r\n",
          "\0",
          "\uFEFF",
          "NaN",
          "NULL",
          "-",
          ".",
          "1e999",
          "1e-999",
          "-0",
          "0x10",
          "Infinity",
          "99999999999999999999",
          "1,5",
          "1.5.2",
          "2150-02-30",
          "9999999-01-01",
          "-2150-01-01 00:00:00",
          "\u0663",
          "\\",
          "'",
          "=1+1",
          "\u00A0",
          "\uD800",
          "1e9223372036854775807",
          ".0",
          "e",
          "+",
          "1E+",
          "2150-01-01 24:00:00",
          "%",
          "<",
          ">");

  @TempDir Path directory;

  static List<Arguments> tables() {
    TableMapping mapping = TableMapping.parse("map.yaml", SmallSources.MAPPING);
    List<Arguments> all = new ArrayList<>();
    Map<String, List<TableParser>> parsers =
        Map.of(
            "mimic3",
            List.of(
                Mimic3.icuStays(), Mimic3.admissions(), Mimic3.patients(), Mimic3.chartEvents()),
            "mimic4",
            List.of(
                Mimic4.icuStays(), Mimic4.admissions(), Mimic4.patients(), Mimic4.chartEvents()),
            "eicu",
            List.of(Eicu.patient(), Eicu.vitalPeriodic(), Eicu.lab()),
            "omop",
            List.of(Omop.person(), Omop.visitOccurrence(), Omop.death(), Omop.measurement()),
            "ricu",
            List.of(Ricu.dynamics(), Ricu.statics(), Ricu.outcomes()),
            "tables",
            List.of(mapping.parser("stays"), mapping.parser("long"), mapping.parser("wide")));
    for (SmallSources.Source source : SmallSources.all()) {
      List<TableParser> of = parsers.getOrDefault(source.name(), List.of());
      for (int i = 0; i < of.size(); i++) {
        all.add(Arguments.of(of.get(i), source.tables().get(i)));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("tables")
  void corruptedLineDoesNotAffectOthers(TableParser parser, SmallSources.Table table)
      throws Exception {
    List<String> lines = new ArrayList<>(List.of(String.join(",", table.header())));
    table.rows().forEach(row -> lines.add(String.join(",", row)));
    Random random = new Random(parser.table().hashCode());
    for (int mutant = 0; mutant < MUTANTS; mutant++) {
      int which = random.nextInt(lines.size());
      List<String> damaged = new ArrayList<>(lines);
      damaged.set(which, damage(lines.get(which), random));
      if (which == 0) {
        tryToRead(parser, damaged);
        continue;
      }
      List<String> others = new ArrayList<>(lines);
      others.remove(which);
      List<EhrEvent> expected = new ArrayList<>(read(parser, others));
      List<EhrEvent> events = tryToRead(parser, damaged);
      if (events != null) {
        for (EhrEvent event : events) {
          expected.remove(event);
        }
        assertThat("lost by " + visible(damaged.get(which)), expected, is(List.of()));
      }
    }
  }

  /** Returns the events; null if the file was rejected by name. */
  private static List<EhrEvent> tryToRead(TableParser parser, List<String> lines) throws Exception {
    try {
      return read(parser, lines);
    } catch (IllegalArgumentException | IllegalStateException | IOException e) {
      assertThat(
          e.getMessage(), anyOf(containsString(FILE), containsString("table " + parser.table())));
      return null;
    }
  }

  private static List<EhrEvent> read(TableParser parser, List<String> lines) throws IOException {
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    List<EhrEvent> events = new ArrayList<>();
    EventSink sink = new EventSink(parser, null);
    TextFormat format = TextFormat.standard();
    try (TextLines text = TextLines.open(FILE, new ByteArrayInputStream(bytes), format.charset())) {
      TextTable table = TextTable.of(parser, text, format, FILE);
      for (String line = text.next(); line != null; line = text.next()) {
        TableRow row = line.isBlank() ? null : table.rows().row(line, sink, letter -> {});
        if (row != null) {
          sink.parse(row, events::add, letter -> {});
        }
      }
    }
    return events;
  }

  private static String damage(String line, Random random) {
    StringBuilder damaged = new StringBuilder(line);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(damaged.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> damaged.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        case 1 -> damaged.delete(at, Math.min(damaged.length(), at + 1 + random.nextInt(8)));
        case 2 -> {
          if (at < damaged.length()) {
            damaged.setCharAt(at, (char) (damaged.charAt(at) ^ (1 << random.nextInt(7))));
          }
        }
        default -> {
          int from = damaged.lastIndexOf(",", at) + 1;
          int to = damaged.indexOf(",", from);
          damaged.replace(
              from,
              to < 0 ? damaged.length() : to,
              FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        }
      }
    }
    return damaged.toString();
  }

  private static String visible(String line) {
    return line.replace("\n", "\\n").replace("\r", "\\r").replace("\0", "\\0");
  }

  /** Any bytes in any character set give lines or an exception that names the file. */
  @Test
  void anyBytesAreLinesOrRejected() throws Exception {
    Random random = new Random(11);
    byte[] valid = "id,HR\n1,80\n2,81\n".getBytes(StandardCharsets.UTF_16LE);
    for (int mutant = 0; mutant < 3000; mutant++) {
      byte[] bytes;
      if (mutant % 2 == 0) {
        bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
      } else {
        bytes = valid.clone();
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (mutant % 3 == 0 && bytes.length > 2) {
        bytes[0] = (byte) 0xff;
        bytes[1] = (byte) 0xfe;
      }
      try (TextLines text = TextLines.open(FILE, new ByteArrayInputStream(bytes), null)) {
        while (text.next() != null) {
          // Keep reading.
        }
      } catch (IOException e) {
        assertThat(Arrays.toString(bytes), e.getMessage(), containsString(FILE));
      }
    }
  }

  @Test
  void corruptedParquetIsRejectedByName() throws Exception {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    Path file = directory.resolve("rows.parquet");
    try (ParquetOutput out =
        new ParquetOutput(
            FileSystems.create(
                FileSystems.matchNewResource(file.toString(), false), MimeTypes.BINARY),
            Types.buildMessage()
                .required(PrimitiveTypeName.INT64)
                .named("id")
                .optional(PrimitiveTypeName.DOUBLE)
                .named("value")
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named("text")
                .named("schema"))) {
      for (long i = 0; i < 200; i++) {
        out.write(i, i % 7 == 0 ? null : i / 3.0, i % 5 == 0 ? null : "text " + i % 11);
      }
    }
    byte[] valid = Files.readAllBytes(file);
    Random random = new Random(5);
    long until = System.nanoTime() + 20_000_000_000L;
    for (int mutant = 0; mutant < 1500 && System.nanoTime() < until; mutant++) {
      byte[] bytes =
          mutant % 10 == 0 ? Arrays.copyOf(valid, random.nextInt(valid.length)) : valid.clone();
      for (int i = 0; i <= random.nextInt(3) && bytes.length > 0; i++) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bytes);
      try (ParquetRows rows = ParquetRows.open(file.toString())) {
        for (int group = 0; group < rows.rowGroups(); group++) {
          ParquetRows.Group read = rows.read(group, List.of("id", "value", "text"));
          while (read.next()) {
            read.value("id");
          }
        }
      } catch (IOException e) {
        assertThat(e.getMessage(), containsString("rows.parquet"));
      }
    }
  }
}
