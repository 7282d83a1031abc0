package io.tardiff.templates;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The target classifier and its training. */
@Description("Target classifier")
public interface ClassifierOptions extends PipelineOptions {
  @Description("Network of the target classifier.")
  @Default.String("gru")
  @Values({"gru", "cnn"})
  String getClassifier();

  void setClassifier(String classifier);

  @Description(
      "Most epochs the target classifier is trained; the weights of the epoch with the best tuning"
          + " AUPRC are kept.")
  @Default.Integer(30)
  Integer getClassifierEpochs();

  void setClassifierEpochs(Integer epochs);

  @Description("Weigh classes by the inverse of their frequency.")
  @Default.Boolean(false)
  Boolean getClassWeighting();

  void setClassWeighting(Boolean weighting);
}
