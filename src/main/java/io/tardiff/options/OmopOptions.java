package io.tardiff.options;

import io.tardiff.ehr.omop.Omop;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** An OMOP source. */
@Description("Source")
public interface OmopOptions extends PipelineOptions {
  @Description(
      "Concepts of an OMOP source's visits that are stays in hospital. MIMIC-IV in OMOP has most of"
          + " them as 8870.")
  @Default.String(Omop.HOSPITAL_VISITS)
  @Conditional
  @Values(form = "id,id,...", items = Values.Items.WORDS)
  String getHospitalVisits();

  void setHospitalVisits(String concepts);
}
