package io.tardiff.templates;

import com.google.common.collect.ImmutableMap;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Imputation;
import io.tardiff.cohort.Unlabelled;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.evaluation.Gate;
import io.tardiff.evaluation.MetricsFile;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.files.AtomicFile;
import io.tardiff.options.Configurations;
import io.tardiff.settings.Problems;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.DistributionResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Builds a cohort from EHR data, trains models, generates synthetic sets and evaluates them, in one
 * pipeline (two on the direct runner).
 */
final class TarDiffTemplate implements Template<TarDiffOptions> {
  @Override
  public String name() {
    return "tardiff";
  }

  @Override
  public String summary() {
    return "Run all steps: from EHR data to synthetic windows and their evaluation.";
  }

  @Override
  public Class<TarDiffOptions> optionsType() {
    return TarDiffOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "--source=simulated --preset=quickstart --output=out/quickstart",
        "--source=physionet2012 --input=data/physionet2012 --output=out/physionet2012",
        "--source=simulated --stays=10000 --output=out/simulated --purpose=augment"
            + " --guidanceAt=1 --guidanceScales=0.01,0.03");
  }

  @Override
  public Job prepare(TarDiffOptions options, Problems problems) {
    Ingestion ingestion = Ingestion.of(options, problems);
    TrainingConfig training = Configurations.training(options, problems);
    Generation generation = Generation.of(options, problems);
    EvaluationConfig evaluation = Configurations.evaluation(options, problems);
    Gate gate = Configurations.gate(options, problems);
    if (ingestion.imputation() == Imputation.NONE) {
      problems.add(
          "--imputation must fill gaps because networks are trained, was none, which is only for"
              + " ingest");
    }
    if (options.getSplits() != 1) {
      // The launcher has split the command line already, unless it makes no sense.
      problems.add(
          options.getSplits() < 1
              ? "--splits must be at least 1, was " + options.getSplits()
              : "--splits must be 1 where a cluster starts the program: start a run with each"
                  + " --splitSeed, and summarise them when they are done");
    }
    Double dropout = training.denoiser().labelDropout();
    if (generation.config().labelGuidance() != 1
        && (dropout == null || dropout == 0)
        && ingestion.unlabelled() == Unlabelled.DROP) {
      problems.add(
          "--labelGuidance must be 1 without a null class: set --labelDropout above 0, or"
              + " --unlabelled=train");
    }
    return new TarDiffJob(
        ingestion, training, generation, evaluation, Configurations.testCohorts(options), gate);
  }

  private record TarDiffJob(
      Ingestion ingestion,
      TrainingConfig training,
      Generation generation,
      EvaluationConfig evaluation,
      List<String> testCohorts,
      Gate gate,
      long startNanos)
      implements Job {

    TarDiffJob(
        Ingestion ingestion,
        TrainingConfig training,
        Generation generation,
        EvaluationConfig evaluation,
        List<String> testCohorts,
        Gate gate) {
      this(ingestion, training, generation, evaluation, testCohorts, gate, System.nanoTime());
    }

    @Override
    public PCollection<?> addTo(Pipeline pipeline, RunDirectory run, PrintStream out)
        throws IOException {
      PCollection<TarDiffModel> model;
      if (Pipelines.isLocal(pipeline.getOptions())) {
        // In two pipelines: training runs one element at a time, the rest many.
        Pipeline first = Pipeline.create(pipeline.getOptions());
        addTraining(first, run);
        Pipelines.runSequentially(first);
        model =
            pipeline.apply(
                "Model", Create.of(TarDiffModel.open(run.directory(TrainTemplate.MODEL))));
      } else {
        model = addTraining(pipeline, run);
      }
      PCollectionView<Map<String, String>> sections =
          model
              .apply("Sections", ParDo.of(new RunSections.ReadFn(run.directory(Ingestion.COHORT))))
              .apply("By name", View.asMap());
      return generation
          .addTo(
              model,
              run,
              run.directory(TrainTemplate.MODEL),
              run.directory(Ingestion.COHORT),
              ingestion.classes())
          .apply("Evaluate", evaluate(run).withExpectedSets(generation.sets().size()))
          .apply(
              "Write evaluation",
              WriteEvaluation.to(run.path())
                  .withChosenIn(run.directory(GenerateTemplate.SYNTHETIC))
                  .withSections(sections)
                  .withGate(gate));
    }

    private EvaluateSyntheticEhr evaluate(RunDirectory run) {
      return EvaluateSyntheticEhr.against(run.directory(Ingestion.COHORT))
          .withConfig(evaluation)
          .withTestCohorts(testCohorts);
    }

    private PCollection<TarDiffModel> addTraining(Pipeline pipeline, RunDirectory run)
        throws IOException {
      return ingestion
          .addTo(pipeline, run)
          .apply("Check cohort", ParDo.of(new CheckCohortFn(evaluate(run))))
          .apply("Train", TrainModels.to(run.directory(TrainTemplate.MODEL)).withConfig(training));
    }

    @Override
    public void report(RunDirectory run, PipelineResult result, PrintStream out)
        throws IOException {
      addTimings(run, result, (System.nanoTime() - startNanos) / 1e9);
      reportGate(run, out);
    }

    @Override
    public void reportGate(RunDirectory run, PrintStream out) throws IOException {
      Cohort cohort = Cohort.open(run.directory(Ingestion.COHORT));
      out.println(CohortTable.of(cohort));
      out.println(ReadingTable.of(cohort));
      EvaluateTemplate.print(run, out);
      GenerateTemplate.warn(
          TarDiffModel.open(run.directory(TrainTemplate.MODEL)), generation.config(), out);
    }
  }

  /** Checks what evaluation needs before hours of training. */
  private static final class CheckCohortFn extends DoFn<Cohort, Cohort> {
    private final EvaluateSyntheticEhr evaluate;

    CheckCohortFn(EvaluateSyntheticEhr evaluate) {
      this.evaluate = evaluate;
    }

    @ProcessElement
    public void process(@Element Cohort cohort, OutputReceiver<Cohort> output) {
      EvaluateSyntheticEhr.check(cohort);
      evaluate.checkTestCohorts(cohort);
      evaluate.checkBaselines(cohort);
      output.output(cohort);
    }
  }

  /** Adds to {@code metrics.json} the timings that are known only after the pipeline has ended. */
  private static void addTimings(RunDirectory run, PipelineResult result, double seconds)
      throws IOException {
    Iterable<MetricResult<DistributionResult>> batches =
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(
                        MetricNameFilter.named("tardiff.generation", "millisecondsPerBatch"))
                    .build())
            .getDistributions();
    double sampling = 0;
    for (MetricResult<DistributionResult> batch : batches) {
      sampling += batch.getAttempted().getSum() / 1e3;
    }
    String path = run.file(WriteEvaluation.METRICS);
    WriteEvaluation.replaceMetrics(
        run.path(),
        MetricsFile.read(AtomicFile.readText(path))
            .withTimings(
                ImmutableMap.of("total_seconds", seconds, "sampling_worker_seconds", sampling))
            .json());
  }
}
