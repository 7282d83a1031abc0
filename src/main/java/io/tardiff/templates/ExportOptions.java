package io.tardiff.templates;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Export for tools that do not read Avro. */
@Description("Export")
public interface ExportOptions extends PipelineOptions {
  @Description(
      "Additional formats of windows, for tools that do not read Avro: those of a cohort go to"
          + " cohort/export, those of each synthetic set to synthetic/SET/export.")
  @Values(
      value = {"csv", "parquet", "npy", Exports.MEDS},
      items = Values.Items.WORDS)
  String getExport();

  void setExport(String formats);
}
