package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Manifest;
import io.tardiff.progress.DisplayItems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a denoiser and a target classifier on a cohort, in parallel, and writes them as a {@link
 * TarDiffModel}.
 *
 * <pre>{@code
 * TrainingConfig config =
 *     TrainingConfig.defaults().withDenoiser(DenoiserTraining.defaults().withTrainingSteps(20_000));
 * PCollection<Cohort> cohort = events.apply("Build cohort", BuildCohort.to("gs://bucket/run/cohort"));
 * PCollection<TarDiffModel> model =
 *     cohort.apply("Train", TrainModels.to("gs://bucket/run/model").withConfig(config));
 * }</pre>
 *
 * <p>Input: one {@link Cohort}. Output: one {@link TarDiffModel}, when it is complete. The denoiser
 * streams the train split from its files and writes checkpoints, so that a lost worker costs {@link
 * TrainingConfig#checkpointSeconds} at most; a run repeated with the same cohort, configuration and
 * seed finds its model and only checks it; a damaged part is trained again, and the log names the
 * file. A directory that holds the model of another run is an error.
 *
 * <p>Some runners do not tolerate an element that takes hours. {@link
 * TrainingConfig#withTrainingRounds} therefore spreads the training of the denoiser over several
 * transforms ("Train denoiser/Round 1" and so on) with a time budget each. A round that runs out of
 * time writes a checkpoint, and the next one resumes from it, with the same final weights. The last
 * round trains to the end, however long it takes.
 *
 * <p>{@link TrainingConfig#withTrainers} lets several workers train the denoiser together.
 *
 * <p>Metrics: {@code tardiff.training/denoiserSteps}, {@code denoiserStep} (the latest step),
 * {@code denoiserResumedAtStep}, {@code denoiserLossMillionths}, {@code
 * denoiserMicrosecondsPerStep} and {@code classifierEpochs}.
 */
@AutoValue
public abstract class TrainModels
    extends PTransform<PCollection<Cohort>, PCollection<TarDiffModel>> {

  abstract String directory();

  abstract TrainingConfig config();

  /** Writes the model to {@code directory}, trained with {@link TrainingConfig#defaults()}. */
  public static TrainModels to(String directory) {
    return new AutoValue_TrainModels(directory, TrainingConfig.defaults());
  }

  public TrainModels withConfig(TrainingConfig config) {
    return new AutoValue_TrainModels(directory(), config.checked());
  }

  /**
   * Checks that models can be trained on a cohort, so that a launcher can fail before it starts a
   * pipeline.
   *
   * @throws IllegalArgumentException if its windows have gaps, train or tuning lacks a class, or
   *     masks or static covariates are wanted of a cohort that an early version built without what
   *     they need
   */
  public static void check(Cohort cohort, TrainingConfig config) {
    CohortWindows.checkFilled(cohort);
    cohort.checkEveryClass(Split.TRAIN);
    cohort.checkEveryClass(Split.TUNING);
    checkArgument(
        !DenoiserTrainer.isMasked(cohort, config.denoiser()) || cohort.filling().isPresent(),
        "missingness must be filled for %s, which an early version built and which does not say how"
            + " gaps are filled; or build it again",
        cohort.directory());
    int files = cohort.shards(Split.TRAIN).size();
    checkArgument(
        config.trainers().count() <= files,
        "trainers must be at most %s, the number of files of the train split of %s, was %s: fewer"
            + " trainers, or build the cohort with more shards",
        files,
        cohort.directory(),
        config.trainers().count());
    checkArgument(
        !config.denoiser().generateStatics() || cohort.staticCovariates().isPresent(),
        "generateStatics must be false for %s, which an early version built and which does not"
            + " describe its static covariates; or build it again",
        cohort.directory());
    checkArgument(
        !config.classifier().network().inputs().readMasks()
            || DenoiserTrainer.isMasked(cohort, config.denoiser()),
        "classifierInputs must be values, because samples will have no masks: %s",
        cohort.isFullyObserved()
            ? "the cohort " + cohort.directory() + " has no gaps"
            : "missingness is filled");
  }

  @Override
  public PCollection<TarDiffModel> expand(PCollection<Cohort> input) {
    // Check first: otherwise the denoiser might train for hours on a cohort the classifier rejects.
    PCollection<Cohort> cohort = input.apply("Check cohort", ParDo.of(new CheckFn(config())));
    PCollectionView<Cohort> cohortView = cohort.apply("Cohort", View.asSingleton());
    // Prevent fusion, so that two workers can train in parallel.
    PCollection<Cohort> denoiser =
        cohort.apply(
            "Train denoiser",
            config().trainers().areMany()
                ? new TrainTogether(config(), directory())
                : new TrainDenoiser(config(), directory()));
    PCollection<Cohort> classifier =
        cohort
            .apply("To a classifier worker", Reshuffle.viaRandomKey())
            .apply(
                "Train target classifier",
                config().resources().parDo(new TrainClassifierFn(config(), directory())));
    return PCollectionList.of(denoiser)
        .and(classifier)
        .apply("Both parts", Flatten.pCollections())
        .apply(
            "As one", WithKeys.<String, Cohort>of("model").withKeyType(TypeDescriptors.strings()))
        .apply("Wait for both", GroupByKey.create())
        .apply(
            "Finish model",
            ParDo.of(new FinishModelFn(config(), directory(), cohortView))
                .withSideInputs(cohortView));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    DisplayItems.of(this, builder);
  }

  private static final class CheckFn extends DoFn<Cohort, Cohort> {
    private final TrainingConfig config;

    CheckFn(TrainingConfig config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element Cohort cohort, OutputReceiver<Cohort> out) {
      check(cohort, config);
      out.output(cohort);
    }
  }

  /** Chains the rounds; outputs the cohort when the denoiser is trained. */
  private static final class TrainDenoiser
      extends PTransform<PCollection<Cohort>, PCollection<Cohort>> {
    private final TrainingConfig config;
    private final String directory;

    TrainDenoiser(TrainingConfig config, String directory) {
      this.config = config;
      this.directory = directory;
    }

    @Override
    public PCollection<Cohort> expand(PCollection<Cohort> cohort) {
      PCollection<Cohort> trained = cohort;
      for (int round = 1; round <= config.trainingRounds(); round++) {
        // Prevent fusion, so that the runner sees each round separately.
        trained =
            trained
                .apply("To a worker of round " + round, Reshuffle.viaRandomKey())
                .apply(
                    "Round " + round,
                    config.resources().parDo(new TrainDenoiserFn(config, directory, round)));
      }
      return trained;
    }
  }

  /** Joins the parts into {@code model.json} and the manifest, the last files of a model. */
  private static final class FinishModelFn
      extends DoFn<KV<String, Iterable<Cohort>>, TarDiffModel> {
    private static final Logger LOG = LoggerFactory.getLogger(FinishModelFn.class);

    private final TrainingConfig config;
    private final String directory;
    private final PCollectionView<Cohort> cohortView;

    FinishModelFn(TrainingConfig config, String directory, PCollectionView<Cohort> cohortView) {
      this.config = config;
      this.directory = directory;
      this.cohortView = cohortView;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<TarDiffModel> out)
        throws IOException {
      Cohort cohort = context.sideInput(cohortView);
      if (!ModelParts.isOfEarlierVersion(directory)) {
        finish(cohort);
      }
      TarDiffModel model = TarDiffModel.open(directory);
      model.files().checkMadeFrom(cohort.files());
      out.output(model);
    }

    /** Always writes the same bytes, which also repairs files damaged since. */
    private void finish(Cohort cohort) throws IOException {
      if (AtomicFile.exists(AtomicFile.resolve(directory, Manifest.FILE))) {
        try {
          TarDiffModel.open(directory);
        } catch (DamagedFileException e) {
          LOG.warn("{}. Writing it again", e.getMessage());
        }
      }
      ModelFile.DenoiserPart denoiser =
          ModelParts.read(directory, TrainDenoiserFn.PART, ModelFile.DenoiserPart.class);
      ModelFile.ClassifierPart classifier =
          ModelParts.read(directory, TrainClassifierFn.PART, ModelFile.ClassifierPart.class);
      String content =
          ModelParts.text(
              new ModelFile(
                  TarDiffModel.FORMAT,
                  config.runId(cohort.hash()),
                  config.seed(),
                  cohort.hash(),
                  cohort.spec(),
                  cohort.normaliser(),
                  cohort.scales(),
                  DenoiserTrainer.isMasked(cohort, config.denoiser())
                      ? cohort.filling().orElseThrow()
                      : null,
                  DenoiserTrainer.statics(cohort, config.denoiser()),
                  cohort.labelCounts(Split.TRAIN),
                  cohort.unlabelled() == 0 ? null : cohort.unlabelled(),
                  denoiser.timeless(),
                  classifier.timeless()));
      AtomicFile.writeText(
          AtomicFile.resolve(directory, TarDiffModel.TIMINGS),
          ModelParts.text(new TarDiffModel.Timings(denoiser.seconds(), classifier.seconds())));
      List<Manifest.Entry> files = new ArrayList<>();
      files.addAll(ModelParts.weights(directory, TrainDenoiserFn.PART));
      files.addAll(ModelParts.weights(directory, TrainClassifierFn.PART));
      files.add(
          Manifest.Entry.writeText(AtomicFile.resolve(directory, TarDiffModel.FILE), content));
      ArtefactDirectory.finish(directory, Manifest.Kind.MODEL, cohort.files().lineage(), files);
    }
  }
}
