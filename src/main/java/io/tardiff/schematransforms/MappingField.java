package io.tardiff.schematransforms;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** What the columns of tables are. */
@Description("Source")
public interface MappingField extends PipelineOptions {
  @Description("YAML file that says what the columns of your tables are.")
  @Validation.Required
  @Values(form = "file.yaml")
  String getMapping();

  void setMapping(String file);
}
