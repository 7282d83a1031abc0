package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.Cohort;
import io.tardiff.ehr.fhir.JsonDisguise;
import io.tardiff.ehr.meds.MedsFiles;
import io.tardiff.ehr.table.SmallSources;
import io.tardiff.files.parquet.ParquetFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cohort does not depend on how programs write MEDS, FHIR and cohorts of ricu: files, order,
 * types, compression, missing values and unknown content.
 */
class DisguisedRecordsTest {
  private static final int PARTS = 3;
  private static final long ROW_GROUP = 64L << 20;

  private static final List<CompressionCodecName> CODECS =
      List.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD,
          CompressionCodecName.LZ4_RAW);

  @TempDir Path directory;

  private static List<String> meds() {
    return List.of("--source=meds", "--channels=HR,SBP");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void medsInAnyShardsColumnsAndTypes(long seed) throws IOException {
    Path plain = directory.resolve("plain");
    ParquetFiles.write(
        plain.resolve("data/0.parquet"),
        MedsFiles.DATA + " optional binary text_value (STRING);",
        CompressionCodecName.ZSTD,
        ROW_GROUP,
        Map.of(),
        SmallSources.meds().stream()
            .map(
                row ->
                    new @Nullable Object[] {
                      row[0],
                      row[1] == null ? null : (Long) row[1] * 1000,
                      row[2],
                      row[3] == null ? null : ((Double) row[3]).floatValue(),
                      row[4]
                    })
            .toList());
    Random random = new Random(seed);
    Path disguised = directory.resolve("disguised");
    // Rows of a subject are spread over the shards, which MEDS forbids but files have.
    List<@Nullable Object[]> rows = new ArrayList<>(SmallSources.meds());
    Collections.shuffle(rows, random);
    for (int part = 0; part < PARTS; part++) {
      writeMeds(
          disguised.resolve("data/" + List.of("train/0", "tuning/0", "1").get(part) + ".parquet"),
          rows.subList(part * rows.size() / PARTS, (part + 1) * rows.size() / PARTS),
          random);
    }

    Cohort expected = Ingest.cohort(plain, directory.resolve("out-plain"), meds());
    assertThat(Ingest.windows(expected), is((long) SmallSources.STAYS));
    assertThat(
        Ingest.cohort(disguised, directory.resolve("out-disguised"), meds()).hash(),
        is(expected.hash()));
  }

  /** A column, with the conversion of its values. */
  private record Column(String schema, Function<@Nullable Object[], @Nullable Object> value) {}

  private static void writeMeds(Path file, List<@Nullable Object[]> rows, Random random)
      throws IOException {
    List<Column> columns = new ArrayList<>();
    columns.add(
        switch (random.nextInt(5)) {
          case 0 -> new Column("required int32 subject_id;", row -> ((Long) row[0]).intValue());
          case 1 ->
              new Column(
                  "optional int32 subject_id (INTEGER(16,false));",
                  row -> ((Long) row[0]).intValue());
          case 2 -> new Column("optional int64 subject_id (INTEGER(64,false));", row -> row[0]);
          case 3 -> new Column("required int64 subject_id (DECIMAL(18,0));", row -> row[0]);
          default -> new Column("optional int64 subject_id;", row -> row[0]);
        });
    int unit = random.nextInt(3);
    long perMilli = List.of(1L, 1000L, 1_000_000L).get(unit);
    columns.add(
        new Column(
            "optional int64 time (TIMESTAMP("
                + List.of("MILLIS", "MICROS", "NANOS").get(unit)
                + ","
                + random.nextBoolean()
                + "));",
            row -> row[1] == null ? null : (Long) row[1] * perMilli));
    columns.add(
        new Column(
            random.nextBoolean() ? "required binary code;" : "optional binary code (STRING);",
            row -> row[2]));
    boolean single = random.nextBoolean();
    boolean nan = random.nextBoolean();
    columns.add(
        new Column(
            "optional " + (single ? "float" : "double") + " numeric_value;",
            row -> {
              if (row[3] == null && !nan) {
                return null;
              }
              double value = row[3] == null ? Double.NaN : (Double) row[3];
              return single ? (Object) (float) value : (Object) value;
            }));
    columns.add(new Column("optional binary text_value (STRING);", row -> row[4]));
    columns.add(new Column("optional int64 hadm_id;", row -> 7L));
    columns.add(new Column("optional binary provenance (STRING);", row -> null));
    Collections.shuffle(columns, random);
    StringBuilder schema = new StringBuilder();
    columns.forEach(column -> schema.append(column.schema()).append(' '));
    ParquetFiles.write(
        file,
        schema.toString(),
        CODECS.get(random.nextInt(CODECS.size())),
        random.nextBoolean() ? 800L + random.nextInt(4000) : ROW_GROUP,
        Map.of("pandas", "{}"),
        rows.stream()
            .map(row -> columns.stream().map(column -> column.value().apply(row)).toArray())
            .toList());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void ricuInAnyTypesOfTimesIdsAndValues(long seed) throws IOException {
    SmallSources.Source source = SmallSources.ricu();
    Path plain = Files.createDirectories(directory.resolve("plain"));
    Path disguised = Files.createDirectories(directory.resolve("disguised"));
    Random random = new Random(seed);
    for (SmallSources.Table table : source.tables()) {
      table.write(plain);
      List<List<String>> rows = new ArrayList<>(table.rows());
      Collections.shuffle(rows, random);
      for (int part = 0; part < PARTS; part++) {
        writeRicu(
            disguised.resolve(table.file().replace("*.csv", "-0000" + part + ".parquet")),
            table.header(),
            rows.subList(part * rows.size() / PARTS, (part + 1) * rows.size() / PARTS),
            random);
      }
    }

    Cohort expected = Ingest.cohort(plain, directory.resolve("out-plain"), source.arguments());
    assertThat(Ingest.windows(expected), is((long) SmallSources.STAYS));
    assertThat(
        Ingest.cohort(disguised, directory.resolve("out-disguised"), source.arguments()).hash(),
        is(expected.hash()));
  }

  private static void writeRicu(
      Path file, List<String> header, List<List<String>> rows, Random random) throws IOException {
    List<Integer> order = new ArrayList<>(IntStream.range(0, header.size() + 1).boxed().toList());
    Collections.shuffle(order, random);
    TimeUnit unit = TimeUnit.values()[random.nextInt(TimeUnit.values().length)];
    boolean duration = random.nextBoolean();
    StringBuilder schema = new StringBuilder();
    List<Function<List<String>, @Nullable Object>> cells = new ArrayList<>();
    for (int column : order) {
      if (column == header.size()) {
        schema.append("optional binary unknown (STRING); ");
        cells.add(row -> "x");
        continue;
      }
      String name = header.get(column);
      Function<List<String>, String> text = row -> row.get(column);
      if (name.equals("sex")) {
        schema.append("optional binary sex (STRING); ");
        cells.add(text::apply);
      } else if (name.equals("time") && duration) {
        schema.append("optional int64 time; ");
        cells.add(row -> Long.parseLong(text.apply(row)) * 3_600 * perSecond(unit));
      } else if (name.equals("label") && random.nextBoolean()) {
        schema.append("optional boolean label; ");
        cells.add(row -> text.apply(row).equals("1"));
      } else if (name.equals("stay_id") && random.nextBoolean()) {
        schema.append("optional binary stay_id (STRING); ");
        cells.add(text::apply);
      } else {
        boolean single = random.nextBoolean();
        boolean nan = random.nextBoolean();
        schema.append(single ? "optional float " : "optional double ").append(name).append("; ");
        cells.add(
            row -> {
              if (text.apply(row).isEmpty() && !nan) {
                return null;
              }
              double value =
                  text.apply(row).isEmpty() ? Double.NaN : Double.parseDouble(text.apply(row));
              return single ? (Object) (float) value : (Object) value;
            });
      }
    }
    ParquetFiles.write(
        file,
        schema.toString(),
        CODECS.get(random.nextInt(CODECS.size())),
        random.nextBoolean() ? 800L + random.nextInt(2000) : ROW_GROUP,
        duration ? ParquetFiles.duration("time", unit) : Map.of(),
        rows.stream().map(row -> cells.stream().map(cell -> cell.apply(row)).toArray()).toList());
  }

  private static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case SECOND -> 1L;
      case MILLISECOND -> 1_000L;
      case MICROSECOND -> 1_000_000L;
      case NANOSECOND -> 1_000_000_000L;
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void fhirInAnyFilesBundlesAndJson(long seed) throws IOException {
    List<String> arguments =
        List.of("--source=fhir", "--task=in_hospital_mortality", "--channels=HR,SBP,DBP");
    Path plain = Files.createDirectories(directory.resolve("plain"));
    Files.write(plain.resolve("resources.ndjson"), SmallSources.fhir());
    Random random = new Random(seed);
    JsonDisguise disguise = new JsonDisguise(random);
    List<String> resources = new ArrayList<>(SmallSources.fhir());
    Collections.shuffle(resources, random);
    Path disguised = Files.createDirectories(directory.resolve("disguised"));
    for (int part = 0; part < PARTS; part++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
      String end = random.nextBoolean() ? "\r\n" : "\n";
      for (int i = part; i < resources.size(); ) {
        int count = random.nextInt(4);
        List<String> some =
            IntStream.iterate(i, at -> at < resources.size(), at -> at + PARTS)
                .limit(Math.max(1, count))
                .mapToObj(resources::get)
                .toList();
        text.append(count == 0 ? disguise.line(some.get(0)) : disguise.bundle(some)).append(end);
        text.append(random.nextInt(5) == 0 ? end : "");
        i += PARTS * some.size();
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      boolean zip = random.nextBoolean();
      Path file = disguised.resolve("Any.00" + part + ".ndjson" + (zip ? ".gz" : ""));
      try (OutputStream out = Files.newOutputStream(file);
          OutputStream compressed = zip ? new GZIPOutputStream(out) : out) {
        compressed.write(bytes);
      }
    }

    Cohort expected = Ingest.cohort(plain, directory.resolve("out-plain"), arguments);
    assertThat(Ingest.windows(expected), greaterThan(SmallSources.STAYS - 3L));
    assertThat(
        Ingest.cohort(disguised, directory.resolve("out-disguised"), arguments).hash(),
        is(expected.hash()));
  }
}
