package io.tardiff.templates;

import io.tardiff.cohort.NormalisationMethod;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How windows are made of events. */
@Description("Cohort")
public interface CohortOptions extends PipelineOptions {
  @Description("Steps of a window.")
  @Default.Integer(48)
  Integer getSteps();

  void setSteps(Integer steps);

  @Description("Minutes of a step.")
  @Default.Integer(60)
  Integer getStepMinutes();

  void setStepMinutes(Integer minutes);

  @Description("Channels of a window, in this order, by their names in the channel dictionary.")
  @Default.String("HR,SBP,DBP,MAP,RR,Temp,SpO2,Urine,GCS")
  @Values(form = "name,name,...")
  String getChannels();

  void setChannels(String channels);

  @Description("Channel dictionary to use in place of the one that comes with the program.")
  @Values(form = "file")
  String getConcepts();

  void setConcepts(String file);

  @Description("Percent of subjects in train, tuning and held_out.")
  @Default.String("60,20,20")
  @Values(form = "train,tuning,held_out")
  String getSplit();

  void setSplit(String split);

  @Description("Seed of the split of subjects, so that it can stay while --seed changes.")
  @Default.Long(0)
  Long getSplitSeed();

  void setSplitSeed(Long seed);

  @Description("How channels are brought to the scale of the networks, fitted on train.")
  @Default.String("z_score")
  @Values(constantsOf = NormalisationMethod.class)
  String getNormalisation();

  void setNormalisation(String method);

  @Description("Files the windows are written to.")
  @Default.Integer(8)
  Integer getWindowShards();

  void setWindowShards(Integer shards);
}
