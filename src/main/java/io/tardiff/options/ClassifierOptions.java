package io.tardiff.options;

import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.ClassifierInputs;
import io.tardiff.influence.GuidanceOver;
import io.tardiff.training.ClassifierTraining;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The target classifier and its training. */
@Description("Target classifier")
public interface ClassifierOptions extends PipelineOptions {
  @Description(
      "Network of the target classifier; summary is dense layers on the mean, standard deviation,"
          + " slope, first and last value and extremes of each channel.")
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
      "Maximum number of epochs of the target classifier. The weights of the epoch that is best on"
          + " tuning (classifierStopBy) are kept.")
  Integer getClassifierEpochs();

  void setClassifierEpochs(Integer epochs);

  @Description(
      "What decides on tuning which epoch is the best, and when training stops: loss, the mean"
          + " cross-entropy, with class weights if classWeighting is set; or auprc.")
  @Values(constantsOf = ClassifierTraining.StopBy.class)
  String getClassifierStopBy();

  void setClassifierStopBy(String criterion);

  @Description(
      "Decay of the moving average over steps of the classifier's weights, 0 to below 1. The averaged"
          + " weights are measured and kept; 0 keeps the weights themselves.")
  Double getClassifierAverageDecay();

  void setClassifierAverageDecay(Double decay);

  @Description(
      "Share of the classifier's weights, times the learning rate, that every step subtracts from"
          + " them (AdamW).")
  Double getClassifierWeightDecay();

  void setClassifierWeightDecay(Double decay);

  @Description(
      "Learning rate of the classifier: constant, or falling along a cosine to 0 at the end of"
          + " classifierEpochs.")
  @Values(constantsOf = ClassifierTraining.LearningRateSchedule.class)
  String getClassifierLearningRateSchedule();

  void setClassifierLearningRateSchedule(String schedule);

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
