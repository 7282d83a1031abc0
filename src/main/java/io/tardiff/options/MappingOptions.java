package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Options of a source of the user's own tables. */
@Description("Source")
public interface MappingOptions extends PipelineOptions {
  @Description("File that describes the columns of your tables; required if the source is tables.")
  @Values(form = "file.yaml")
  String getMapping();

  void setMapping(String file);
}
