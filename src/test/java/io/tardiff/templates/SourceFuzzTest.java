package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import io.tardiff.ehr.table.SmallSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A damaged cell of a source changes at most the label of its own subject. If it fails the run, the
 * message is clear.
 */
class SourceFuzzTest {
  /** Set by {@code -Dtardiff.mutants=100}; each is a complete run. */
  private static final int MUTANTS = Integer.getInteger("tardiff.mutants", 4);

  private static final List<String> SPLINTERS =
      List.of(
          "\"",
          "\"\"",
          ",",
          "\n",
          "\r\n",
          "\0",
          "\uFEFF",
          "NaN",
          "NULL",
          "-",
          "1e999",
          "-0",
          "x",
          "99999999999999999999",
          "2150-02-30",
          "0001-01-01 00:00:00",
          "9999-12-31 23:59:59",
          "2",
          "0.5",
          ">1",
          "1+",
          "",
          " ",
          "\u00B5");

  @TempDir Path directory;

  static List<SmallSources.Source> sources() {
    return SmallSources.all();
  }

  @ParameterizedTest
  @MethodSource("sources")
  void damagedCellChangesOnlyItsSubject(SmallSources.Source source) throws IOException {
    Map<String, Integer> expected = labels(source, source.tables());
    assertThat(expected.size(), greaterThan(SmallSources.STAYS - 3));
    Random random = new Random(source.name().hashCode());
    for (int mutant = 0; mutant < MUTANTS; mutant++) {
      int which = random.nextInt(source.tables().size());
      List<SmallSources.Table> tables = new ArrayList<>(source.tables());
      tables.set(which, damaged(tables.get(which), random));
      Map<String, Integer> labels = labels(source, tables);
      if (labels != null) {
        Set<String> changed = new HashSet<>();
        expected.forEach(
            (subject, label) -> {
              if (!label.equals(labels.get(subject))) {
                changed.add(subject);
              }
            });
        assertThat(tables.get(which).file(), changed.size(), is(lessThanOrEqualTo(1)));
      }
    }
  }

  /** Damages a cell, except ids: another id would assign the row to another subject. */
  private static SmallSources.Table damaged(SmallSources.Table table, Random random) {
    List<List<String>> rows = new ArrayList<>(table.rows());
    int at = random.nextInt(rows.size());
    List<String> row = new ArrayList<>(rows.get(at));
    int column;
    do {
      column = random.nextInt(row.size());
    } while (table.ids().contains(table.header().get(column)));
    String cell = row.get(column);
    String splinter = SPLINTERS.get(random.nextInt(SPLINTERS.size()));
    int cut = random.nextInt(cell.length() + 1);
    row.set(
        column,
        random.nextBoolean() ? splinter : cell.substring(0, cut) + splinter + cell.substring(cut));
    rows.set(at, row);
    return new SmallSources.Table(table.file(), table.header(), rows, table.ids(), table.sharded());
  }

  /** Returns the labels by subject, or null if the run failed. */
  private @Nullable Map<String, Integer> labels(
      SmallSources.Source source, List<SmallSources.Table> tables) throws IOException {
    Path input = Files.createTempDirectory(directory, "in");
    for (SmallSources.Table table : tables) {
      table.write(input);
    }
    List<String> arguments = new ArrayList<>(List.of("ingest"));
    arguments.addAll(source.arguments());
    if (source.name().equals("tables")) {
      Path file = input.resolve("mapping.yaml");
      Files.writeString(file, SmallSources.MAPPING);
      arguments.add("--mapping=" + file);
    }
    Path output = Files.createTempDirectory(directory, "out").resolve("run");
    arguments.addAll(
        List.of(
            "--input=" + input,
            "--output=" + output,
            "--stratified=true",
            "--windowShards=1",
            "--deadLetterThreshold=1",
            "--droppedThreshold=1"));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    int code = Commands.run(OutputStream.nullOutputStream(), stream, arguments);
    if (code != 0) {
      String message = err.toString(StandardCharsets.UTF_8);
      assertThat(message, startsWith("Failed: "));
      assertThat("in words", message, not(containsString("Exception")));
      return null;
    }
    Map<String, Integer> labels = new TreeMap<>();
    Cohort cohort = Cohort.open(output.resolve("cohort").toString());
    for (Split split : Arrays.asList(Split.values())) {
      for (EhrWindow window : cohort.readAll(split)) {
        labels.put(window.subjectId(), window.label());
      }
    }
    return labels;
  }
}
