package io.tardiff.templates;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How synthetic sets are measured. */
@Description("Evaluation")
public interface EvaluationOptions extends PipelineOptions {
  @Description("Times each downstream classifier is trained, each with a seed of its own.")
  @Default.Integer(3)
  Integer getEvaluationSeeds();

  void setEvaluationSeeds(Integer seeds);

  @Description("Downstream classifiers.")
  @Default.String("gru,cnn")
  @Values(
      value = {"gru", "cnn", "logistic"},
      list = true)
  String getEvaluationModels();

  void setEvaluationModels(String models);

  @Description("Synthetic windows added to the real ones in TSRTR, as shares of the real ones.")
  @Default.String("0.2,0.6,1")
  @Values(form = "number,number,...")
  String getAlphas();

  void setAlphas(String alphas);
}
