package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import com.google.auto.value.AutoValue;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.synthetic.SyntheticSet;
import java.util.List;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Synthetic sets to what they are worth. */
@AutoService(SchemaTransformProvider.class)
public final class Evaluate extends Provider<Evaluate.Configuration> {
  static final String CHOSEN = "chosen";

  public Evaluate() {
    super(
        "evaluate",
        List.of(INPUT),
        List.of(OUTPUT, CHOSEN),
        "Measures utility, fidelity, plausibility and privacy of synthetic sets against the held-out"
            + " windows of a cohort, and writes metrics.json, report.html and chosen.json. Takes rows"
            + " of sets as generate and select give them. The rows of output are the utility table:"
            + " protocol, guidance_rule, guidance_scale, selection, alpha, model, train_windows,"
            + " auroc and auprc on held_out, tuning_auroc and tuning_auprc (each with mean, sd and"
            + " values), seeds, fit_seconds and gain. The row of chosen is the set to keep.");
  }

  /** Fields. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Configuration extends WorkerConfiguration {
    @SchemaFieldDescription("Directory of the cohort; it need not be there before the sets are.")
    public abstract String getCohort();

    @SchemaFieldDescription(
        "Times each downstream classifier is trained, each with a seed of its own; 3 where it is"
            + " left out.")
    public abstract @Nullable Integer getEvaluationSeeds();

    @SchemaFieldDescription(
        "Downstream classifiers, gru and cnn, the first of which chooses; both where it is left"
            + " out.")
    public abstract @Nullable List<String> getEvaluationModels();

    @SchemaFieldDescription(
        "Synthetic windows added to the real ones in TSRTR, as shares of the real ones; 0.2, 0.6 and"
            + " 1 where it is left out.")
    public abstract @Nullable List<Double> getAlphas();
  }

  static EvaluationConfig config(Configuration given, Fields fields) {
    EvaluationConfig config = EvaluationConfig.defaults().withResources(given.resources(fields));
    config =
        fields.apply(
            "evaluation_seeds",
            given.getEvaluationSeeds(),
            config,
            (c, count) -> c.withSeeds(count));
    config =
        fields.apply(
            "evaluation_models", given.getEvaluationModels(), config, EvaluationConfig::withModels);
    return fields.apply("alphas", given.getAlphas(), config, EvaluationConfig::withAlphas);
  }

  @Override
  Expansion prepare(Configuration given, Fields fields) {
    fields.checkNamed("cohort", given.getCohort());
    EvaluationConfig config = config(given, fields);
    List<String> models = EvaluateSyntheticEhr.classifiers().models();
    for (String model : config.models()) {
      if (!models.contains(model)) {
        fields.add("evaluation_models must be of " + models + ", was " + model);
      }
    }
    return inputs -> {
      PCollectionTuple evaluated =
          Rows.sets(inputs)
              .apply(
                  "Evaluate", EvaluateSyntheticEhr.against(given.getCohort()).withConfig(config));
      PCollection<String> written =
          evaluated.apply("Write evaluation", WriteEvaluation.to(given.getOutput()));
      PCollection<SyntheticSet> chosen =
          evaluated
              .get(EvaluateSyntheticEhr.CHOICE)
              .apply(
                  "Chosen",
                  MapElements.into(TypeDescriptor.of(SyntheticSet.class))
                      .via(GuidanceChoice::getChosen));
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
