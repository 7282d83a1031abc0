package io.tardiff.selection;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Throwables;
import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.FourierFeatures;
import io.tardiff.influence.Herding;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.training.CohortWindows;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectForTargetTest {
  private static final LabelMix KEPT = LabelMix.parse("0=20,1=8");
  private static final Selection HERDING = Selection.herding().withFourierFeatures(64);

  @TempDir static Path shared;
  private static String cohort;
  private static String model;
  private static SyntheticSet pool;

  @TempDir Path directory;

  @BeforeAll
  static void draw() {
    cohort = TinyRun.cohort(shared.resolve("cohort"));
    model = TinyRun.model(shared.resolve("model"));
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply("Model", Create.of(TarDiffModel.open(model)))
        .apply(
            "Pool",
            GenerateSyntheticEhr.to(shared.resolve("pool").toString())
                .withConfig(
                    GenerationConfig.defaults()
                        .withSamplingBatch(16)
                        .withSamplingSteps(5)
                        .withNumShards(2)
                        .withLabels(KEPT.times(3))));
    pipeline.run().waitUntilFinish();
    pool = SyntheticSet.open(shared.resolve("pool/none").toString());
  }

  @Test
  void matchesHerdingWithoutBeam() throws IOException {
    select(directory, HERDING);

    SyntheticSet set = SyntheticSet.open(directory.resolve("none-herding").toString());
    Set<Long> expected = new HashSet<>();
    Map<Integer, Double> errors = new TreeMap<>();
    herd(expected, errors);
    assertThat(ids(set), is(expected));
    JsonNode json =
        new ObjectMapper().readTree(directory.resolve("none-herding/set.json").toFile());
    JsonNode baseline = new ObjectMapper().readTree(directory.resolve("none/set.json").toFile());
    for (int label = 0; label < 2; label++) {
      double error = json.at("/embedding_error/" + label).asDouble();
      assertThat(Math.abs(error - errors.get(label)), is(lessThan(1e-6)));
      assertThat(baseline.at("/embedding_error/" + label).asDouble(), is(greaterThan(error)));
    }
  }

  /** Herds all windows at once, without Beam. */
  private static void herd(Set<Long> kept, Map<Integer, Double> errors) {
    Cohort opened = Cohort.open(cohort);
    LabelledWindows real =
        LabelledWindows.concat(
            List.of(
                CohortWindows.load(opened, Split.TRAIN), CohortWindows.load(opened, Split.TUNING)));
    List<SyntheticWindow> windows = SyntheticWindows.read(pool);
    float[] values = new float[windows.size() * real.stride()];
    int[] labels = new int[windows.size()];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(windows.get(i).values(), 0, values, i * real.stride(), real.stride());
      labels[i] = windows.get(i).label();
    }
    opened.normaliser().normalise(values);
    try (SharedInstances.Lease<TargetFeatures> lease = TargetFeatures.lease(model, HERDING)) {
      float[][] ofReal = lease.get().of(real);
      float[][] ofPool =
          lease.get().of(new LabelledWindows(real.steps(), real.channels(), 2, values, labels));
      FourierFeatures embedding =
          RealFeatures.embedding(new RealFeatures("all", real.labels(), ofReal).moments(), HERDING);
      double[] sums = new RealFeatures("all", real.labels(), ofReal).embedded(embedding, 2);
      for (int label = 0; label < 2; label++) {
        List<SyntheticWindow> ofLabel = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
          if (labels[i] == label) {
            ofLabel.add(windows.get(i));
            rows.add(embedding.of(ofPool[i]));
          }
        }
        Herding.Herd herd =
            Herding.select(
                rows.toArray(float[][]::new),
                RealFeatures.target(sums, label, 64),
                label == 0 ? 20 : 8);
        Arrays.stream(herd.order()).forEach(i -> kept.add(ofLabel.get(i).sampleId()));
        errors.put(label, herd.error());
      }
    }
  }

  @Test
  void ledgerCoversTheWholePool() {
    select(directory, HERDING);

    SyntheticSet set = SyntheticSet.open(directory.resolve("none-herding").toString());
    List<LedgerRecord> ledger = SyntheticWindows.readLedger(set);
    assertThat(ledger.size(), is(84));
    assertThat(set.pool(), is(84L));
    assertThat(set.count(), is(28L));
    Set<Long> kept =
        ledger.stream()
            .filter(LedgerRecord::kept)
            .map(LedgerRecord::sampleId)
            .collect(Collectors.toSet());
    assertThat(kept, is(ids(set)));
    assertThat(
        ledger.stream()
            .filter(record -> record.label() == 1 && record.rank() != null)
            .map(LedgerRecord::rank)
            .sorted()
            .toList(),
        is(List.of(0, 1, 2, 3, 4, 5, 6, 7)));
    assertThat(
        ledger.stream().allMatch(record -> record.kept() == (record.rank() != null)), is(true));
    // The samples equal those of the pool.
    Map<Long, SyntheticWindow> drawn =
        SyntheticWindows.read(pool).stream()
            .collect(Collectors.toMap(SyntheticWindow::sampleId, window -> window));
    for (SyntheticWindow window : SyntheticWindows.read(set)) {
      assertThat(window.values(), is(drawn.get(window.sampleId()).values()));
      assertThat(window.label(), is(drawn.get(window.sampleId()).label()));
    }
  }

  @Test
  void baselineIsTheFirstSamplesOfEachClass() {
    select(directory, HERDING);

    SyntheticSet set = SyntheticSet.open(directory.resolve("none").toString());
    // Class 1 begins after the 60 of class 0.
    Set<Long> first = new HashSet<>();
    for (long id = 0; id < 20; id++) {
      first.add(id);
    }
    for (long id = 60; id < 68; id++) {
      first.add(id);
    }
    assertThat(ids(set), is(first));
    assertThat(SyntheticWindows.readLedger(set).size(), is(28));
  }

  @Test
  void sameBytesWithOneAndFourWorkersAndOnFlink() throws IOException {
    Selection inParts = HERDING.withHerdShards(3);
    select(directory.resolve("one"), inParts, "--targetParallelism=1");
    select(directory.resolve("four"), inParts, "--targetParallelism=4");
    select(
        directory.resolve("flink"),
        inParts,
        "--runner=FlinkRunner",
        "--flinkMaster=[local]",
        "--parallelism=2");

    Map<String, byte[]> one = TinyRun.files(directory.resolve("one"));
    assertThat(one.isEmpty(), is(false));
    for (String other : List.of("four", "flink")) {
      Map<String, byte[]> files = TinyRun.files(directory.resolve(other));
      assertThat(files.keySet(), is(one.keySet()));
      files.forEach((name, bytes) -> assertThat(other + " " + name, bytes, is(one.get(name))));
    }
  }

  @Test
  void partsContributeInProportionToTheirSize() {
    select(directory, HERDING.withHerdShards(4));

    SyntheticSet set = SyntheticSet.open(directory.resolve("none-herding").toString());
    Map<Long, Long> ofParts =
        SyntheticWindows.read(set).stream()
            .filter(window -> window.label() == 0)
            .collect(Collectors.groupingBy(window -> window.sampleId() % 4, Collectors.counting()));
    assertThat(ofParts, is(Map.of(0L, 5L, 1L, 5L, 2L, 5L, 3L, 5L)));
  }

  @Test
  void rejectsSamplesTooCloseToTrain() {
    List<SyntheticWindow> windows = SyntheticWindows.read(pool);
    Cohort opened = Cohort.open(cohort);
    List<float[]> values = new ArrayList<>();
    for (SyntheticWindow window : windows) {
      float[] copy = window.values().clone();
      opened.normaliser().normalise(copy);
      values.add(copy);
    }
    double[] distances = NearestTrain.distances(opened, values);
    double[] real =
        NearestTrain.distances(
            opened,
            opened.readAll(Split.TUNING).stream()
                .map(
                    window -> {
                      float[] copy = window.values().clone();
                      opened.normaliser().normalise(copy);
                      return copy;
                    })
                .toList());
    Arrays.sort(real);
    double[] sorted = distances.clone();
    Arrays.sort(sorted);
    // Excludes a tenth of the pool.
    double limit = sorted[8] / real[real.length / 2];
    Set<Long> close = new HashSet<>();
    for (int i = 0; i < distances.length; i++) {
      if (distances[i] < limit * real[real.length / 2]) {
        close.add(windows.get(i).sampleId());
      }
    }
    assertThat(close.isEmpty(), is(false));

    select(directory, HERDING.withMinimumDistance(limit));

    SyntheticSet set = SyntheticSet.open(directory.resolve("none-herding").toString());
    assertThat(ids(set), everyItem(not(in(close))));
    assertThat(
        message(HERDING.withMinimumDistance(1e6), KEPT),
        containsString("draw a larger pool (poolFactor) or lower minimumDistance"));
  }

  @Test
  void rejectsAPoolThatIsTooSmall() {
    assertThat(
        message(HERDING, LabelMix.parse("0=20,1=25")),
        containsString("must hold at least 25 samples of class 1, held 24"));
  }

  @Test
  void rejectsTheCohortOfAnotherModel() throws IOException {
    Path other = shared.resolve("other");
    if (!Files.exists(other)) {
      Files.createDirectories(other);
      for (Path file : Files.list(Path.of(cohort)).filter(Files::isRegularFile).toList()) {
        Files.copy(file, other.resolve(file.getFileName()));
      }
      Path json = other.resolve("cohort.json");
      Files.writeString(
          json, Files.readString(json).replace(Cohort.open(cohort).hash(), "0".repeat(64)));
      Files.delete(other.resolve("manifest.json"));
    }
    assertThat(
        failure(
            SelectForTarget.of(model, other.toString())
                .to(directory.toString())
                .withLabels(KEPT)
                .withSelection(HERDING)),
        containsString("cohort must be the one that model"));
  }

  @Test
  void rejectsAModelWithoutClassifierWeights() throws IOException {
    Path bare = Files.createDirectories(directory.resolve("bare"));
    for (Path file : Files.list(Path.of(model)).filter(Files::isRegularFile).toList()) {
      if (!file.getFileName().toString().startsWith("classifier-")) {
        Files.copy(file, bare.resolve(file.getFileName()));
      }
    }
    Throwable thrown =
        thrown(
            SelectForTarget.of(bare.toString(), cohort)
                .to(directory.resolve("refused").toString())
                .withLabels(KEPT)
                .withSelection(HERDING));
    List<String> messages =
        Throwables.getCausalChain(thrown).stream().map(Throwable::getMessage).toList();
    assertThat(
        messages,
        hasItem(matchesPattern(".*classifier-\\d+\\.avro is missing, although manifest.*")));
  }

  @Test
  void rejectsInvalidConfigurations() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> KEPT.times(0.5)).getMessage(),
        containsString("poolFactor must be at least 1, was 0.5"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> HERDING.withFourierFeatures(1))
            .getMessage(),
        containsString("fourierFeatures must be from 8 to 65536, was 1"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> SelectionMethod.of("best")).getMessage(),
        containsString("selection must be none or herding, was best"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> RealFeatures.target(new double[2 * 65], 1, 64))
            .getMessage(),
        containsString("class 1 must have real windows"));
    assertThat(TarDiffModel.open(model).cohortHash(), is(Cohort.open(cohort).hash()));
  }

  private String message(Selection selection, LabelMix labels) {
    return failure(
        SelectForTarget.of(model, cohort)
            .to(directory.resolve("refused").toString())
            .withLabels(labels)
            .withSelection(selection));
  }

  private static String failure(SelectForTarget select) {
    return Throwables.getRootCause(thrown(select)).getMessage();
  }

  private static Throwable thrown(SelectForTarget select) {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply("Pools", Create.of(pool)).apply("Select", select);
    return assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
  }

  private static void select(Path to, Selection selection, String... arguments) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
    pipeline
        .apply("Pools", Create.of(pool))
        .apply(
            "Select",
            SelectForTarget.of(model, cohort)
                .to(to.toString())
                .withLabels(KEPT)
                .withSelection(selection));
    pipeline.run().waitUntilFinish();
  }

  private static Set<Long> ids(SyntheticSet set) {
    return SyntheticWindows.read(set).stream()
        .map(SyntheticWindow::sampleId)
        .collect(Collectors.toSet());
  }
}
