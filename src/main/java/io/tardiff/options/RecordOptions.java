package io.tardiff.options;

import io.tardiff.files.Bounds;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How large a record may be that is read whole. */
@Description("Source")
public interface RecordOptions extends PipelineOptions {
  @Description(
      "Largest size in MiB of what is read whole: a FHIR resource or bundle, a table of one subject."
          + " What is larger is a dead letter. A worker needs about ten times as much memory.")
  @Default.Integer(Bounds.RECORD_MIB)
  @Conditional
  Integer getMaxRecordMegabytes();

  void setMaxRecordMegabytes(Integer megabytes);
}
