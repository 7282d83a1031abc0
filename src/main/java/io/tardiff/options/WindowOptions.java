package io.tardiff.options;

import io.tardiff.cohort.Imputation;
import io.tardiff.cohort.NormalisationMethod;
import io.tardiff.cohort.Unlabelled;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How windows are split, filled, normalised and written. */
@Description("Cohort")
public interface WindowOptions extends PipelineOptions {
  @Description("Steps per window. Default: that of the task, or of the recordings.")
  Integer getSteps();

  void setSteps(Integer steps);

  @Description(
      "Percent of subjects in train, tuning and held_out. A split that the source publishes takes"
          + " precedence.")
  @Values(form = "train,tuning,held_out", items = Values.Items.NUMBERS)
  String getSplit();

  void setSplit(String split);

  @Description("Seed of the split of subjects, so that it can stay the same while --seed changes.")
  Long getSplitSeed();

  void setSplitSeed(Long seed);

  @Description(
      "Whether each class is split by --split separately, rather than all subjects together.")
  Boolean getStratified();

  void setStratified(Boolean stratified);

  @Description(
      "Windows whose label is not known, for lack of evidence: drop them, or let those of train"
          + " subjects train the denoiser, which then learns from more patients. Of the rest only the"
          + " baseline self_training uses them. Not for recordings, all of which have a label.")
  @Values(constantsOf = Unlabelled.class)
  String getUnlabelled();

  void setUnlabelled(String unlabelled);

  @Description(
      "Share of the labels of train that are used, or one share for each class, such as 1,0.25: to"
          + " learn what labels are worth. Windows whose label is set aside are windows without a"
          + " label, see --unlabelled.")
  @Values(form = "number,number,...", items = Values.Items.NUMBERS)
  String getTrainLabels();

  void setTrainLabels(String shares);

  @Description("How the gaps of a window are filled, with statistics of the train split.")
  @Values(constantsOf = Imputation.class)
  String getImputation();

  void setImputation(String method);

  @Description("How channels are scaled for the networks, fitted on the train split.")
  @Values(constantsOf = NormalisationMethod.class)
  String getNormalisation();

  void setNormalisation(String method);

  @Description("Number of files for the windows of each split.")
  Integer getWindowShards();

  void setWindowShards(Integer shards);
}
