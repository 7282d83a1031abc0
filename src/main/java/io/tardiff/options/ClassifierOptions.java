package io.tardiff.options;

import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.ClassifierInputs;
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
      "What the target classifier reads: the values with gaps filled; also which of them were"
          + " observed; or also the time since each channel was last observed. Needs masks"
          + " (missingness) unless it reads values only.")
  @Values(constantsOf = ClassifierInputs.class)
  String getClassifierInputs();

  void setClassifierInputs(String inputs);

  @Description(
      "Maximum number of epochs of the target classifier. The weights of the epoch with the best"
          + " tuning AUPRC are kept.")
  Integer getClassifierEpochs();

  void setClassifierEpochs(Integer epochs);

  @Description(
      "Whether every class has the same weight in the classifier's loss, whatever its number of"
          + " windows.")
  Boolean getClassWeighting();

  void setClassWeighting(Boolean weighting);

  @Description(
      "How the guidance direction is averaged over the tuning split: over all windows, or balanced,"
          + " where every class has the same weight.")
  @Values(constantsOf = GuidanceOver.class)
  String getGuidanceOver();

  void setGuidanceOver(String over);
}
