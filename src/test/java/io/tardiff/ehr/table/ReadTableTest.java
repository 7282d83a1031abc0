package io.tardiff.ehr.table;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Throwables;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTableTest {
  @TempDir Path directory;

  /** Each line is read once, wherever the pieces begin. */
  @ParameterizedTest
  @CsvSource({"\\n, 1", "\\n, 7", "\\n, 16", "\\r\\n, 7", "\\r\\n, 8", "\\r, 9", "\\r\\n, 64"})
  void piecesCoverTheFile(String end, int bytes) throws Exception {
    StringBuilder text = new StringBuilder("id,code,value" + end.translateEscapes());
    List<EhrEvent> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      text.append(i).append(",c,").append("1".repeat(i % 5 + 1)).append(end.translateEscapes());
      expected.add(event("" + i, "c", "1".repeat(i % 5 + 1)));
    }
    Path file = directory.resolve("a.csv");
    Files.writeString(file, text);

    Pipeline pipeline = pipeline();
    PCollectionTuple read =
        pipeline.apply(ReadTable.of(new Codes()).from(List.of(file.toString())).withPieces(bytes));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(expected);
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    PAssert.that(read.get(EhrTags.counts()))
        .satisfies(
            counts -> {
              long rows = 0;
              for (ReadCount count : counts) {
                assertThat(count.getWhat(), is(ReadCount.ROWS));
                rows += count.getCount();
              }
              assertThat(rows, is(40L));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void rowsWithoutAValueAndLookalikesAreCounted() throws Exception {
    Files.writeString(
        directory.resolve("a.csv"), "id,code,value\n1,HR,1\n2,hr,2\n3,HR,\n4,RR,3\n5,HR\n");

    Pipeline pipeline = pipeline();
    PCollectionTuple read =
        pipeline.apply(
            ReadTable.of(new Codes()).from(List.of(directory + "/a.csv")).withCodes(Set.of("HR")));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(event("1", "HR", "1"));
    PAssert.that(read.get(EhrTags.counts()))
        .containsInAnyOrder(
            ReadCount.of("codes", ReadCount.ROWS, 5),
            ReadCount.of("codes", ReadCount.WITHOUT_VALUE, 1),
            ReadCount.of("codes", "values whose code only looks like HR", 1));
    pipeline.run().waitUntilFinish();
  }

  /** Only the headers of the first 100 files are checked before the run. */
  @Test
  void laterFileWithoutAColumnIsNamed() throws Exception {
    for (int i = 0; i < 101; i++) {
      Files.writeString(
          directory.resolve(String.format("a-%03d.csv", i)),
          (i == 100 ? "id,kode,value" : "id,code,value") + "\n1,c,1\n");
    }
    Pipeline pipeline = pipeline();
    pipeline.apply(ReadTable.of(new Codes()).from(List.of(directory + "/a-*.csv")));

    assertThat(
        Throwables.getRootCause(
                assertThrows(
                    Pipeline.PipelineExecutionException.class,
                    () -> pipeline.run().waitUntilFinish()))
            .getMessage(),
        containsString("a-100.csv must have the columns id, code, value, lacks code"));
  }

  /** Spark writes empty files for empty partitions. */
  @Test
  void emptyFileAmongOthersHasNoRows() throws Exception {
    Files.writeString(directory.resolve("a-1.csv"), "");
    Files.writeString(directory.resolve("a-2.csv"), "id,code,value\n1,c,1\n");

    Pipeline pipeline = pipeline();
    PCollectionTuple read =
        pipeline.apply(ReadTable.of(new Codes()).from(List.of(directory + "/a-*.csv")));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(event("1", "c", "1"));
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void quotedFieldsMayContainLineBreaks(String end) throws Exception {
    List<String> lines =
        List.of(
            "id,code,value",
            "1,\"c, \"\"d\"\"",
            "",
            "e\",1",
            "2,\"f\",2",
            // An inch mark is no quote; an unclosed quote invalidates only its own row.
            "3,5' 10\",3",
            "4,\"g,4",
            "5,h,5",
            "6,\"i\"\"",
            "\",6",
            "");
    Path file = directory.resolve("a.csv");
    Files.writeString(file, String.join(end, lines));

    Pipeline pipeline = pipeline();
    PCollectionTuple read =
        pipeline.apply(ReadTable.of(new Codes()).from(List.of(file.toString())));
    PAssert.that(read.get(EhrTags.events()))
        .containsInAnyOrder(
            event("1", "c, \"d\"\n\ne", "1"),
            event("2", "f", "2"),
            event("3", "5' 10\"", "3"),
            event("5", "h", "5"),
            event("6", "i\"", "6"));
    PAssert.that(read.get(EhrTags.deadLetters()))
        .containsInAnyOrder(DeadLetter.of("codes", null, "row has unbalanced quotes"));
    pipeline.run().waitUntilFinish();
  }

  /** Piece boundaries might fall within fields. */
  @Test
  void largeFileWithLineBreaksInFieldsIsReadWhole() throws Exception {
    StringBuilder text = new StringBuilder("id,code,value\n");
    List<EhrEvent> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      text.append(i).append(",\"c\n,d\",1\n");
      expected.add(event("" + i, "c\n,d", "1"));
    }
    Files.writeString(directory.resolve("a.csv"), text);

    Pipeline pipeline = pipeline();
    PCollectionTuple read =
        pipeline.apply(
            ReadTable.of(new Codes()).from(List.of(directory + "/a.csv")).withPieces(64));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(expected);
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void headerWithNulBytesIsRejected() throws Exception {
    Files.write(
        directory.resolve("a.csv"), "id,code,value\n1,c,1\n".getBytes(StandardCharsets.UTF_16LE));

    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    pipeline().apply(ReadTable.of(new Codes()).from(List.of(directory + "/a.csv"))))
            .getMessage(),
        containsString("a.csv must be text, but its header contains NUL bytes"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Chart-000000000000.csv chart-000000000001.csv",
        "chart-00000-of-00002.csv.gz chart-00001-of-00002.csv.gz",
        "CHART_00001.csv CHART_00002.csv",
        "chart.csv",
        "chart.csv.gz",
      })
  void shardsFormOneTable(String names) throws Exception {
    for (String name : names.split(" ")) {
      Files.writeString(directory.resolve(name), "");
    }
    assertThat(
        TableFiles.in(directory.toString()).require("CHART").of("chart").size(),
        is(names.split(" ").length));
  }

  @ParameterizedTest
  @CsvSource({
    "chart-000000000000.csv chart-000000000002.csv, 'must have all shards of table chart, lacks number 1'",
    "chart-00000-of-00003.csv chart-00001-of-00003.csv, 'must have all shards of table chart, lacks number 2'",
    "chart-000000000003.csv, 'must have all shards of table chart, lacks number 0'",
    "chart.csv chart-000000000000.csv, 'must have one file of table chart, or its shards, has '",
    "chart.csv chart.csv.gz, 'must have one file of table chart, or its shards, has '",
    "chart-00000.csv chart-00000.csv.gz, 'must have one file of each shard of table chart, has '",
  })
  void incompleteOrDuplicateFilesAreRejected(String names, String message) throws Exception {
    for (String name : names.split(" ")) {
      Files.writeString(directory.resolve(name), "");
    }
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> TableFiles.in(directory.toString()).of("chart"))
            .getMessage(),
        containsString(message));
  }

  private static Pipeline pipeline() {
    return Pipeline.create(PipelineOptionsFactory.create());
  }

  private static EhrEvent event(String subject, String code, String text) {
    return EhrEvent.builder().setSubjectId(subject).setCode(code).setTextValue(text).build();
  }

  private static final class Codes extends TableParser {
    @Override
    public String table() {
      return "codes";
    }

    @Override
    public List<String> requiredColumns() {
      return List.of("id", "code", "value");
    }

    @Override
    public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
      String value = row.text("value");
      if (value != null) {
        events.accept(event(Cells.requiredId(row, "id"), Cells.required(row, "code"), value));
      }
    }
  }
}
