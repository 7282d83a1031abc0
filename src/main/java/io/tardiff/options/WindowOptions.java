package io.tardiff.options;

import io.tardiff.cohort.Imputation;
import io.tardiff.cohort.NormalisationMethod;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How windows are divided, filled and written. */
@Description("Cohort")
public interface WindowOptions extends PipelineOptions {
  @Description("Steps of a window; by default those of the task, or of the recordings.")
  Integer getSteps();

  void setSteps(Integer steps);

  @Description(
      "Percent of subjects in train, tuning and held_out; a split that the source publishes wins.")
  @Values(form = "train,tuning,held_out", items = Values.Items.NUMBERS)
  String getSplit();

  void setSplit(String split);

  @Description("Seed of the split of subjects, so that it can stay while --seed changes.")
  Long getSplitSeed();

  void setSplitSeed(Long seed);

  @Description("Whether every class is divided by --split, not just all subjects together.")
  Boolean getStratified();

  void setStratified(Boolean stratified);

  @Description("How the gaps of a window are filled; what is learnt for it is learnt on train.")
  @Values(constantsOf = Imputation.class)
  String getImputation();

  void setImputation(String method);

  @Description("How channels are brought to the scale of the networks, fitted on train.")
  @Values(constantsOf = NormalisationMethod.class)
  String getNormalisation();

  void setNormalisation(String method);

  @Description("Files the windows of each split are written to.")
  Integer getWindowShards();

  void setWindowShards(Integer shards);
}
