/**
 * HL7 FHIR R4: the resources that hospitals export, as events.
 *
 * <p>{@link io.tardiff.ehr.fhir.FhirR4} is the whole of it. A resource is a line, so an export of
 * any size is read in pieces side by side, without a join: an observation names its patient and its
 * encounter itself. {@code ResourceParser} reads the JSON and takes bundles apart; {@code
 * ObservationParser}, {@code PatientParser} and {@code EncounterParser} know one type each; what a
 * value, a code, a time or a reference may look like is in {@code Value}, {@code SampledData},
 * {@code Concepts}, {@code FhirTime} and {@code Reference}. They know nothing of Beam.
 *
 * <p>Jackson reads the JSON, although HAPI FHIR (Apache 2.0) has a model of every resource. Once
 * warm both read about 85,000 of Synthea's observations a second on one core, so speed decided
 * nothing. But HAPI's structures (8.2.0) are 52 MB in 44 jars, some 40 MB of them new to the
 * runnable jar, with tables of character sets and a triple store, for the dozen fields that are
 * used here; every worker waits six seconds for it instead of one; and one odd field, such as a
 * date that does not exist in a part that nobody reads, costs it the resource, while a reader of
 * EHR has to lose the field alone and to say why. Jackson's limits (depth, length of texts and
 * numbers) are set, because the text comes from elsewhere.
 */
package io.tardiff.ehr.fhir;
