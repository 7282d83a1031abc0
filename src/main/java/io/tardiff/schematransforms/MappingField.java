package io.tardiff.schematransforms;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The mapping of tables. */
@Description("Source")
public interface MappingField extends PipelineOptions {
  @Description("YAML file that describes the columns of your tables.")
  @Validation.Required
  @Values(form = "file.yaml")
  String getMapping();

  void setMapping(String file);
}
