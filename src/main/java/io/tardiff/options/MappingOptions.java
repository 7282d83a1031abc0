package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Tables of one's own. */
@Description("Source")
public interface MappingOptions extends PipelineOptions {
  @Description(
      "File that says what the columns of your tables are; needed where the source is tables.")
  @Values(form = "file.yaml")
  String getMapping();

  void setMapping(String file);
}
