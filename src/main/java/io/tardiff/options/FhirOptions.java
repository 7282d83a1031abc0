package io.tardiff.options;

import io.tardiff.ehr.fhir.FhirR4;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Options of a FHIR source. */
@Description("Source")
public interface FhirOptions extends PipelineOptions {
  @Description(
      "Encounter classes of a FHIR source that are hospital stays. In MIMIC-IV on FHIR, many have"
          + " the class EMER.")
  @Default.String(FhirR4.ENCOUNTER_CLASSES)
  @Conditional
  @Values(form = "name,name,...", items = Values.Items.WORDS)
  String getEncounterClasses();

  void setEncounterClasses(String classes);
}
