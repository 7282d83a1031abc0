package io.tardiff.templates;

import org.apache.beam.sdk.options.Description;

/** Options of the template {@code generate}. */
@Description("Cohort")
public interface GenerateOptions
    extends RunOptions,
        ModelDirectoryOptions,
        PresetOptions,
        GuidanceOptions,
        SamplingOptions,
        SelectionOptions,
        ExportOptions,
        ResourceOptions {
  @Description(
      "Directory of the cohort that the model was trained on, as ingest wrote it; needed where"
          + " --selection is herding.")
  @Values(form = "directory")
  String getCohort();

  void setCohort(String directory);
}
