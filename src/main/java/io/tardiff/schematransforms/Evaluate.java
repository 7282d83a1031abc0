package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.evaluation.Gate;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.options.Configurations;
import io.tardiff.options.EvaluationOptions;
import io.tardiff.options.GateOptions;
import io.tardiff.options.ResourceOptions;
import io.tardiff.settings.Problems;
import io.tardiff.synthetic.SyntheticSet;
import java.util.List;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Evaluates synthetic sets. */
@AutoService(SchemaTransformProvider.class)
public final class Evaluate extends Provider<Evaluate.Fields> {
  static final String CHOSEN = "chosen";

  public Evaluate() {
    super(
        "evaluate",
        List.of(INPUT),
        List.of(OUTPUT, CHOSEN),
        Fields.class,
        "Measures utility, fidelity, plausibility and privacy of synthetic sets against the"
            + " held-out windows of a cohort, and writes metrics.json, report.html and chosen.json."
            + " Takes rows of sets from generate, select or import_synthetic. The rows of output"
            + " are the utility table: protocol, test, guidance_rule, guidance_scale, selection,"
            + " origin, alpha, model, train_windows, auroc and auprc on the test windows,"
            + " tuning_auroc and tuning_auprc (each with mean, sd and values), seeds, fit_seconds,"
            + " gain and against_real. The row of chosen is the set to keep. With bounds such as"
            + " min_tstr_auroc, the pipeline fails after the files are written if the chosen set"
            + " does not meet one; there is then no output.");
  }

  /** The fields of the configuration. */
  public interface Fields
      extends OutputField, CohortField, EvaluationOptions, GateOptions, ResourceOptions {}

  @Override
  Expansion prepare(Fields fields, Row row, Problems problems) {
    EvaluationConfig config = Configurations.evaluation(fields, problems);
    Gate gate = Configurations.gate(fields, problems);
    return inputs -> {
      PCollectionTuple evaluated =
          Rows.sets(inputs)
              .apply(
                  "Evaluate",
                  EvaluateSyntheticEhr.against(fields.getCohort())
                      .withConfig(config)
                      .withTestCohorts(Configurations.testCohorts(fields)));
      PCollection<String> written =
          evaluated.apply(
              "Write evaluation", WriteEvaluation.to(fields.getOutput()).withGate(gate));
      PCollection<SyntheticSet> chosen =
          evaluated
              .get(EvaluateSyntheticEhr.CHOICE)
              .apply(
                  "Chosen",
                  MapElements.into(TypeDescriptor.of(SyntheticSet.class))
                      .via(GuidanceChoice::getChosen))
              // What releases the set must not start before the gate is passed.
              .apply("Passed", Wait.on(written));
      return PCollectionRowTuple.of(
              OUTPUT,
              Rows.of(
                  evaluated
                      .get(EvaluateSyntheticEhr.UTILITY)
                      .apply("When written", Wait.on(written))))
          .and(CHOSEN, Rows.ofSets(chosen));
    };
  }
}
