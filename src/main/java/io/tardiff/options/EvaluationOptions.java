package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How synthetic sets are measured. */
@Description("Evaluation")
public interface EvaluationOptions extends PipelineOptions {
  @Description("Times each downstream classifier is trained, each with a seed of its own.")
  Integer getEvaluationSeeds();

  void setEvaluationSeeds(Integer seeds);

  @Description("Downstream classifiers; guidance is chosen by the first.")
  @Values(
      value = {"gru", "cnn", "logistic"},
      items = Values.Items.WORDS)
  String getEvaluationModels();

  void setEvaluationModels(String models);

  @Description("Synthetic windows added to the real ones in TSRTR, as shares of the real ones.")
  @Values(form = "number,number,...", items = Values.Items.NUMBERS)
  String getAlphas();

  void setAlphas(String alphas);
}
