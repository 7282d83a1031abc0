package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.ChannelScale;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortToEvents;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.Task;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.meds.Meds;
import io.tardiff.files.npy.Npy;
import io.tardiff.files.parquet.ParquetRows;
import io.tardiff.influence.Guidance;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.synthetic.ReadSynthetic;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSample;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticToEvents;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.transforms.Convert;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateSyntheticEhrTest {
  private static final Guidance SHIFT = Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.1);
  private static final GenerationConfig CONFIG =
      GenerationConfig.defaults()
          .withSamplingBatch(16)
          .withSamplingSteps(5)
          .withSeed(5)
          .withNumShards(3)
          .withGuidances(List.of(Guidance.none(), SHIFT));

  @TempDir static Path shared;
  private static String cohort;
  private static String model;

  @TempDir Path directory;

  @BeforeAll
  static void train() {
    cohort = TinyRun.cohort(shared.resolve("cohort"));
    model = TinyRun.model(shared.resolve("model"));
  }

  @Test
  void drawsTheLabelCountsOfTrain() {
    generate(directory, "--targetParallelism=2");

    SyntheticSet set = SyntheticSet.open(directory.resolve("none").toString());
    List<SyntheticWindow> windows = SyntheticWindows.read(set);
    long[] labels = new long[2];
    windows.forEach(w -> labels[w.label()]++);
    assertThat(labels, is(TarDiffModel.open(model).trainLabels()));
    assertThat(
        windows.stream().map(SyntheticWindow::sampleId).toList(),
        is(LongStream.range(0, Arrays.stream(labels).sum()).boxed().toList()));
  }

  @Test
  void samplesLieOnTheScaleOfEachChannel() {
    generate(directory, "--targetParallelism=2");

    List<ChannelScale> scales = TarDiffModel.open(model).scales();
    assertThat(scales, is(Cohort.open(cohort).scales()));
    assertThat(scales.get(0), is(ChannelScale.CONTINUOUS));
    ChannelScale pressure = scales.get(1);
    assertThat(pressure.resolution(), is(2.0));
    for (String name : List.of("none", SHIFT.name())) {
      SyntheticSet set = SyntheticSet.open(directory.resolve(name).toString());
      boolean isRounded = true;
      boolean isFractional = false;
      for (SyntheticWindow window : SyntheticWindows.read(set)) {
        float[] values = window.values();
        for (int i = 0; i < values.length; i += 3) {
          isFractional |= values[i] != Math.rint(values[i]);
          float value = values[i + 1];
          isRounded &=
              value % 2 == 0 || value == (float) pressure.low() || value == (float) pressure.high();
        }
      }
      assertThat(name, isRounded, is(true));
      assertThat(name, isFractional, is(true));
    }
  }

  @Test
  void samplesCanBeDrawnAgainFromTheLedger() {
    generate(directory, "--targetParallelism=2");

    SyntheticSet set = SyntheticSet.open(directory.resolve(SHIFT.name()).toString());
    List<SyntheticWindow> windows = SyntheticWindows.read(set);
    List<LedgerRecord> ledger = SyntheticWindows.readLedger(set);
    assertThat(ledger, hasSize(windows.size()));
    LedgerRecord row = ledger.get(3);
    TarDiffModel opened = TarDiffModel.open(model);
    assertThat(row.modelId(), is(opened.id()));
    assertThat(row.guidanceSetHash(), is(opened.guidanceHash(opened.bestEpoch())));
    assertThat(row.seed(), is(5L));
    assertThat(row.guidanceRule(), is("mean_shift"));
    assertThat(row.guidanceScale(), is(0.1));

    // Draw it again by itself from its ledger record, with a smaller batch.
    try (GuidedSampler sampler =
        new GuidedSampler(opened, CONFIG.withSeed(row.seed()).withSamplingBatch(7))) {
      GuidedSampler.Drawn again =
          sampler
              .draw(
                  GuidedSampler.Steer.by(
                      Guidance.of(Guidance.Rule.of(row.guidanceRule()), row.guidanceScale())),
                  row.label(),
                  row.sampleId(),
                  1)
              .get(0);
      assertThat(again.values(), is(windows.get(3).values()));
      assertThat(again.influenceBefore(), is(row.influenceBefore()));
      assertThat(again.influenceAfter(), is(row.influenceAfter()));
    }
  }

  @Test
  void sameBytesWithOneAndFourWorkersAndOnFlink() throws IOException {
    generate(directory.resolve("one"), "--targetParallelism=1");
    generate(directory.resolve("four"), "--targetParallelism=4");
    generate(
        directory.resolve("flink"),
        "--runner=FlinkRunner",
        "--flinkMaster=[local]",
        "--parallelism=2");

    Map<String, byte[]> one = TinyRun.files(directory.resolve("one"));
    assertThat(one.size(), is(2 * (3 + 3 + 2)));
    for (String other : List.of("four", "flink")) {
      Map<String, byte[]> files = TinyRun.files(directory.resolve(other));
      assertThat(files.keySet(), is(one.keySet()));
      files.forEach((name, bytes) -> assertThat(other + " " + name, bytes, is(one.get(name))));
    }
  }

  /** A set of 23 samples. */
  private static SyntheticSet set(Path in, Guidance guidance) {
    return SyntheticSet.of(
            in.resolve(guidance.name()).toString(),
            guidance,
            SelectionMethod.NONE,
            23,
            23,
            TarDiffModel.open(model).spec())
        .withSampler(GenerationConfig.settings().toJson(CONFIG).toString());
  }

  @Test
  void outputsCompleteSets() {
    Pipeline pipeline = Pipeline.create();
    PCollection<SyntheticSet> sets =
        pipeline
            .apply(Create.of(TarDiffModel.open(model)))
            .apply(
                GenerateSyntheticEhr.to(directory.toString())
                    .withConfig(CONFIG.withLabels(LabelMix.parse("0=3,1=20"))));
    PAssert.that(sets).containsInAnyOrder(set(directory, Guidance.none()), set(directory, SHIFT));

    pipeline.run().waitUntilFinish();

    assertThat(
        SyntheticSet.open(directory.resolve("none").toString()),
        is(set(directory, Guidance.none())));
  }

  @Test
  void truncatedFileIsAnError() throws IOException {
    generate(directory, "--targetParallelism=2");
    SyntheticSet set = SyntheticSet.open(directory.resolve("none").toString());
    Path file = directory.resolve("none/samples-00000-of-00003.avro");
    byte[] whole = Files.readAllBytes(file);
    assertThat(whole.length, greaterThan(100));
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    assertThat(
        assertThrows(Exception.class, () -> SyntheticWindows.read(set)).getMessage(),
        containsString(file + " is damaged: it has "));
  }

  @Test
  void readsSelfDescribingSamples() {
    generate(directory, "--targetParallelism=2");
    SyntheticSet set = SyntheticSet.open(directory.resolve(SHIFT.name()).toString());
    Map<Long, SyntheticWindow> windows = new TreeMap<>();
    SyntheticWindows.read(set).forEach(window -> windows.put(window.sampleId(), window));
    Pipeline pipeline = Pipeline.create();
    PCollection<SyntheticSample> samples =
        pipeline.apply(Create.of(set)).apply(ReadSynthetic.samples());
    // Convert to rows and back, because sinks use rows.
    PCollection<Row> rows = samples.apply(Convert.toRows());
    PAssert.that(rows.apply(Convert.fromRows(SyntheticSample.class)))
        .satisfies(
            all -> {
              Map<Long, SyntheticSample> read = new TreeMap<>();
              all.forEach(sample -> read.put(sample.getSampleId(), sample));
              assertThat(read.keySet(), is(windows.keySet()));
              read.forEach(
                  (id, sample) -> {
                    assertThat(sample.getValues(), is(windows.get(id).values()));
                    assertThat(sample.getLabel(), is(windows.get(id).label()));
                  });
              SyntheticSample one = read.get(3L);
              assertThat(one.getSet(), is("mean_shift-0.1"));
              assertThat(one.getSteps(), is(12));
              assertThat(one.getStepMinutes(), is(240.0));
              assertThat(one.getChannels(), is(List.of("HR", "SBP", "RR")));
              assertThat(one.getUnits(), is(List.of("bpm", "mmHg", "breaths/min")));
              assertThat(one.value(2, "RR"), is(windows.get(3L).values()[8]));
              assertThat(
                  assertThrows(IllegalArgumentException.class, () -> one.value(12, "RR"))
                      .getMessage(),
                  is("step must be from 0 to 11, was 12"));
              assertThat(
                  assertThrows(IllegalArgumentException.class, () -> one.value(0, "MAP"))
                      .getMessage(),
                  is("channel must be one of [HR, SBP, RR], was MAP"));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void missingFileIsAnError() throws IOException {
    generate(directory, "--targetParallelism=2");
    SyntheticSet set = SyntheticSet.open(directory.resolve("none").toString());
    Files.delete(directory.resolve("none/samples-00001-of-00003.avro"));
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(Create.of(set)).apply(ReadSynthetic.samples());

    assertThat(
        assertThrows(Exception.class, () -> pipeline.run().waitUntilFinish()).getMessage(),
        containsString("none/samples-00001-of-00003.avro is missing, although manifest.json"));
  }

  @Test
  void directoryWithoutASetIsAnError() {
    assertThat(
        assertThrows(Exception.class, () -> SyntheticSet.open(directory.toString())).getMessage(),
        containsString("is not a complete synthetic set"));
  }

  @Test
  void exportsAllFormats() throws IOException {
    Pipeline pipeline = Pipeline.create();
    PCollection<SyntheticSet> sets =
        pipeline
            .apply(Create.of(TarDiffModel.open(model)))
            .apply(
                GenerateSyntheticEhr.to(directory.toString())
                    .withConfig(CONFIG.withLabels(LabelMix.parse("0=3,1=20"))))
            .apply(ExportSynthetic.as(EnumSet.allOf(ExportFormat.class)));
    SyntheticSet shifted = set(directory, SHIFT);
    PAssert.that(sets).containsInAnyOrder(set(directory, Guidance.none()), shifted);
    pipeline.run().waitUntilFinish();

    List<SyntheticWindow> windows = SyntheticWindows.read(shifted);
    Path export = directory.resolve(SHIFT.name()).resolve("export");
    List<String> csv = Files.readAllLines(export.resolve("samples.csv"));
    assertThat(csv.get(0), is("sample_id,label,step,HR,SBP,RR"));
    assertThat(csv, hasSize(1 + windows.size() * 12));
    try (Npy.Reader values =
            Npy.reader(Files.newInputStream(export.resolve("samples-values.npy")));
        Npy.Reader labels = Npy.reader(Files.newInputStream(export.resolve("samples-labels.npy")));
        ParquetRows parquet =
            ParquetRows.open(
                FileSystems.matchNewResource(
                    export.resolve("samples.parquet").toString(), /* isDirectory= */ false))) {
      assertThat(
          List.of(values.dimension(0), values.dimension(1), values.dimension(2)),
          is(List.of(23L, 12L, 3L)));
      ParquetRows.Group rows = parquet.read(0, List.of("sample_id", "label", "step", "SBP"));
      int line = 1;
      for (SyntheticWindow window : windows) {
        float[] row = new float[36];
        values.read(row);
        assertThat(row, is(window.values()));
        float[] label = new float[1];
        labels.read(label);
        assertThat((int) label[0], is(window.label()));
        for (int step = 0; step < 12; step++) {
          assertThat(
              csv.get(line++),
              is(
                  String.format(
                      "%d,%d,%d,%s,%s,%s",
                      window.sampleId(),
                      window.label(),
                      step,
                      row[3 * step],
                      row[3 * step + 1],
                      row[3 * step + 2])));
          assertThat(rows.next(), is(true));
          assertThat(
              Stream.of("sample_id", "label", "step", "SBP")
                  .map(name -> rows.value(rows.index(name)).toString())
                  .toList(),
              is(
                  List.of(
                      Long.toString(window.sampleId()),
                      Integer.toString(window.label()),
                      Integer.toString(step),
                      Float.toString(row[3 * step + 1]))));
        }
      }
      assertThat(rows.next(), is(false));
    }
  }

  /** Adds synthetic patients to real ones by way of MEDS. */
  @Test
  void medsRoundTripKeepsTheWindows() throws IOException {
    Pipeline write = Pipeline.create();
    write
        .apply(Create.of(TarDiffModel.open(model)))
        .apply(
            GenerateSyntheticEhr.to(directory.toString())
                .withConfig(
                    CONFIG
                        .withGuidances(List.of(Guidance.none()))
                        .withLabels(LabelMix.parse("0=3,1=20"))))
        .apply(SyntheticToEvents.create())
        .apply(Meds.write().to(directory.resolve("meds").toString()).withTask("label"));
    write.run().waitUntilFinish();

    Pipeline read = Pipeline.create();
    PCollection<EhrEvent> real =
        read.apply(Create.of(Cohort.open(cohort))).apply("Real", CohortToEvents.create());
    PCollection<EhrEvent> synthetic =
        read.apply("Synthetic", Meds.read().from(directory.resolve("meds").toString()))
            .get(EhrTags.events());
    PCollectionList.of(real)
        .and(synthetic)
        .apply(Flatten.pCollections())
        .apply(
            BuildCohort.to(directory.resolve("both").toString())
                .withConfig(
                    TinyRun.COHORT
                        .withTask(Task.named("source_label"))
                        .withWindowSteps(12)
                        .withStepMinutes(240)
                        .withVocabulary(ConceptDictionary.OWN_NAMES)));
    read.run().waitUntilFinish();

    Set<String> ids = new TreeSet<>();
    List<SyntheticWindow> drawn =
        SyntheticWindows.read(SyntheticSet.open(directory.resolve("none").toString()));
    drawn.forEach(window -> ids.add(Long.toString(window.sampleId())));
    Cohort both = Cohort.open(directory.resolve("both").toString());
    assertThat(both.count(Split.TRAIN), is(Cohort.open(cohort).count(Split.TRAIN) + drawn.size()));
    List<EhrWindow> again =
        both.readAll(Split.TRAIN).stream()
            .filter(window -> ids.contains(window.subjectId()))
            .sorted(Comparator.comparingLong(window -> Long.parseLong(window.subjectId())))
            .toList();
    assertThat(again, hasSize(drawn.size()));
    for (int i = 0; i < again.size(); i++) {
      assertThat(again.get(i).label(), is(drawn.get(i).label()));
      assertThat(again.get(i).values(), is(drawn.get(i).values()));
    }
  }

  @Test
  void exportRejectsWindowsThatDoNotMatchTheSpec() throws IOException {
    generate(directory, "--targetParallelism=2");
    Path set = directory.resolve("none/" + SyntheticSet.FILE);
    Files.writeString(set, Files.readString(set).replace("\"steps\" : 12", "\"steps\" : 11"));
    Files.delete(directory.resolve("none/manifest.json"));
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(SyntheticSet.open(set.getParent().toString())))
        .apply(ExportSynthetic.as(Set.of(ExportFormat.CSV)));
    assertThat(
        assertThrows(Exception.class, () -> pipeline.run().waitUntilFinish()).getMessage(),
        allOf(containsString("must hold 33 values"), containsString("held 36")));
    assertThat(Files.exists(directory.resolve("none/export/samples.csv")), is(false));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> ExportSynthetic.as(Set.of()))
            .getMessage(),
        containsString("formats must name at least one format"));
  }

  private static void generate(Path to, String... arguments) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
    pipeline
        .apply("Model", Create.of(TarDiffModel.open(model)))
        .apply("Generate", GenerateSyntheticEhr.to(to.toString()).withConfig(CONFIG));
    pipeline.run().waitUntilFinish();
  }
}
