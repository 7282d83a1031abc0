package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;

/** Where EHR data come from. */
@Description("Source")
public interface SourceOptions
    extends MappingOptions,
        MedsOptions,
        VocabularyOptions,
        RecordingOptions,
        TextOptions,
        FhirOptions,
        OmopOptions,
        RicuOptions,
        RecordOptions,
        SimulationOptions,
        DeadLetterOptions {
  @Description(
      "Where the EHR data come from: a simulated ICU; a directory in the layout of the PhysioNet"
          + " Challenge 2012, MIMIC-III, MIMIC-IV, eICU, MEDS, FHIR R4 bulk export, OMOP or ricu"
          + " (YAIB); your own tables with a mapping; or a set of recordings in the layout of Medformer or of"
          + " the UCR and UEA archives.")
  @Validation.Required
  @Values(constantsOf = EhrSource.class)
  String getSource();

  void setSource(String source);

  @Description("Directory of the source's files; required unless the source is simulated.")
  @Values(form = "directory")
  String getInput();

  void setInput(String input);
}
