package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that match moments, from the fit to a replay. */
class MomentRunTest {
  private static final Guidance MOMENT = Guidance.of(Guidance.Rule.MOMENT, 1);
  private static final Guidance CANDIDATES = Guidance.of(Guidance.Rule.CANDIDATES, 1);
  private static final GenerationConfig CONFIG =
      TinyRun.GENERATION
          .withSamplingSteps(10)
          .withSeed(3)
          .withMomentRounds(4)
          .withMomentPilot(64)
          .withCandidates(3)
          .withGuidances(List.of(Guidance.none(), MOMENT, CANDIDATES));

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

  @ParameterizedTest
  @ValueSource(strings = {"moment-1", "candidates-1"})
  void theFitBringsSamplesCloserToTuning(String name) {
    Moments moments = Moments.of(set(drawn, name), model);

    assertThat(moments.epochs(), is(Moments.points(model)));
    assertThat(moments.pilot(), is(64));
    assertThat(moments.bestRound(), greaterThan(0));
    MomentFit.Round unguided = moments.rounds().get(0);
    assertThat(moments.rounds().get(moments.bestRound()).tuning(), is(lessThan(unguided.tuning())));
    set(drawn, name).verify();
  }

  /** The first candidate is the unguided sample. */
  @Test
  void candidatesAreUnguidedSamples() {
    List<SyntheticWindow> unguided = SyntheticWindows.read(set(drawn, "none"));
    List<SyntheticWindow> chosen = SyntheticWindows.read(set(drawn, "candidates-1"));
    int first = 0;
    for (int i = 0; i < chosen.size(); i++) {
      first += Arrays.equals(chosen.get(i).values(), unguided.get(i).values()) ? 1 : 0;
    }
    double share = (double) first / chosen.size();
    double deviation = Math.sqrt(2.0 / 9 / chosen.size());
    assertThat(share, is(closeTo(1.0 / 3, 5 * deviation)));
  }

  /** With weights that outweigh the noise of the choice, it is the heaviest of the candidates. */
  @Test
  void heavyCandidatesAreChosen() {
    int features = Moments.features(model);
    try (GuidedSampler sampler = new GuidedSampler(model, CONFIG)) {
      double[][] unguided =
          sampler.drawFeatures(GuidedSampler.Steer.by(Guidance.none()), 1, 40, 16);
      for (int k : new int[] {0, features - 1}) {
        float[] tilt = new float[2 * features];
        tilt[features + k] = 1e6f;
        double[][] up = sampler.drawFeatures(GuidedSampler.Steer.by(CANDIDATES, tilt), 1, 40, 16);
        tilt[features + k] = -1e6f;
        double[][] down = sampler.drawFeatures(GuidedSampler.Steer.by(CANDIDATES, tilt), 1, 40, 16);
        int risen = 0;
        for (int i = 0; i < 16; i++) {
          assertThat(up[i][k], is(greaterThanOrEqualTo(unguided[i][k])));
          assertThat(down[i][k], is(lessThanOrEqualTo(unguided[i][k])));
          risen += up[i][k] > unguided[i][k] ? 1 : 0;
        }
        // Two of three times, on average.
        assertThat(risen, is(greaterThan(4)));
      }
    }
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

  @ParameterizedTest
  @ValueSource(strings = {"moment-1", "candidates-1"})
  void ledgerNamesTheFit(String name) {
    SyntheticSet set = set(drawn, name);
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

    for (String name :
        List.of(
            "pool/moment-1",
            "pool/candidates-1",
            "synthetic/moment-1-herding",
            "synthetic/candidates-1-herding")) {
      SyntheticSet set = set(directory, name);
      set.verify();
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
