package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Which events a cohort is made of. */
@Description("Cohort")
public interface EventOptions extends PipelineOptions {
  @Description(
      "What is to be predicted from which part of a stay: a task that comes with the program, or a"
          + " YAML file.")
  @Conditional
  @Values(form = "name or file.yaml")
  String getTask();

  void setTask(String task);

  @Description("Channels of a window, in this order, by their names in the concept dictionary.")
  @Conditional
  @Values(form = "name,name,...", items = Values.Items.WORDS)
  String getChannels();

  void setChannels(String channels);

  @Description(
      "YAML file of concepts and source codes, added to those that come with the program; what has"
          + " the same name is replaced.")
  @Values(form = "file")
  String getConcepts();

  void setConcepts(String file);
}
