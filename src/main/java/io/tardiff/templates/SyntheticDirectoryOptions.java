package io.tardiff.templates;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The synthetic sets of an earlier run. */
@Description("Synthetic sets")
public interface SyntheticDirectoryOptions extends PipelineOptions {
  @Description(
      "Directory of the synthetic sets written by generate: OUTPUT/synthetic. Or windows that"
          + " another tool made, in the form of the exports: a directory with *values.npy and"
          + " *labels.npy or a *.parquet, in it or in its subdirectories, or such a file.")
  @Validation.Required
  @Values(form = "directory or file")
  String getSynthetic();

  void setSynthetic(String directory);
}
