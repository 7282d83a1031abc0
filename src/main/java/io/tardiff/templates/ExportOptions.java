package io.tardiff.templates;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** For tools that do not read Avro. */
@Description("Export")
public interface ExportOptions extends PipelineOptions {
  @Description(
      "Forms besides Avro in which windows are written, for other tools: those of a cohort in"
          + " cohort/export, those of each synthetic set in synthetic/SET/export.")
  @Values(
      value = {"csv", "parquet", "npy", Exports.MEDS},
      items = Values.Items.WORDS)
  String getExport();

  void setExport(String formats);
}
