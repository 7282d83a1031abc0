package io.tardiff.templates;

import io.tardiff.cohort.Imputation;
import io.tardiff.cohort.NormalisationMethod;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How windows are made of events. */
@Description("Cohort")
public interface CohortOptions extends PipelineOptions {
  @Description(
      "What is to be predicted from which part of a stay: a task that comes with the program, or a"
          + " YAML file; in_hospital_mortality where it is left out.")
  @Values(form = "name or file.yaml")
  String getTask();

  void setTask(String task);

  @Description("Steps of a window; as the task says where it is left out.")
  Integer getSteps();

  void setSteps(Integer steps);

  @Description("Minutes of a step; as the task says where it is left out.")
  Integer getStepMinutes();

  void setStepMinutes(Integer minutes);

  @Description(
      "Channels of a window, in this order, by their names in the concept dictionary;"
          + " HR,SBP,DBP,MAP,RR,Temp,SpO2,Urine,GCS where they are left out.")
  @Values(form = "name,name,...")
  String getChannels();

  void setChannels(String channels);

  @Description(
      "YAML file of concepts and source codes, added to those that come with the program; what has"
          + " the same name is replaced.")
  @Values(form = "file")
  String getConcepts();

  void setConcepts(String file);

  @Description(
      "Percent of subjects in train, tuning and held_out; a split that the source publishes wins.")
  @Default.String("60,20,20")
  @Values(form = "train,tuning,held_out")
  String getSplit();

  void setSplit(String split);

  @Description("Seed of the split of subjects, so that it can stay while --seed changes.")
  @Default.Long(0)
  Long getSplitSeed();

  void setSplitSeed(Long seed);

  @Description("Whether every class is divided by --split, not just all subjects together.")
  @Default.Boolean(false)
  Boolean getStratified();

  void setStratified(Boolean stratified);

  @Description("How the gaps of a window are filled; what is learnt for it is learnt on train.")
  @Default.String("forward_median")
  @Values(constantsOf = Imputation.class)
  String getImputation();

  void setImputation(String method);

  @Description("How channels are brought to the scale of the networks, fitted on train.")
  @Default.String("z_score")
  @Values(constantsOf = NormalisationMethod.class)
  String getNormalisation();

  void setNormalisation(String method);

  @Description("Files the windows are written to.")
  @Default.Integer(8)
  Integer getWindowShards();

  void setWindowShards(Integer shards);

  @Description(
      "Share of a channel's values, 0 to 1, above which the run warns that they were dropped: no"
          + " numbers, of an unknown unit, of a stay without an admission, beyond the outlier"
          + " range.")
  @Default.Double(0.05)
  Double getDroppedWarning();

  void setDroppedWarning(Double share);

  @Description("The same share above which the run fails; 1 for never.")
  @Default.Double(0.5)
  Double getDroppedThreshold();

  void setDroppedThreshold(Double share);
}
