/**
 * HL7 FHIR R4 resources as events.
 *
 * <p>{@link io.tardiff.ehr.fhir.FhirR4} is the entry point. Each line is a resource that names its
 * patient and its encounter, so exports of any size are read in parallel without a join. {@code
 * ResourceParser} parses the JSON and unpacks bundles; {@code ObservationParser}, {@code
 * PatientParser} and {@code EncounterParser} each handle one resource type; {@code Value}, {@code
 * SampledData}, {@code Concepts}, {@code FhirTime} and {@code Reference} handle data types. None of
 * these depends on Beam.
 *
 * <p>The JSON is parsed with Jackson rather than HAPI FHIR (Apache 2.0), which has a model of every
 * resource. Both read about 85,000 Synthea observations per second on one core once warm. But
 * HAPI's structures (8.2.0) are 52 MB in 44 jars, about 40 MB of them new to the runnable jar, for
 * the dozen fields used here; they take six seconds to start on every worker instead of one; and
 * they reject a whole resource because of one invalid field, even an unused one, where this reader
 * loses only the field and reports why. Jackson's limits (depth, length of strings and numbers) are
 * set because the input is untrusted.
 */
package io.tardiff.ehr.fhir;
