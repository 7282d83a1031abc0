package io.tardiff.ehr.signals;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import io.tardiff.files.npy.Npy;
import io.tardiff.files.npy.NpyTest;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MedformerTest {
  @TempDir Path directory;

  @BeforeEach
  void folders() throws Exception {
    Files.createDirectories(directory.resolve("Feature"));
    Files.createDirectories(directory.resolve("Label"));
  }

  @Test
  void samplesAreSeriesOfTheirSubject() throws Exception {
    labels(Npy.Type.INT64, 1, 1, 0, 2);
    features("feature_01.npy", 2);
    features("feature_02.npy", 1);

    expect(
        Medformer.read(),
        List.of(series(1, 0, 1, null), series(1, 1, 1, null), series(2, 0, 0, null)));
  }

  @Test
  void labelsMayBeFloatsAndFilesCompressed() throws Exception {
    labels(Npy.Type.FLOAT64, 1, 10, 0, 2);
    features("feature_2.npy", 1);
    Path plain = directory.resolve("Feature/feature_10.npy");
    features("feature_10.npy", 1);
    try (OutputStream out =
        new GZIPOutputStream(
            Files.newOutputStream(directory.resolve("Feature/feature_10.npy.gz")))) {
      Files.copy(plain, out);
    }
    Files.delete(plain);

    // Matched by number, not by name order, in which 10 precedes 2.
    expect(Medformer.read(), List.of(series(10, 0, 1, null), series(2, 0, 0, null)));
  }

  @Test
  void publishedSplitOfApava() throws Exception {
    labels(Npy.Type.INT64, 1, 1, 0, 3, 0, 15);
    features("feature_1.npy", 1);
    features("feature_3.npy", 1);
    features("feature_15.npy", 1);

    expect(
        Medformer.read().withSplits(Medformer.Splits.APAVA),
        List.of(series(1, 0, 1, "held_out"), series(3, 0, 0, "train"), series(15, 0, 0, "tuning")));
  }

  @Test
  void subjectsOutsideTheTdBrainSplitAreSkipped() throws Exception {
    labels(Npy.Type.INT64, 1, 17, 1, 26, 0, 50, 0, 54);
    features("feature_17.npy", 1);
    features("feature_26.npy", 1);
    features("feature_50.npy", 1);

    expect(
        Medformer.read().withSplits(Medformer.Splits.TDBRAIN),
        List.of(series(17, 0, 1, "train"), series(50, 0, 0, "held_out")));
  }

  @Test
  void tdBrainUsesFiftySubjects() {
    Map<Long, Integer> classes = new LinkedHashMap<>();
    IntStream.rangeClosed(1, 72).forEach(i -> classes.put((long) i, i <= 28 ? 1 : 0));
    Map<Long, String> splits = Medformer.Splits.TDBRAIN.assign(classes);

    assertThat(splits.size(), is(50));
    assertThat(subjects(splits, "tuning"), is(List.of(18L, 19L, 20L, 21L, 46L, 47L, 48L, 49L)));
    assertThat(subjects(splits, "held_out"), is(List.of(22L, 23L, 24L, 25L, 50L, 51L, 52L, 53L)));
  }

  @Test
  void adftdAndPtbSplitEachClassInFileOrder() {
    // Seven of class 1 and three of class 0, interleaved and not in numerical order.
    Map<Long, Integer> classes = new LinkedHashMap<>();
    long[] order = {9, 4, 7, 1, 2, 3, 10, 5, 6, 8};
    for (int i = 0; i < order.length; i++) {
      classes.put(order[i], i % 3 == 1 ? 0 : 1);
    }

    Map<Long, String> adftd = Medformer.Splits.ADFTD.assign(classes);
    // Class 0 is 4, 2, 5: 1.8 and 2.4 round down to 1 and 2. Class 1 is 9, 7, 1, 3, 10, 6, 8.
    assertThat(subjects(adftd, "train"), is(List.of(4L, 9L, 7L, 1L, 3L)));
    assertThat(subjects(adftd, "tuning"), is(List.of(2L, 10L)));
    assertThat(subjects(adftd, "held_out"), is(List.of(5L, 6L, 8L)));

    Map<Long, String> ptb = Medformer.Splits.PTB.assign(classes);
    assertThat(subjects(ptb, "train"), is(List.of(4L, 9L, 7L, 1L)));
    assertThat(subjects(ptb, "tuning"), is(List.of(2L, 3L)));
  }

  @Test
  void channelsCanBeNamed() throws Exception {
    labels(Npy.Type.INT64, 0, 1);
    features("feature_1.npy", 1);

    LabelledSeries series = series(1, 0, 0, null);
    expect(
        Medformer.read().withChannels(List.of("Fp1", "Fp2")),
        List.of(new LabelledSeries("1/0", "1", 0, null, List.of("Fp1", "Fp2"), series.values())));
    expect(
        Medformer.read().withChannels(List.of("Fp1")),
        List.of(),
        bad("array has a different number of channels than named"));
  }

  @Test
  void truncatedFileGivesItsCompleteSamples() throws Exception {
    labels(Npy.Type.INT64, 0, 1);
    features("feature_1.npy", 3);
    Path file = directory.resolve("Feature/feature_1.npy");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));

    expect(
        Medformer.read(),
        List.of(series(1, 0, 0, null), series(1, 1, 0, null)),
        bad("file is truncated"));
  }

  /** The shape is damaged and would split the values into the wrong samples. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fileWithTrailingDataIsADeadLetter(boolean compressed) throws Exception {
    labels(Npy.Type.INT64, 0, 1);
    features("feature_1.npy", 3);
    Path file = directory.resolve("Feature/feature_1.npy");
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    byte[] bytes = text.replace("(3, 2, 2)", "(2, 2, 2)").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file, bytes);
    if (compressed) {
      try (OutputStream out =
          new GZIPOutputStream(Files.newOutputStream(directory.resolve(file + ".gz")))) {
        out.write(bytes);
      }
      Files.delete(file);
    }

    expect(
        Medformer.read(), List.of(), bad("file has data after the array that its header declares"));
  }

  @Test
  void samplesAreCountedAsRows() throws Exception {
    labels(Npy.Type.INT64, 0, 1);
    features("feature_1.npy", 3);

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(Medformer.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.counts()))
        .containsInAnyOrder(ReadCount.of(ReadFeaturesFn.SOURCE, ReadCount.ROWS, 3));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void truncatedCompressedFileIsADeadLetter() throws Exception {
    labels(Npy.Type.INT64, 0, 1);
    features("feature_1.npy", 2);
    Path plain = directory.resolve("Feature/feature_1.npy");
    Path compressed = directory.resolve("Feature/feature_1.npy.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(plain, out);
    }
    Files.delete(plain);
    byte[] bytes = Files.readAllBytes(compressed);
    Files.write(compressed, Arrays.copyOf(bytes, 40));

    expect(Medformer.read(), List.of(), bad("file is truncated"));
  }

  @Test
  void badFilesAreDeadLettersAndTheRestIsRead() throws Exception {
    labels(Npy.Type.INT64, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6);
    features("feature_1.npy", 1);
    write(2, "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2, 2), }");
    write(3, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }");
    write(4, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3000000, 300), }");
    Files.writeString(directory.resolve("Feature/feature_5.npy"), "nothing of the kind");
    features("feature_7.npy", 1);

    expect(
        Medformer.read(),
        List.of(series(1, 0, 0, null)),
        bad("array is in Fortran order; save it in C order"),
        bad("array is not [samples, steps, channels]"),
        bad("samples have more than 4194304 values"),
        bad("file is not an .npy array"),
        bad("feature file has no row in label.npy"),
        DeadLetter.of("Label/label.npy", null, "subject has no feature file"));
  }

  @Test
  void infiniteSamplesAreDeadLettersAndGapsAreNot() throws Exception {
    labels(Npy.Type.INT64, 0, 1);
    try (Npy.Writer writer =
        Npy.writer(
            Files.newOutputStream(directory.resolve("Feature/feature_1.npy")),
            Npy.Type.FLOAT64,
            2,
            1,
            2)) {
      // Finite as a double, infinite as a float.
      writer.write(new double[] {1e300, 0});
      writer.write(new double[] {Double.NaN, 0});
    }

    expect(
        Medformer.read(),
        List.of(
            new LabelledSeries(
                "1/1", "1", 0, null, List.of("ch1", "ch2"), new float[] {Float.NaN, 0})),
        bad("sample has an infinite value"));
  }

  @Test
  void missingFilesAreReportedTogether() {
    assertThat(
        refusal(Medformer.read().from(directory.toString())),
        allOf(
            containsString("input must be a directory with"),
            containsString("no Feature/feature_*.npy, Label/label.npy")));
  }

  @Test
  void badLabelsFailWhenThePipelineIsBuilt() throws Exception {
    features("feature_1.npy", 1);
    Medformer.Read read = Medformer.read().from(directory.toString());

    labels(Npy.Type.FLOAT64, 0.5, 1);
    assertThat(refusal(read), containsString("which has a class that is not 0, 1, ..."));
    labels(Npy.Type.INT64, -1, 1);
    assertThat(refusal(read), containsString("which has a class that is not 0, 1, ..."));
    labels(Npy.Type.INT64, 0, 1, 1, 1);
    assertThat(refusal(read), containsString("which has a subject more than once"));
    Path file = directory.resolve("Label/label.npy");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(refusal(read), containsString("which is truncated"));
    Files.write(
        file,
        NpyTest.file(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", new byte[16]));
    assertThat(refusal(read), containsString("which is not an array [subjects, 2]"));
  }

  @Test
  void twoFilesOfOneSubjectAreRejected() throws Exception {
    labels(Npy.Type.INT64, 0, 1);
    features("feature_1.npy", 1);
    features("feature_01.npy", 1);

    assertThat(
        refusal(Medformer.read().from(directory.toString())),
        containsString("one feature file per subject"));
  }

  private void expect(Medformer.Read read, List<LabelledSeries> series, DeadLetter... letters) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple tuple = pipeline.apply(read.from(directory.toString()));
    PAssert.that(tuple.get(SeriesTags.series())).containsInAnyOrder(series);
    PAssert.that(tuple.get(EhrTags.deadLetters())).containsInAnyOrder(letters);
    pipeline.run().waitUntilFinish();
  }

  private static String refusal(Medformer.Read read) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    return assertThrows(IllegalArgumentException.class, () -> pipeline.apply(read)).getMessage();
  }

  private static List<Long> subjects(Map<Long, String> splits, String split) {
    return splits.entrySet().stream()
        .filter(entry -> entry.getValue().equals(split))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static DeadLetter bad(String reason) {
    return DeadLetter.of(ReadFeaturesFn.SOURCE, null, reason);
  }

  private static LabelledSeries series(int subject, int sample, int label, @Nullable String split) {
    return new LabelledSeries(
        subject + "/" + sample,
        Integer.toString(subject),
        label,
        split,
        List.of("ch1", "ch2"),
        values(sample));
  }

  private static float[] values(int sample) {
    return new float[] {sample, 0.5f, sample + 1, -0.5f};
  }

  /** Pairs of class and subject. */
  private void labels(Npy.Type type, double... pairs) throws Exception {
    try (Npy.Writer writer =
        Npy.writer(
            Files.newOutputStream(directory.resolve("Label/label.npy")),
            type,
            pairs.length / 2,
            2)) {
      for (int i = 0; i < pairs.length; i += 2) {
        writer.write(new double[] {pairs[i], pairs[i + 1]});
      }
    }
  }

  private void features(String name, int samples) throws Exception {
    try (Npy.Writer writer =
        Npy.writer(
            Files.newOutputStream(directory.resolve("Feature").resolve(name)),
            Npy.Type.FLOAT64,
            samples,
            2,
            2)) {
      for (int i = 0; i < samples; i++) {
        writer.write(values(i));
      }
    }
  }

  private void write(int subject, String header) throws Exception {
    Files.write(
        directory.resolve("Feature/feature_" + subject + ".npy"),
        NpyTest.file(1, header, new byte[16]));
  }
}
