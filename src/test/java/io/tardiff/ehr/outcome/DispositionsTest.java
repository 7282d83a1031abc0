package io.tardiff.ehr.outcome;

import static io.tardiff.ehr.outcome.HospitalOutcome.ALIVE;
import static io.tardiff.ehr.outcome.HospitalOutcome.CONTRADICTORY;
import static io.tardiff.ehr.outcome.HospitalOutcome.DIED;
import static io.tardiff.ehr.outcome.HospitalOutcome.ENDS_BEFORE_IT_BEGINS;
import static io.tardiff.ehr.outcome.HospitalOutcome.NOT_STATED;
import static io.tardiff.ehr.outcome.HospitalOutcome.STILL_A_PATIENT;
import static io.tardiff.ehr.outcome.HospitalOutcome.UNLISTED;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.Lists;
import io.tardiff.ehr.EhrEvent;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DispositionsTest {
  private static final Dispositions STANDARD = Dispositions.standard();

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Expired;DIED",
        "EXPIRED ;DIED",
        "Expired in a medical facility (e.g. hospital, SNF, ICF, or free standing hospice);DIED",
        "Expired at home;DIED",
        "Expired - Place unknown;DIED",
        "DEAD/EXPIRED;DIED",
        "Patient died;DIED",
        "Patient deceased during stay (discharge status = dead);DIED",
        "Meninggal > 48 jam;DIED",
        "Tod;DIED",
        "Décès;DIED",
        "Home or Self Care;ALIVE",
        "HOME WITH HOME IV PROVIDR;ALIVE",
        "Discharged to home or self care (routine discharge);ALIVE",
        "Discharged/transferred to a skilled nursing facility (SNF);ALIVE",
        "Hospice - Medical Facility;ALIVE",
        "HOSPICE-HOME;ALIVE",
        "SNF-MEDICAID ONLY CERTIF;ALIVE",
        "LEFT AGAINST MEDICAL ADVI;ALIVE",
        "Left against medical advice or discontinued care;ALIVE",
        "REHAB/DISTINCT PART HOSP;ALIVE",
        "DISC-TRAN CANCER/CHLDRN H;ALIVE",
        "CHRONIC/LONG TERM ACUTE CARE;ALIVE",
        "Behandlung regulär beendet;ALIVE",
        "Still a Patient;STILL_A_PATIENT",
        "Still patient or expected to return for outpatient services;STILL_A_PATIENT",
        "ADMITTED;STILL_A_PATIENT",
        "Unknown;NOT_STATED",
        "NULL;NOT_STATED",
        "\\N;NOT_STATED",
        "???;NOT_STATED",
        "Passed away;UNLISTED",
        "Brain death protocol;UNLISTED",
        "Home, died on the way;UNLISTED",
        "Hospice (expired);UNLISTED",
        "Not dead;UNLISTED",
        "Expiry of insurance;UNLISTED",
        "20;UNLISTED"
      })
  void textsMatchExactlyOrByPrefix(String text, HospitalOutcome outcome) {
    assertThat(STANDARD.ofText(text), is(outcome));
  }

  @Test
  void missingDispositionIsNotStated() {
    assertThat(STANDARD.ofText(null), is(NOT_STATED));
    assertThat(STANDARD.ofText("  "), is(NOT_STATED));
    assertThat(STANDARD.ofCode(null, null), is(NOT_STATED));
    assertThat(STANDARD.ofCode("http://snomed.info/sct", " "), is(NOT_STATED));
    assertThat(STANDARD.ofText("x".repeat(1000)), is(UNLISTED));
  }

  @ParameterizedTest
  @CsvSource({
    "omop, 4216643, DIED",
    "omop, 4216643.0, DIED",
    "omop, 32220, STILL_A_PATIENT",
    "omop, 8536, ALIVE",
    "omop, 44814649, NOT_STATED",
    "omop, 44814686, DIED",
    "omop, 44814694, DIED",
    "omop, 44814702, STILL_A_PATIENT",
    "omop, 4161979, ALIVE",
    "omop, 38004301, ALIVE",
    "http://snomed.info/sct, 18632008, DIED",
    "http://snomed.info/sct, 305398007, DIED",
    "http://snomed.info/sct, 428361000124107, ALIVE",
    "http://snomed.info/sct, 74964007, NOT_STATED",
    "http://terminology.hl7.org/CodeSystem/discharge-disposition, exp, DIED",
    "http://terminology.hl7.org/CodeSystem/discharge-disposition, hosp, ALIVE",
    "http://terminology.hl7.org/CodeSystem/discharge-disposition, oth, NOT_STATED",
    "http://hl7.org/fhir/discharge-disposition, other-hcf, ALIVE",
    "https://acme, oth, NOT_STATED",
    "omop, 2000000000, UNLISTED",
    "http://www.nubc.org/patient-discharge, 20, DIED",
    "http://www.nubc.org/patient-discharge, 2, ALIVE",
    "http://www.nubc.org/patient-discharge, 66, ALIVE",
    "http://www.nubc.org/patient-discharge, 07, ALIVE",
    "http://www.nubc.org/patient-discharge, 0030, STILL_A_PATIENT",
    "HTTPS://WWW.NUBC.ORG/CodeSystem/PatDischargeStatus, 41.0, DIED",
    "http://terminology.hl7.org/CodeSystem/v2-0112, 42, DIED",
    "http://hl7.org/fhir/v2/0112, 01, ALIVE",
    "urn:oid:2.16.840.1.113883.6.96, 419099009, DIED",
    "urn:oid:2.16.840.1.113883.6.960, 419099009, UNLISTED",
    "https://pcornet.org/discharge_status, EX, DIED",
    "https://pcornet.org/discharge_disposition, a, ALIVE",
    "https://pcornet.org/discharge_disposition, OT, NOT_STATED",
    "http://fhir.de/CodeSystem/dkgev/EntlassungsgrundErsteUndZweiteStelle, 7, DIED",
    "https://www.medizininformatik-initiative.de/fhir/core/modul-fall/CodeSystem/Entlassungsgrund, 079, DIED",
    "http://fhir.de/CodeSystem/dgkev/Entlassungsgrund, 229, STILL_A_PATIENT",
    "http://fhir.de/CodeSystem/dkgev/EntlassungsgrundDritteStelle, 9, NOT_STATED",
    "http://fhir.de/CodeSystem/dkgev/EntlassungsgrundErsteUndZweiteStelle, 05, STILL_A_PATIENT",
    "http://fhir.de/CodeSystem/dkgev/EntlassungsgrundErsteUndZweiteStelle, 19, ALIVE",
    "https://elga.moped.at/CodeSystem/EntlassungsartCS, S, DIED",
    "https://elga.moped.at/CodeSystem/EntlassungsartCS, E, ALIVE",
    "https://elga.moped.at/CodeSystem/EntlassungsartCS, R, STILL_A_PATIENT",
    "http://fhir.ch/ig/ch-core/CodeSystem/bfs-medstats-27-dischargedecision, 5, DIED",
    "http://fhir.ch/ig/ch-core/CodeSystem/bfs-medstats-28-dischargedestination, 0, DIED",
    "http://fhir.ch/ig/ch-core/CodeSystem/bfs-medstats-28-dischargedestination, 66, STILL_A_PATIENT",
    "http://fhir.ch/ig/ch-core/CodeSystem/bfs-medstats-29-dischargeencounter, 0, DIED",
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland, 79, DIED",
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland, 66, ALIVE",
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland, 98, STILL_A_PATIENT",
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland, 4, DIED",
    "https://interop.esante.gouv.fr/mode-sortie, 0, STILL_A_PATIENT",
    "https://cihi.ca/discharge, 72, DIED",
    "https://cihi.ca/discharge, 66, UNLISTED",
    "http://terminology.hl7.org/CodeSystem/data-absent-reason, unknown, NOT_STATED",
    "https://acme, 20, UNLISTED",
    "https://acme, died, DIED",
    ", expired, DIED"
  })
  void codesAreReadByTheirSystem(String system, String code, HospitalOutcome outcome) {
    assertThat(STANDARD.ofCode(system, code), is(outcome));
  }

  @Test
  void sectionExtendsAndOverrides() throws Exception {
    Dispositions own =
        with(
            """
            words: {died: ["passed away", "passed away *"], alive: [expired]}
            systems:
              acme: {names: [acme.org/out], died: ["7*"], still_a_patient: ["0"]}
              omop: {alive: ["2000000000"]}
              ub04: {not_stated: ["21"]}
            """);

    assertThat(own.ofText("Passed away at 3 am"), is(DIED));
    assertThat(own.ofText("Expired"), is(ALIVE));
    assertThat(own.ofCode("http://acme.org/out", "71"), is(DIED));
    assertThat(own.ofCode("http://acme.org/out", "0"), is(STILL_A_PATIENT));
    assertThat(own.ofCode("http://acme.org/out", "1"), is(UNLISTED));
    assertThat(own.ofCode(Dispositions.OMOP, "2000000000"), is(ALIVE));
    assertThat(own.ofCode("http://www.nubc.org/patient-discharge", "21"), is(NOT_STATED));
    assertThat(own.ofCode("http://www.nubc.org/patient-discharge", "20"), is(DIED));
    assertThat(STANDARD.ofText("Passed away"), is(UNLISTED));
    assertThat(SerializableUtils.clone(own).ofText("Passed away"), is(DIED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]; dispositions must be a map",
        "wards: {}; unknown field wards in dispositions; expected one of systems, words",
        "words: {dead: []}; unknown field dead in words",
        "words: {died: gone}; words.died must be a list",
        "words: {died: [gone], alive: [Gone]}; words lists",
        "systems: {acme: {died: ['9']}}; acme must have names",
        "systems: {acme: {names: [''], died: ['9']}}; acme.names must not be empty",
        "systems: {acme: {names: [acme], died: [9]}}; acme.died must contain quoted texts, was 9",
        "systems: {acme: {names: [acme], died: ['']}}; acme.died must not contain an empty text"
      })
  void invalidSectionsAreRejected(String fileAndMessage) {
    String[] parts = fileAndMessage.split("; ", 2);

    assertThat(
        assertThrows(IllegalArgumentException.class, () -> with(parts[0])).getMessage(),
        containsString(parts[1]));
  }

  @Test
  void combinesEvidence() {
    Map<List<HospitalOutcome>, HospitalOutcome> table =
        Map.ofEntries(
            Map.entry(List.of(), NOT_STATED),
            Map.entry(List.of(NOT_STATED, UNLISTED), UNLISTED),
            Map.entry(List.of(UNLISTED, ALIVE), ALIVE),
            Map.entry(List.of(NOT_STATED, DIED, DIED), DIED),
            Map.entry(List.of(DIED, ALIVE), CONTRADICTORY),
            Map.entry(List.of(DIED, STILL_A_PATIENT), CONTRADICTORY),
            Map.entry(List.of(ALIVE, STILL_A_PATIENT), CONTRADICTORY),
            Map.entry(List.of(STILL_A_PATIENT, UNLISTED), STILL_A_PATIENT),
            Map.entry(List.of(CONTRADICTORY, DIED), CONTRADICTORY),
            Map.entry(List.of(ENDS_BEFORE_IT_BEGINS, DIED), ENDS_BEFORE_IT_BEGINS));

    table.forEach(
        (evidence, outcome) -> {
          assertThat(HospitalOutcome.of(evidence), is(outcome));
          assertThat(HospitalOutcome.of(Lists.reverse(evidence)), is(outcome));
        });
  }

  @Test
  void eventStoresAnOutcome() {
    for (HospitalOutcome outcome : HospitalOutcome.values()) {
      EhrEvent event = outcome.into(EhrEvent.builder().setSubjectId("p")).build();
      assertThat(HospitalOutcome.of(event), is(outcome));
      assertThat(event.getNumericValue() != null, is(outcome.isKnown()));
    }
    EhrEvent two =
        EhrEvent.builder()
            .setSubjectId("p")
            .setCode(EhrEvent.HOSPITAL_DEATH)
            .setNumericValue(2.0)
            .build();
    assertThrows(IllegalArgumentException.class, () -> HospitalOutcome.of(two));
  }

  private static Dispositions with(String yaml) throws Exception {
    return STANDARD.with(new YAMLMapper().readTree(yaml));
  }
}
