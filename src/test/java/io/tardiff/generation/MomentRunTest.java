package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.TinyRun;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.files.DamagedFileException;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.MomentFit;
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
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moment guidance, from the fit to a replay. */
class MomentRunTest {
  private static final Guidance MOMENT = Guidance.of(Guidance.Rule.MOMENT, 1);
  private static final GenerationConfig CONFIG =
      TinyRun.GENERATION
          .withSamplingSteps(10)
          .withSeed(3)
          .withMomentRounds(4)
          .withMomentPilot(64)
          .withGuidances(List.of(Guidance.none(), MOMENT));

  @TempDir static Path shared;
  private static String cohort;
  private static TarDiffModel model;
  private static Path drawn;

  @TempDir Path directory;

  @BeforeAll
  static void draw() {
    cohort = TinyRun.cohort(shared.resolve("cohort"));
    model = TarDiffModel.open(TinyRun.model(shared.resolve("model")));
    drawn = shared.resolve("drawn");
    generate(drawn, CONFIG, "--targetParallelism=3");
  }

  private static void generate(Path to, GenerationConfig config, String... arguments) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
    pipeline
        .apply("Model", Create.of(model))
        .apply(
            "Generate",
            GenerateSyntheticEhr.to(to.toString()).withCohort(cohort).withConfig(config));
    pipeline.run().waitUntilFinish();
  }

  private static SyntheticSet set(Path root, String name) {
    return SyntheticSet.open(root.resolve(name).toString());
  }

  @Test
  void theFitBringsSamplesCloserToTuning() {
    Moments moments = Moments.of(set(drawn, "moment-1"), model);

    assertThat(moments.epochs(), is(Moments.points(model)));
    assertThat(moments.pilot(), is(64));
    assertThat(moments.bestRound(), greaterThan(0));
    MomentFit.Round unguided = moments.rounds().get(0);
    assertThat(moments.rounds().get(moments.bestRound()).tuning(), is(lessThan(unguided.tuning())));
    set(drawn, "moment-1").verify();
  }

  @Test
  void guidesItsSetAndLeavesTheUnguidedAsItIs() {
    generate(directory, CONFIG.withGuidances(List.of(Guidance.none())));

    List<SyntheticWindow> alone = SyntheticWindows.read(set(directory, "none"));
    List<SyntheticWindow> unguided = SyntheticWindows.read(set(drawn, "none"));
    List<SyntheticWindow> guided = SyntheticWindows.read(set(drawn, "moment-1"));
    for (int i = 0; i < alone.size(); i++) {
      assertThat(unguided.get(i).values(), is(alone.get(i).values()));
      assertThat(guided.get(i).values(), is(not(alone.get(i).values())));
    }
  }

  @Test
  void ledgerNamesTheFit() {
    SyntheticSet set = set(drawn, "moment-1");
    String hash = Moments.of(set, model).hash();

    assertThat(hash, is(not(model.guidanceHash(model.bestEpoch()))));
    assertThat(
        SyntheticWindows.readLedger(set).stream().map(LedgerRecord::guidanceSetHash).toList(),
        everyItem(is(hash)));
  }

  @Test
  void sameBytesWithOneWorker() throws IOException {
    generate(directory, CONFIG, "--targetParallelism=1");

    Map<String, byte[]> one = TinyRun.files(directory);
    Map<String, byte[]> three = TinyRun.files(drawn);
    assertThat(one.keySet(), is(three.keySet()));
    one.forEach((name, bytes) -> assertThat(name, bytes, is(three.get(name))));
  }

  @Test
  void samplesOfASetAndOfASelectionCanBeDrawnAgain() {
    LabelMix labels = LabelMix.parse("0=9,1=8");
    Pipeline pipeline = Pipeline.create();
    PCollection<SyntheticSet> pool =
        pipeline
            .apply(Create.of(model))
            .apply(
                GenerateSyntheticEhr.to(directory.resolve("pool").toString())
                    .withCohort(cohort)
                    .withConfig(CONFIG.withLabels(labels.times(2)).withMomentRounds(1)));
    pool.apply(
        SelectForTarget.of(model.directory(), cohort)
            .to(directory.resolve("synthetic").toString())
            .withLabels(labels)
            .withSelection(Selection.herding().withFourierFeatures(16)));
    pipeline.run().waitUntilFinish();

    SyntheticSet herded = set(directory, "synthetic/moment-1-herding");
    herded.verify();
    for (SyntheticSet set : List.of(set(directory, "pool/moment-1"), herded)) {
      for (Replay.Sample sample : Replay.of(set, model).samples(List.of(0L, 17L, 30L))) {
        assertThat(sample.difference(), sample.outcome(), is(not(Replay.Outcome.DIFFERENT)));
      }
    }
  }

  @Test
  void aDamagedFitIsAnError() throws IOException {
    generate(directory, CONFIG.withMomentRounds(1).withLabels(LabelMix.parse("0=2,1=2")));
    Path file = directory.resolve("moment-1/" + Moments.FILE);
    SyntheticSet set = set(directory, "moment-1");
    Files.writeString(file, Files.readString(file).replace("\"pilot\" : 64", "\"pilot\" : 65"));

    assertThat(
        assertThrows(DamagedFileException.class, () -> Replay.of(set, model)).getMessage(),
        containsString(Moments.FILE));
    assertThrows(DamagedFileException.class, set::verify);
  }

  @Test
  void needsACohort() {
    Pipeline pipeline = Pipeline.create();
    PCollection<TarDiffModel> models = pipeline.apply(Create.of(model));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    models.apply(GenerateSyntheticEhr.to(directory.toString()).withConfig(CONFIG)))
            .getMessage(),
        containsString("withCohort(directory) must be called"));
  }

  @Test
  void anotherCohortIsAnError() {
    String other = directory.resolve("other").toString();
    Pipeline build = Pipeline.create();
    build
        .apply(SimulatedIcu.of(60).withSeed(2))
        .apply(BuildCohort.to(other).withConfig(TinyRun.COHORT));
    build.run().waitUntilFinish();
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(model))
        .apply(
            GenerateSyntheticEhr.to(directory.resolve("sets").toString())
                .withCohort(other)
                .withConfig(CONFIG));
    assertThat(
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish()).getMessage(),
        containsString("cohort must be the one that model"));
  }
}
