package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Which events a cohort uses. */
@Description("Cohort")
public interface EventOptions extends PipelineOptions {
  @Description("What is predicted from which part of a stay: a built-in task, or a YAML file.")
  @Conditional
  @Values(form = "name or file.yaml")
  String getTask();

  void setTask(String task);

  @Description("Channels of a window, in order, by their names in the concept dictionary.")
  @Conditional
  @Values(form = "name,name,...", items = Values.Items.WORDS)
  String getChannels();

  void setChannels(String channels);

  @Description(
      "YAML file of concepts and source codes, added to the built-in ones; entries of the same name"
          + " are replaced.")
  @Values(form = "file")
  String getConcepts();

  void setConcepts(String file);
}
