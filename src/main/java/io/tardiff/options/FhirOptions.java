package io.tardiff.options;

import io.tardiff.ehr.fhir.FhirR4;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** A FHIR source. */
@Description("Source")
public interface FhirOptions extends PipelineOptions {
  @Description(
      "Classes of a FHIR source's encounters that are stays in hospital. MIMIC-IV on FHIR has many of"
          + " them as EMER.")
  @Default.String(FhirR4.ENCOUNTER_CLASSES)
  @Conditional
  @Values(form = "name,name,...", items = Values.Items.WORDS)
  String getEncounterClasses();

  void setEncounterClasses(String classes);
}
