package io.tardiff.templates;

import io.tardiff.cohort.Cohort;
import io.tardiff.options.Configurations;
import io.tardiff.settings.Problems;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.io.PrintStream;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;

/** Trains the denoiser and the target classifier on a cohort. */
final class TrainTemplate implements Template<TrainOptions> {
  static final String MODEL = "model";

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String summary() {
    return "Train the denoiser and the target classifier on a cohort.";
  }

  @Override
  public Class<TrainOptions> optionsType() {
    return TrainOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "--cohort=out/ingest/cohort --output=out/train",
        "--cohort=out/ingest/cohort --output=out/train --preset=quickstart",
        "--cohort=out/ingest/cohort --output=out/train --trainingSteps=20000 --classifier=cnn");
  }

  @Override
  public Job prepare(TrainOptions options, Problems problems) {
    TrainingConfig config = Configurations.training(options, problems);
    return new Job() {
      @Override
      public PCollection<?> addTo(Pipeline pipeline, RunDirectory run, PrintStream out) {
        // Report a missing cohort before the pipeline starts.
        Cohort cohort = Cohort.open(options.getCohort());
        TrainModels.check(cohort, config);
        return pipeline
            .apply("Cohort", Create.of(cohort))
            .apply("Train", TrainModels.to(run.directory(MODEL)).withConfig(config));
      }

      @Override
      public void report(RunDirectory run, PipelineResult result, PrintStream out) {
        out.println(ModelTable.of(TarDiffModel.open(run.directory(MODEL))));
      }

      @Override
      public boolean isSequential() {
        return true;
      }
    };
  }
}
