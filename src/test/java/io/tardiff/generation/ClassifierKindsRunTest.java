package io.tardiff.generation;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.tardiff.TinyRun;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.Guidance;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.FittedClassifier;
import io.tardiff.training.TarDiffModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** Each kind of target classifier that the other tests do not use, from training to a replay. */
class ClassifierKindsRunTest {
  private static final Guidance SHIFT = Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.5);
  private static final Guidance MOMENT = Guidance.of(Guidance.Rule.MOMENT, 1);
  private static final int STEPS = 12;
  private static final int CHANNELS = 3;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "transformer", "summary"})
  void guidesSelectsExportsAndReplays(String kind) {
    String cohort = TinyRun.cohort(directory.resolve("cohort"));
    ClassifierConfig network = ClassifierConfig.forName(kind).withHidden(12).withLayers(1);
    TarDiffModel model =
        TarDiffModel.open(
            TinyRun.model(
                cohort,
                TinyRun.TRAINING.withClassifier(ClassifierTraining.of(network).withEpochs(2)),
                directory.resolve("model")));
    assertThat(model.classifier(), is(network));

    LabelMix labels = LabelMix.parse("0=9,1=8");
    GenerationConfig config =
        TinyRun.GENERATION
            .withSeed(2)
            .withMomentRounds(1)
            .withMomentPilot(32)
            .withLabels(labels.times(2))
            .withGuidances(List.of(Guidance.none(), SHIFT, MOMENT));
    Pipeline pipeline = Pipeline.create();
    PCollection<TarDiffModel> models = pipeline.apply(Create.of(model));
    models
        .apply(
            GenerateSyntheticEhr.to(directory.resolve("pool").toString())
                .withCohort(cohort)
                .withConfig(config))
        .apply(
            SelectForTarget.of(model.directory(), cohort)
                .to(directory.resolve("sets").toString())
                .withLabels(labels)
                .withSelection(Selection.herding().withFourierFeatures(16)));
    models.apply(ExportSavedModels.to(directory.resolve("saved").toString()).withConfig(config));
    pipeline.run().waitUntilFinish();

    SyntheticSet none = set("sets/none");
    for (SyntheticSet set : List.of(none, set("sets/mean_shift-0.5"), set("sets/moment-1"))) {
      if (set.guidance().isGuided() && set.guidance().rule() != Guidance.Rule.MOMENT) {
        assertThat(
            SyntheticWindows.read(set).get(0).values(),
            is(not(SyntheticWindows.read(none).get(0).values())));
      }
      SyntheticSet herded = set("sets/" + set.name() + "-herding");
      for (SyntheticSet each : List.of(set, herded)) {
        each.verify();
        for (Replay.Sample sample : Replay.of(each, model).samples(List.of(0L, 8L, 20L))) {
          assertThat(sample.difference(), sample.outcome(), is(not(Replay.Outcome.DIFFERENT)));
        }
      }
    }
    savedClassifierIsTheClassifier(model, directory.resolve("saved/classifier"));
  }

  private SyntheticSet set(String name) {
    return SyntheticSet.open(directory.resolve(name).toString());
  }

  private static void savedClassifierIsTheClassifier(TarDiffModel model, Path saved) {
    float[] values = new float[5 * STEPS * CHANNELS];
    Seeds.fillGaussian(values, 0, values.length, 3, "windows");
    float[] clinical = values.clone();
    model.normaliser().denormalise(clinical);
    float[][] expected;
    try (FittedClassifier classifier =
        FittedClassifier.restore(
            model.classifierTraining(),
            STEPS,
            CHANNELS,
            2,
            model.classifierWeights(model.bestEpoch()),
            List.of())) {
      expected = classifier.logits(new LabelledWindows(STEPS, CHANNELS, 2, values, new int[5]));
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(saved.toString());
        TFloat32 input = TFloat32.tensorOf(Shape.of(5, STEPS, CHANNELS), DataBuffers.of(clinical));
        Result result = bundle.function("serving_default").call(Map.of("values", input))) {
      TFloat32 logits = (TFloat32) result.get("logits").orElseThrow();
      for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 2; k++) {
          assertThat((double) logits.getFloat(i, k), is(closeTo(expected[i][k], 1e-4)));
        }
      }
    }
  }
}
