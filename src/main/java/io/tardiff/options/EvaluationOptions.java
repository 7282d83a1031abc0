package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How synthetic sets are evaluated. */
@Description("Evaluation")
public interface EvaluationOptions extends PipelineOptions {
  @Description("Number of times each downstream classifier is trained, each with another seed.")
  Integer getEvaluationSeeds();

  void setEvaluationSeeds(Integer seeds);

  @Description("Downstream classifiers. The first one is used to choose the guidance.")
  @Values(
      value = {"gru", "cnn", "logistic"},
      items = Values.Items.WORDS)
  String getEvaluationModels();

  void setEvaluationModels(String models);

  @Description(
      "Numbers of synthetic windows added in TSRTR, as shares of the number of real windows.")
  @Values(form = "number,number,...", items = Values.Items.NUMBERS)
  String getAlphas();

  void setAlphas(String alphas);
}
