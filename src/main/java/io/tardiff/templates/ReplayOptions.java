package io.tardiff.templates;

import io.tardiff.options.Operational;
import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** Options of the command {@code replay}. */
@Description("Replay")
public interface ReplayOptions extends PipelineOptions, ModelDirectoryOptions {
  @Description("Directory of a synthetic set written by generate: OUTPUT/synthetic/SET.")
  @Validation.Required
  @Values(form = "directory")
  String getSet();

  void setSet(String directory);

  @Description("Ids of the samples to draw again.")
  @Validation.Required
  @Values(form = "id,id,...", items = Values.Items.WORDS)
  String getSampleIds();

  void setSampleIds(String ids);

  @Description(
      "Directory to write the samples to as they were drawn again: export/samples.csv, in the form"
          + " of --export=csv.")
  @Operational
  @Values(form = "directory")
  String getOutput();

  void setOutput(String directory);
}
