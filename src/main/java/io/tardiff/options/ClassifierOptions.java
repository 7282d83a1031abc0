package io.tardiff.options;

import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.GuidanceOver;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The target classifier and its training. */
@Description("Target classifier")
public interface ClassifierOptions extends PipelineOptions {
  @Description("Network of the target classifier.")
  @Values(constantsOf = ClassifierConfig.Kind.class)
  String getClassifier();

  void setClassifier(String classifier);

  @Description(
      "Most epochs the target classifier is trained; the weights of the epoch with the best tuning"
          + " AUPRC are kept.")
  Integer getClassifierEpochs();

  void setClassifierEpochs(Integer epochs);

  @Description(
      "Let every class weigh the same in the classifier's loss, whatever its number of windows.")
  Boolean getClassWeighting();

  void setClassWeighting(Boolean weighting);

  @Description(
      "Windows of the tuning split that the guidance direction is the mean over: all alike, or"
          + " balanced, where every class counts the same.")
  @Values(constantsOf = GuidanceOver.class)
  String getGuidanceOver();

  void setGuidanceOver(String over);
}
