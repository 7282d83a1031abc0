package io.tardiff.samples;

import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.training.DenoiserTraining;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;

/**
 * The complete pipeline: events, cohort, model, synthetic windows and evaluation. It takes a few
 * minutes; then open {@code target/ten-lines/report.html}.
 *
 * <pre>
 * mvn -q test-compile exec:java@sample -Dsample=TenLines
 * </pre>
 */
public final class TenLines {
  private TenLines() {}

  public static void main(String[] args) {
    CohortConfig cohort = CohortConfig.defaults().withChannels(List.of("HR", "SBP", "SpO2"));
    TrainingConfig training =
        TrainingConfig.defaults().withDenoiser(DenoiserTraining.defaults().withTrainingSteps(500));
    Pipeline pipeline = Pipeline.create();
    PCollection<EhrEvent> events = pipeline.apply("Simulate", SimulatedIcu.of(1_200));
    synthesise(events, cohort, training, EvaluationConfig.defaults(), "target/ten-lines");
    pipeline.run().waitUntilFinish();
  }

  static PCollection<String> synthesise(
      PCollection<EhrEvent> events,
      CohortConfig cohort,
      TrainingConfig training,
      EvaluationConfig evaluation,
      String out) {
    return events
        .apply("Build cohort", BuildCohort.to(out + "/cohort").withConfig(cohort))
        .apply("Train", TrainModels.to(out + "/model").withConfig(training))
        .apply("Generate", GenerateSyntheticEhr.to(out + "/synthetic"))
        .apply("Evaluate", EvaluateSyntheticEhr.against(out + "/cohort").withConfig(evaluation))
        .apply("Write evaluation", WriteEvaluation.to(out));
  }
}
