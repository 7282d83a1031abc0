package io.tardiff.ehr.signals;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.RealData;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrTags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeSeriesArchiveTest {
  private static final Path REAL = RealData.at("uea-ucr");
  private static final String[] HEADER = {
    "#Comment", "@problemName Tiny", "@timeStamps false", "@classLabel true sick well", "@data"
  };

  @TempDir Path directory;

  @Test
  void channelsAreColumnsAndClassesInDeclaredOrder() throws Exception {
    ts("TRAIN", "1,2,3:4,5,6:well", "1,2,3:4,5,6:sick");
    ts("TEST", "7,?,9:NaN,-1e1,0:sick");

    expect(
        read().withTuningShare(0),
        List.of(
            series("Tiny_TRAIN.ts:6", 1, "train", 2, 1, 4, 2, 5, 3, 6),
            series("Tiny_TRAIN.ts:7", 0, "train", 2, 1, 4, 2, 5, 3, 6),
            series("Tiny_TEST.ts:6", 0, "held_out", 2, 7, Float.NaN, Float.NaN, -10, 9, 0)));
  }

  @Test
  void undeclaredClassesAreSortedAsNumbers() throws Exception {
    // As text, 10 would precede 2, and 2.0000000e+00 would be another class.
    write("Tiny_TRAIN.tsv", "10\t1\t2", "2\t3\t4", "-1\t3\t4", "");
    write("Tiny_TEST.tsv", "2.0000000e+00\t5\t6", "3\t5\t6", "");

    expect(
        read().withTuningShare(0),
        List.of(
            series("Tiny_TRAIN.tsv:1", 2, "train", 1, 1, 2),
            series("Tiny_TRAIN.tsv:2", 1, "train", 1, 3, 4),
            series("Tiny_TRAIN.tsv:3", 0, "train", 1, 3, 4),
            series("Tiny_TEST.tsv:1", 1, "held_out", 1, 5, 6)),
        DeadLetter.of("Tiny_TEST.tsv", 2L, "class is unknown"));
  }

  @Test
  void headerMayBeMissing() throws Exception {
    write("Tiny_TRAIN.ts", "1,2:1", "3,4:-1", "");
    write("Tiny_TEST.ts", "5,6:1", "");

    expect(
        read().withTuningShare(0),
        List.of(
            series("Tiny_TRAIN.ts:1", 1, "train", 1, 1, 2),
            series("Tiny_TRAIN.ts:2", 0, "train", 1, 3, 4),
            series("Tiny_TEST.ts:1", 1, "held_out", 1, 5, 6)));
  }

  @Test
  void classesAndChannelsCanBeNamed() throws Exception {
    ts("TRAIN", "1,2:sick");
    ts("TEST", "3,4:well");

    expect(
        read()
            .withTuningShare(0)
            .withClasses(List.of("well", "sick"))
            .withChannels(List.of("lead II")),
        List.of(
            new LabelledSeries(
                "Tiny_TRAIN.ts:6",
                "Tiny_TRAIN.ts:6",
                1,
                "train",
                List.of("lead II"),
                new float[] {1, 2}),
            new LabelledSeries(
                "Tiny_TEST.ts:6",
                "Tiny_TEST.ts:6",
                0,
                "held_out",
                List.of("lead II"),
                new float[] {3, 4})));
  }

  @Test
  void badRowsAreDeadLettersWithTheirLine() throws Exception {
    ts(
        "TRAIN",
        "1,2:sick",
        "1:sick",
        "1,2:1,2:sick",
        "1,two:sick",
        "1,2:ill",
        "1,2",
        "1,Infinity:sick",
        "(0,1),(1,2):sick",
        "");
    ts("TEST", "3,4:well", "");

    expect(
        read().withTuningShare(0),
        List.of(
            series("Tiny_TRAIN.ts:6", 0, "train", 1, 1, 2),
            series("Tiny_TEST.ts:6", 1, "held_out", 1, 3, 4)),
        bad(7, "series has a different length than the first one"),
        bad(8, "series has a different number of channels than the first one"),
        bad(9, "value is not a number"),
        bad(10, "class is unknown"),
        bad(11, "row is not values followed by a class"),
        bad(12, "value is not finite"),
        bad(13, "series has a different length than the first one"));
  }

  @Test
  void unterminatedLastRowIsOnlyReadIfItEndsInAClass() throws Exception {
    // 0.12 may have been 0.123.
    write("Tiny_TRAIN.tsv", "1\t1\t2", "2\t3\t4", "");
    write("Tiny_TEST.tsv", "1\t1\t2", "2\t3\t0.12");
    expect(
        read().withTuningShare(0),
        List.of(
            series("Tiny_TRAIN.tsv:1", 0, "train", 1, 1, 2),
            series("Tiny_TRAIN.tsv:2", 1, "train", 1, 3, 4),
            series("Tiny_TEST.tsv:1", 0, "held_out", 1, 1, 2)),
        DeadLetter.of("Tiny_TEST.tsv", 2L, "file is truncated: its last line is incomplete"));
  }

  @Test
  void sameQuarterOfTrainIsForTuningInEveryRun() throws Exception {
    String[] rows = new String[400];
    Arrays.fill(rows, "1,2:sick");
    ts("TRAIN", rows);
    ts("TEST", "1,2:well");

    List<String> first = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      Map<String, Integer> counts = new TreeMap<>();
      Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
      PAssert.that(pipeline.apply(read()).get(SeriesTags.series()))
          .satisfies(
              all -> {
                all.forEach(series -> counts.merge(series.split(), 1, Integer::sum));
                assertThat(counts, is(Map.of("train", 301, "tuning", 99, "held_out", 1)));
                return null;
              });
      pipeline.run().waitUntilFinish();
      first.add(counts.toString());
    }
    assertThat(first.get(0), is(first.get(1)));
  }

  @Test
  void unsupportedFilesAreRejectedWithTheReason() throws Exception {
    write("Tiny_TEST.ts", "1,2:1", "");
    write("Tiny_TRAIN.ts", "@timestamps true", "@data", "(0,1),(1,2):1", "");
    assertThat(refusal(), containsString("which has time stamps"));
    write("Tiny_TRAIN.ts", "@equalLength false", "@classLabel true 1 2", "@data", "1,2:1", "");
    assertThat(refusal(), containsString("which has series of different lengths"));
    write("Tiny_TRAIN.ts", "@targetLabel true", "@data", "1,2:1", "");
    assertThat(refusal(), containsString("which is a regression set without classes"));
    write("Tiny_TRAIN.ts", "@classLabel false", "@data", "1,2", "");
    assertThat(refusal(), containsString("which has no classes"));
    write("Tiny_TRAIN.ts", "@classLabel true 1 2 1.0", "@data", "1,2:1", "");
    assertThat(refusal(), containsString("which declares a class twice"));
    write("Tiny_TRAIN.ts", "@classLabel true 1 2", "@data", "");
    assertThat(refusal(), containsString("which has no series"));
    write("Tiny_TRAIN.ts", "12", "");
    assertThat(
        refusal(),
        containsString("which has a bad first series: row is not values followed by a class"));
  }

  @Test
  void trainAndTestMustDeclareTheSameClasses() throws Exception {
    write("Tiny_TRAIN.ts", "@classLabel true a b", "@data", "1,2:a", "");
    write("Tiny_TEST.ts", "@classLabel true b a", "@data", "1,2:a", "");
    assertThat(refusal(), containsString("the same classes in TRAIN and in TEST"));
    write("Tiny_TEST.ts", "@data", "1,2:a", "");
    assertThat(refusal(), containsString("the same classes in TRAIN and in TEST"));
  }

  @Test
  void missingFilesAndSeveralSetsAreRejected() throws Exception {
    write("Tiny_TRAIN.ts", "1,2:1", "");
    assertThat(
        refusal(),
        allOf(
            containsString("*_TRAIN and *_TEST files of .ts or .tsv"),
            containsString("lacks one of them")));
    write("Other_TEST.ts", "1,2:1", "");
    assertThat(refusal(), containsString("files of one set"));
  }

  @Test
  void epilepsyHasTheExpectedCounts() throws Exception {
    // EPILEPSY, WALKING, RUNNING, SAWING
    real(
        TimeSeriesArchive.read().from(REAL.resolve("Epilepsy").toString()),
        206,
        3,
        Map.of(
            "train 0", 34, "train 1", 37, "train 2", 36, "train 3", 30, "test 0", 34, "test 1", 37,
            "test 2", 37, "test 3", 30),
        -9106.87 - 15162.60);
  }

  @Test
  void ecg200HasTheExpectedCountsInBothFormats() throws Exception {
    TimeSeriesArchive.Read read = TimeSeriesArchive.read().from(REAL.resolve("ECG200").toString());
    real(read, 96, 1, Map.of("train 0", 31, "train 1", 69, "test 0", 36, "test 1", 64), 0);
    real(
        read.withFormat(TimeSeriesArchive.Format.TSV),
        96,
        1,
        Map.of("train 0", 69, "train 1", 31, "test 0", 64, "test 1", 36),
        // Each series has mean 0.
        0);
  }

  private static void real(
      TimeSeriesArchive.Read read,
      int steps,
      int channels,
      Map<String, Integer> expected,
      double expectedSum) {
    RealData.require(REAL);
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple tuple = pipeline.apply(read);
    PAssert.that(tuple.get(EhrTags.deadLetters())).empty();
    PAssert.that(tuple.get(SeriesTags.series()))
        .satisfies(
            all -> {
              Map<String, Integer> counts = new TreeMap<>();
              double sum = 0;
              for (LabelledSeries series : all) {
                assertThat(series.steps(), is(steps));
                assertThat(series.channels().size(), is(channels));
                String part = "held_out".equals(series.split()) ? "test " : "train ";
                counts.merge(part + series.label(), 1, Integer::sum);
                for (float value : series.values()) {
                  sum += value;
                }
              }
              assertThat(counts, is(expected));
              assertThat(sum, closeTo(expectedSum, 0.01));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  private TimeSeriesArchive.Read read() {
    return TimeSeriesArchive.read().from(directory.toString());
  }

  private void expect(
      TimeSeriesArchive.Read read, List<LabelledSeries> series, DeadLetter... letters) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple tuple = pipeline.apply(read);
    PAssert.that(tuple.get(SeriesTags.series())).containsInAnyOrder(series);
    PAssert.that(tuple.get(EhrTags.deadLetters())).containsInAnyOrder(letters);
    pipeline.run().waitUntilFinish();
  }

  private String refusal() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    return assertThrows(IllegalArgumentException.class, () -> pipeline.apply(read())).getMessage();
  }

  private static LabelledSeries series(
      String id, int label, String split, int channels, float... values) {
    return new LabelledSeries(
        id, id, label, split, List.of("dim_0", "dim_1").subList(0, channels), values);
  }

  private static DeadLetter bad(long line, String reason) {
    return DeadLetter.of("Tiny_TRAIN.ts", line, reason);
  }

  private void ts(String part, String... rows) throws Exception {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    lines.addAll(List.of(rows));
    write("Tiny_" + part + ".ts", lines.toArray(String[]::new));
  }

  private void write(String name, String... lines) throws Exception {
    Files.writeString(directory.resolve(name), String.join("\n", lines));
  }
}
