package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.files.Manifest;
import io.tardiff.influence.Guidance;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
  private static final LabelMix LABELS = LabelMix.parse("0=9,1=8");
  private static final Guidance SHIFT = Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.1);

  @TempDir static Path directory;
  private static String cohort;
  private static TarDiffModel model;

  @BeforeAll
  static void drawAndSelect() {
    cohort = TinyRun.cohort(directory.resolve("cohort"));
    model = TarDiffModel.open(TinyRun.model(cohort, directory.resolve("model")));
    Pipeline pipeline = Pipeline.create();
    PCollection<SyntheticSet> pool =
        pipeline
            .apply(Create.of(model))
            .apply(
                GenerateSyntheticEhr.to(directory.resolve("pool").toString())
                    .withConfig(
                        TinyRun.GENERATION
                            .withSeed(7)
                            .withSamplingSteps(4)
                            .withLabels(LABELS.times(2))
                            .withGuidances(List.of(Guidance.none(), SHIFT))));
    pool.apply(
        SelectForTarget.of(model.directory(), cohort)
            .to(directory.resolve("synthetic").toString())
            .withLabels(LABELS)
            .withSelection(Selection.herding().withFourierFeatures(16)));
    pipeline.run().waitUntilFinish();
  }

  private static SyntheticSet set(String name) {
    return SyntheticSet.open(directory.resolve(name).toString());
  }

  private static void assertSame(SyntheticSet set, Long... ids) {
    List<SyntheticWindow> stored = SyntheticWindows.read(set);
    for (Replay.Sample sample : Replay.of(set, model).samples(Arrays.asList(ids))) {
      assertThat(set.name(), sample.difference(), is(nullValue()));
      assertThat(sample.outcome(), is(Replay.Outcome.SAME));
      assertThat(
          Arrays.equals(
              sample.window().values(),
              stored.stream()
                  .filter(w -> w.sampleId() == sample.sampleId())
                  .findFirst()
                  .orElseThrow()
                  .values()),
          is(true));
    }
  }

  @Test
  void drawsTheSamplesOfASetAgain() {
    // Of both labels, not in a row, from the first batch of a label and from a later one.
    assertSame(set("pool/none"), 33L, 0L, 17L, 18L, 5L);
    assertSame(set("pool/mean_shift-0.1"), 33L, 1L, 20L);
  }

  @Test
  void resultsAreInTheOrderOfTheIds() {
    assertThat(
        Replay.of(set("pool/none"), model).samples(List.of(20L, 3L, 20L)).stream()
            .map(Replay.Sample::sampleId)
            .toList(),
        is(List.of(3L, 20L)));
  }

  @Test
  void drawsSelectedSamplesAgain() {
    SyntheticSet set = set("synthetic/mean_shift-0.1-herding");
    List<LedgerRecord> ledger = SyntheticWindows.readLedger(set);
    long kept = ledger.stream().filter(LedgerRecord::kept).findFirst().orElseThrow().sampleId();
    long other = ledger.stream().filter(row -> !row.kept()).findFirst().orElseThrow().sampleId();
    assertSame(set, kept);
    Replay.Sample sample = Replay.of(set, model).samples(List.of(other)).get(0);
    assertThat(sample.outcome(), is(Replay.Outcome.SAME_NOT_KEPT));
  }

  /** Copies a set as of an earlier version, without a manifest, so that it can be changed. */
  private static Path copy(String name, Path to) throws IOException {
    Path from = directory.resolve(name);
    Files.createDirectories(to);
    for (Map.Entry<String, byte[]> file : TinyRun.files(from).entrySet()) {
      if (!file.getKey().equals(Manifest.FILE)) {
        Files.write(to.resolve(file.getKey()), file.getValue());
      }
    }
    return to;
  }

  @Test
  void findsAChangedValue(@TempDir Path copy) throws IOException {
    copy("pool/none", copy);
    // The last value of the last sample of a file: its last four bytes before the sync marker.
    Path file;
    try (var files = Files.list(copy)) {
      file =
          files
              .filter(f -> f.getFileName().toString().startsWith("samples-"))
              .min(Comparator.naturalOrder())
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 16 - 1 - 4] ^= 1;
    Files.write(file, bytes);
    SyntheticSet set = SyntheticSet.open(copy.toString());
    List<Long> ids = SyntheticWindows.read(set).stream().map(SyntheticWindow::sampleId).toList();
    List<Replay.Sample> different =
        Replay.of(set, model).samples(ids).stream()
            .filter(sample -> sample.outcome() == Replay.Outcome.DIFFERENT)
            .toList();
    assertThat(different.size(), is(1));
    assertThat(different.get(0).difference(), is("1 of 36 values, the first at step 11 of RR"));
  }

  @Test
  void refusesUnknownIds() {
    fails(
        () -> Replay.of(set("pool/none"), model).samples(List.of(3L, 34L, 99L)),
        "sampleIds must be in the ledger of ",
        "which has 34 samples; it lacks 34, 99");
  }

  @Test
  void refusesAnotherModel(@TempDir Path other) throws IOException {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(io.tardiff.cohort.Cohort.open(cohort)))
        .apply(
            io.tardiff.training.TrainModels.to(other.toString())
                .withConfig(TinyRun.TRAINING.withSeed(99)));
    pipeline.run().waitUntilFinish();
    TarDiffModel changed = TarDiffModel.open(other.toString());
    fails(() -> Replay.of(set("pool/none"), changed), "was not made from the model " + other);
    // The ledger says so too, for sets without a manifest.
    SyntheticSet copy = SyntheticSet.open(copy("pool/none", other.resolve("set")).toString());
    fails(
        () -> Replay.of(copy, changed).samples(List.of(0L)),
        "sample 0 was drawn from the model " + model.id() + ", but the one in ");
  }

  @Test
  void refusesSetsOfEarlierVersions(@TempDir Path copy) throws IOException {
    copy("pool/none", copy);
    Path file = copy.resolve(SyntheticSet.FILE);
    Files.writeString(
        file,
        Files.readString(file)
            .replaceAll("(?s)  \"sampler\" : \\{.*?\\},?\n", "")
            .replaceAll(",\\s*}\\s*$", "\n}\n"));
    SyntheticSet set = SyntheticSet.open(copy.toString());
    fails(() -> Replay.of(set, model), "was drawn by an earlier version");
  }

  @Test
  void refusesSetsMadeElsewhere() {
    fails(
        () -> Replay.of(SyntheticSet.madeElsewhere("/set", "vae", 3, model.spec()), model),
        "synthetic set /set was made elsewhere, so it has no ledger and no model");
  }

  private static void fails(org.junit.jupiter.api.function.Executable run, String... reasons) {
    String message = assertThrows(IllegalArgumentException.class, run).getMessage();
    for (String reason : reasons) {
      assertThat(message, containsString(reason));
    }
  }
}
