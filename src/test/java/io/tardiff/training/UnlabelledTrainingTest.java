package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import io.tardiff.tensorflow.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A denoiser that also learns from windows without a label. */
class UnlabelledTrainingTest {
  @TempDir static Path directory;
  private static Cohort cohort;

  @BeforeAll
  static void build() {
    cohort = Cohort.open(TinyRun.unlabelledCohort(directory.resolve("cohort")));
    assertThat(cohort.unlabelled(), is(greaterThan(10L)));
  }

  @Test
  void anEpochHoldsEveryWindowOnceWhetherItFitsOrIsStreamed() {
    DenoiserLayout layout = new DenoiserLayout(cohort.spec(), false, List.of());
    int count = (int) (cohort.count(Split.TRAIN) + cohort.unlabelled());
    for (int capacity : new int[] {1_000, 20}) {
      try (ShuffledWindows windows =
          new ShuffledWindows(cohort, cohort.denoiserShards(), layout, 1, 16, 0, capacity)) {
        int[] labels = windows.next(count).labels();
        assertThat(
            Arrays.stream(labels).filter(label -> label == EhrWindow.UNLABELLED).count(),
            is(cohort.unlabelled()));
        for (int k = 0; k < cohort.spec().classes(); k++) {
          int label = k;
          assertThat(
              Arrays.stream(labels).filter(l -> l == label).count(),
              is(cohort.labelCounts(Split.TRAIN)[k]));
        }
      }
    }
  }

  @Test
  void modelHasANullClass() {
    TarDiffModel model =
        TarDiffModel.open(
            TinyRun.model(cohort.directory(), TinyRun.TRAINING, directory.resolve("model")));

    assertThat(model.hasNullClass(), is(true));
    assertThat(model.trainUnlabelled(), is(cohort.unlabelled()));
    assertThat(model.denoiserLabels(), is(3));
    assertThat(model.denoiser().labelDropout(), is(0.1));
    assertThat(label(model.denoiserWeights()).shape()[0], is(3L));
    assertThat(model.trainLabels(), is(cohort.labelCounts(Split.TRAIN)));
    model.checkTrainedOn(cohort);
    model.verify();
  }

  @Test
  void labelDropoutAloneGivesANullClassToo() {
    Cohort labelled = Cohort.open(TinyRun.cohort(directory.resolve("labelled")));
    TrainingConfig dropout =
        TinyRun.TRAINING.withDenoiser(TinyRun.TRAINING.denoiser().withLabelDropout(0.3));
    TarDiffModel model =
        TarDiffModel.open(
            TinyRun.model(labelled.directory(), dropout, directory.resolve("dropout")));
    TarDiffModel plain = TarDiffModel.open(TinyRun.model(directory.resolve("plain")));

    assertThat(model.hasNullClass(), is(true));
    assertThat(model.trainUnlabelled(), is(0L));
    assertThat(model.id(), is(not(plain.id())));
    assertThat(plain.hasNullClass(), is(false));
    assertThat(label(plain.denoiserWeights()).shape()[0], is(2L));
  }

  @Test
  void resumedTrainingEndsWithTheSameWeights() throws IOException {
    DenoiserTraining training = TinyRun.TRAINING.denoiser().withTrainingSteps(30);
    List<DenoiserTrainer.Checkpoint> kept = new ArrayList<>();
    DenoiserTrainer.Trained whole =
        DenoiserTrainer.train(
                cohort,
                training,
                3,
                null,
                (step, loss, checkpoint) -> {
                  if (step == 17) {
                    kept.add(checkpoint.get());
                  }
                  return true;
                })
            .orElseThrow();
    DenoiserTrainer.Trained resumed =
        DenoiserTrainer.train(cohort, training, 3, kept.get(0), (step, loss, checkpoint) -> true)
            .orElseThrow();

    assertThat(bytes(resumed.weights()), is(bytes(whole.weights())));
    DenoiserTrainer.Trained other =
        DenoiserTrainer.train(
                cohort, training.withLabelDropout(0.5), 3, null, (step, loss, checkpoint) -> true)
            .orElseThrow();
    assertThat(bytes(other.weights()), is(not(bytes(whole.weights()))));
  }

  private static Weights.Weight label(Weights weights) {
    return weights.get("label");
  }

  private static byte[] bytes(Weights weights) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    weights.write(out);
    return out.toByteArray();
  }
}
