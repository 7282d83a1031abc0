package io.tardiff.templates;

import io.tardiff.options.GuidanceOptions;
import io.tardiff.options.ResourceOptions;
import io.tardiff.options.SamplingOptions;
import io.tardiff.options.SelectionOptions;
import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;

/** Options of the template {@code generate}. */
@Description("Cohort")
public interface GenerateOptions
    extends RunOptions,
        ModelDirectoryOptions,
        PresetOptions,
        GuidanceOptions,
        SamplingOptions,
        SavedModelOptions,
        SelectionOptions,
        ExportOptions,
        ResourceOptions {
  @Description(
      "Directory of the cohort that the model was trained on, written by ingest; required if"
          + " --selection is herding, --guidanceRules has moment or candidates, or --softLabels is"
          + " above 0.")
  @Values(form = "directory")
  String getCohort();

  void setCohort(String directory);
}
