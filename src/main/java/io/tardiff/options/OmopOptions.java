package io.tardiff.options;

import io.tardiff.ehr.omop.Omop;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Options of an OMOP source. */
@Description("Source")
public interface OmopOptions extends PipelineOptions {
  @Description(
      "Visit concepts of an OMOP source that are hospital stays. In MIMIC-IV in OMOP, most have the"
          + " concept 8870.")
  @Default.String(Omop.HOSPITAL_VISITS)
  @Conditional
  @Values(form = "id,id,...", items = Values.Items.WORDS)
  String getHospitalVisits();

  void setHospitalVisits(String concepts);
}
