package io.tardiff.templates;

import io.tardiff.options.Operational;
import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** Options of the command {@code summarise}. */
@Description("Summarise")
public interface SummariseOptions extends PipelineOptions {
  @Description(
      "Directories of runs of tardiff or evaluate, or directories whose subdirectories are such"
          + " runs.")
  @Validation.Required
  @Values(form = "directory,directory,...", items = Values.Items.WORDS)
  String getRuns();

  void setRuns(String directories);

  @Description("Directory to write summary.json to. Default: only prints the tables.")
  @Operational
  @Values(form = "directory")
  String getOutput();

  void setOutput(String directory);
}
