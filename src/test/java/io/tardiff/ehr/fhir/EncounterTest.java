package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncounterTest {
  private static final String WHO = "'subject':{'reference':'Patient/p1'}";
  private static final String INPATIENT = "'class':{'code':'IMP'}";
  private static final String PERIOD =
      "'period':{'start':'2150-01-01T10:00:00Z','end':'2150-01-05T12:00:00Z'}";
  private static final String[] HOSPITAL = {
    "HOSPITAL_ADMISSION@2150-01-01T10:00:00.000Z", "HOSPITAL_DISCHARGE@2150-01-05T12:00:00.000Z"
  };
  private static final String[] BOTH = {
    "HOSPITAL_ADMISSION@2150-01-01T10:00:00.000Z",
    "HOSPITAL_DISCHARGE@2150-01-05T12:00:00.000Z",
    "ICU_ADMISSION@2150-01-01T10:00:00.000Z",
    "ICU_DISCHARGE@2150-01-05T12:00:00.000Z"
  };

  private static String encounter(String... fields) {
    return ("{'resourceType':'Encounter','id':'e1','status':'finished',"
            + String.join(",", fields)
            + "}")
        .replace('\'', '"');
  }

  private static Collected inpatient(String... fields) {
    return Collected.of(encounter(WHO, INPATIENT, PERIOD, String.join(",", fields)));
  }

  @Test
  void memberThatIsNullIsMissing() {
    Collected read =
        Collected.of(
            encounter(
                WHO,
                "'class':{'coding':null,'code':'IMP'}",
                PERIOD,
                "'partOf':null",
                "'actualPeriod':null",
                "'hospitalization':{'dischargeDisposition':{'coding':null,'text':'Expired'}}"));

    assertThat(
        read.timed(),
        contains(HOSPITAL[0], HOSPITAL[1], "HOSPITAL_DEATH@2150-01-05T12:00:00.000Z"));
    assertThat(read.rejects, is(empty()));
  }

  @Test
  void inpatientEncounterIsAHospitalStay() {
    Collected read = Collected.of(encounter(WHO, INPATIENT, PERIOD));

    assertThat(read.timed(), contains(HOSPITAL));
    assertThat(read.events.stream().map(EhrEvent::getStayId).toList(), everyItem(is("e1")));
    assertThat(read.events.stream().map(EhrEvent::getSubjectId).toList(), everyItem(is("p1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AMB", "VR", "EMER", "HH", "imp"})
  void visitsOpenNoStay(String other) {
    Collected read = Collected.of(encounter(WHO, INPATIENT.replace("IMP", other), PERIOD));

    assertThat(read.events, is(empty()));
    assertThat(read.skips, contains(Skip.OTHER_CLASS));
  }

  @Test
  void encounterClassesAreConfigurable() {
    Settings settings = Settings.defaults().withClasses(Set.of("EMER"));

    assertThat(
        Collected.of(settings, encounter(WHO, "'class':{'code':'EMER'}", PERIOD)).timed(),
        contains(HOSPITAL));
    assertThat(
        Collected.of(settings, encounter(WHO, INPATIENT, PERIOD)).skips,
        contains(Skip.OTHER_CLASS));
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> FhirR4.read().withEncounterClasses(Set.of()))
            .getMessage(),
        is("encounterClasses must name at least one class, was empty"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancelled", "entered-in-error", "planned"})
  void encounterThatDidNotTakePlaceIsSkipped(String status) {
    Collected read =
        Collected.of(
            encounter(WHO, INPATIENT, PERIOD).replace("\"finished\"", "\"" + status + "\""));

    assertThat(read.events, is(empty()));
    assertThat(read.skips, contains(Skip.ENCOUNTER_STATUS));
  }

  @Test
  void openStayHasNoDischarge() {
    assertThat(
        Collected.of(encounter(WHO, INPATIENT, "'period':{'start':'2150-01-01T10:00:00Z'}"))
            .timed(),
        contains("HOSPITAL_ADMISSION@2150-01-01T10:00:00.000Z"));
  }

  @Test
  void endDateIncludesTheDay() {
    assertThat(
        Collected.of(
                encounter(WHO, INPATIENT, "'period':{'start':'2150-01-01','end':'2150-01-01'}"))
            .timed(),
        contains(
            "HOSPITAL_ADMISSION@2150-01-01T00:00:00.000Z",
            "HOSPITAL_DISCHARGE@2150-01-01T23:59:59.999Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'x':1;period.start is missing",
        "'period':{'start':'2150'};period.start is only a year or a month",
        "'period':{'start':'soon'};period.start is not a time",
        "'period':{'start':'2150-01-02','end':'2150-01-01'};period ends before it begins"
      })
  void badPeriodIsADeadLetter(String period, String reason) {
    Collected read = Collected.of(encounter(WHO, INPATIENT, period));

    assertThat(read.events, is(empty()));
    assertThat(read.rejects, contains("Encounter: " + reason));
  }

  @Test
  void requiredFields() {
    assertThat(
        Collected.of(encounter(WHO, PERIOD)).rejects, contains("Encounter: class is missing"));
    assertThat(
        Collected.of(encounter(INPATIENT, PERIOD)).rejects,
        contains("Encounter: subject is missing"));
    assertThat(
        Collected.of(encounter(WHO, INPATIENT, PERIOD).replace("\"id\"", "\"no\"")).rejects,
        contains("Encounter: id is missing"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'type':[{'text':'Patient transfer to intensive care unit (procedure)'}]",
        "'type':[{'text':'Transfer from ward to intensive care unit'}]",
        "'type':[{'coding':[{'system':'http://snomed.info/sct','code':'305351004'}]}]",
        "'serviceType':{'coding':[{'display':'Critical Care Medicine'}]}",
        "'meta':{'profile':['http://fhir.mimic.mit.edu/StructureDefinition/mimic-encounter-icu']}",
        "'identifier':[{'system':'http://fhir.mimic.mit.edu/identifier/encounter-icu'}]",
        "'location':[{'location':{'display':'Trauma SICU (TSICU)'}}]"
      })
  void icuIsRecognisedByName(String hint) {
    assertThat(inpatient(hint).timed(), contains(BOTH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'type':[{'text':'Patient transfer from intensive care unit (procedure)'}]",
        "'type':[{'text':'Transfer from ICU to ward'}]",
        "'type':[{'text':'Admission to ward'}]",
        "'type':[{'coding':[{'system':'http://acme','code':'305351004'}]}]",
        "'location':[{'location':{'display':'Curriculum office'}}]"
      })
  void otherNamesAreNotAnIcu(String hint) {
    assertThat(inpatient(hint).timed(), contains(HOSPITAL));
  }

  @Test
  void icuNamesAreConfigurable() {
    Settings settings = Settings.defaults().withIcuNames("intensivstation");

    assertThat(
        Collected.of(
                settings,
                encounter(
                    WHO, INPATIENT, PERIOD, "'serviceType':{'text':'Operative Intensivstation'}"))
            .timed(),
        contains(BOTH));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> FhirR4.read().withIcuNames("("))
            .getMessage(),
        containsString("icuNames must be a regular expression, was ("));
  }

  @Test
  void adjacentBedsAreOneIcuStayAndLaterOnesAreCounted() {
    String locations =
        "'location':["
            + "{'location':{'display':'MICU bed 2'},"
            + "'period':{'start':'2150-01-02T08:00:00Z','end':'2150-01-03T08:00:00Z'}},"
            + "{'location':{'display':'Ward'},"
            + "'period':{'start':'2150-01-01T10:00:00Z','end':'2150-01-01T20:00:00Z'}},"
            + "{'location':{'display':'MICU bed 1'},"
            + "'period':{'start':'2150-01-01T20:00:00Z','end':'2150-01-02T08:00:00Z'}},"
            + "{'location':{'display':'SICU'},"
            + "'period':{'start':'2150-01-04T08:00:00Z','end':'2150-01-04T09:00:00Z'}},"
            + "{'location':{'display':'CCU'},'status':'planned',"
            + "'period':{'start':'2150-01-01T11:00:00Z'}}]";

    Collected read = inpatient(locations);

    assertThat(
        read.timed(),
        contains(
            HOSPITAL[0],
            HOSPITAL[1],
            "ICU_ADMISSION@2150-01-01T20:00:00.000Z",
            "ICU_DISCHARGE@2150-01-03T08:00:00.000Z"));
    assertThat(read.skips, contains(Skip.LATER_ICU));
  }

  @Test
  void partOfAStayIsNotAHospitalStay() {
    String part = "'partOf':{'reference':'Encounter/e0'}";

    Collected icu = inpatient(part, "'type':[{'text':'ICU'}]");
    assertThat(icu.timed(), contains("HOSPITAL_STAY@null", BOTH[2], BOTH[3]));
    assertThat(icu.events.get(0).getStayId(), is("e1"));
    assertThat(icu.events.get(0).getTextValue(), is("e0"));
    assertThat(inpatient(part).skips, contains(Skip.PART_OF_STAY));
  }

  @ParameterizedTest
  @CsvSource({
    "http://terminology.hl7.org/CodeSystem/discharge-disposition, exp, 1.0",
    "http://terminology.hl7.org/CodeSystem/discharge-disposition, home, 0.0",
    "http://fhir.mimic.mit.edu/CodeSystem/discharge-disposition, DIED, 1.0",
    "http://www.nubc.org/patient-discharge, 20, 1.0",
    "http://www.nubc.org/patient-discharge, 41, 1.0",
    "http://www.nubc.org/patient-discharge, 01, 0.0",
    "http://terminology.hl7.org/CodeSystem/v2-0112, 20, 1.0",
    "http://acme, EXPIRED, 1.0",
    "https://www.nubc.org/CodeSystem/PatDischargeStatus, 020, 1.0",
    "https://www.nubc.org/CodeSystem/PatDischargeStatus/, 1, 0.0",
    "https://www.nubc.org/CodeSystem/PatDischargeStatus|2023, 40, 1.0",
    "urn:oid:2.16.840.1.113883.6.301.5, 42, 1.0",
    "http://snomed.info/sct, 371828006, 1.0",
    "http://snomed.info/sct/, 306689006, 0.0",
    "http://fhir.de/CodeSystem/dkgev/EntlassungsgrundErsteUndZweiteStelle, 07, 1.0",
    "http://fhir.de/CodeSystem/dgkev/Entlassungsgrund, 079, 1.0",
    "http://fhir.de/CodeSystem/dgkev/Entlassungsgrund, 011, 0.0",
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland, 4, 1.0",
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland, 79, 1.0",
    "http://terminology.kemkes.go.id/CodeSystem/discharge-disposition, EXP-GT48H, 1.0",
    "http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-discharge-disposition, SKILLED NURSING FACILITY, 0.0",
    "http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-discharge-disposition, HOSPICE, 0.0"
  })
  void dispositionIsTheOutcome(String system, String code, double death) {
    Collected read = inpatient(disposition(system, code));

    EhrEvent outcome = read.events.get(2);
    assertThat(outcome.getCode(), is(EhrEvent.HOSPITAL_DEATH));
    assertThat(outcome.getNumericValue(), is(death));
    assertThat(outcome.getStayId(), is("e1"));
    assertThat(outcome.getTime(), is(read.events.get(1).getTime()));
  }

  @ParameterizedTest
  @CsvSource({
    "http://acme, 20, disposition in no list",
    "http://acme, 079, disposition in no list",
    "http://terminology.hl7.org/CodeSystem/discharge-disposition, gone, disposition in no list",
    "http://www.nubc.org/patient-discharge, 30, still a patient",
    "http://www.nubc.org/patient-discharge, 99, disposition in no list",
    "http://fhir.de/CodeSystem/dkgev/EntlassungsgrundErsteUndZweiteStelle, 12, still a patient",
    "http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-discharge-disposition, ADMITTED, still a patient"
  })
  void unlistedCodeIsNotSurvival(String system, String code, String why) {
    Collected read = inpatient(disposition(system, code));

    EhrEvent outcome = read.events.get(2);
    assertThat(outcome.getCode(), is(EhrEvent.HOSPITAL_DEATH));
    assertThat(outcome.getNumericValue(), is(nullValue()));
    assertThat(outcome.getTextValue(), is(why));
  }

  @Test
  void unknownDispositionGivesNoOutcome() {
    assertThat(
        inpatient(disposition("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK"))
            .timed(),
        contains(HOSPITAL));
    assertThat(
        inpatient("'hospitalization':{'dischargeDisposition':{}}").timed(), contains(HOSPITAL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'dischargeDisposition':{'text':'Expired'};1.0",
        "'dischargeDisposition':{'text':'Expired in Medical Facility'};1.0",
        "'dischargeDisposition':{'text':'Hospice - Home'};0.0",
        "'dischargeDisposition':{'text':'Home deceased'};null",
        "'dischargeDisposition':{'text':'Passed'};null",
        "'dischargeDisposition':{'coding':[{'code':'20','display':'Expired'}]};1.0",
        "'dischargeDisposition':{'coding':[{'system':'http://acme','code':'9'},{'system':'http://snomed.info/sct','code':'419099009'}]};1.0",
        "'dischargeDisposition':{'coding':[{'system':'http://www.nubc.org/patient-discharge','code':'01','display':'Expired'}]};null",
        "'dischargeDisposition':{'extension':[{'url':'http://fhir.de/StructureDefinition/Entlassungsgrund','extension':[{'url':'ErsteUndZweiteStelle','valueCoding':{'system':'http://fhir.de/CodeSystem/dkgev/EntlassungsgrundErsteUndZweiteStelle','code':'07'}},{'url':'DritteStelle','valueCoding':{'system':'http://fhir.de/CodeSystem/dkgev/EntlassungsgrundDritteStelle','code':'9'}}]}]};1.0",
        "'extension':[{'url':'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DischargeMethod','valueCodeableConcept':{'coding':[{'system':'https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland','code':'1'}]}}];0.0"
      })
  void allDischargeEvidenceCounts(String hospitalization, String death) {
    EhrEvent outcome = inpatient("'hospitalization':{" + hospitalization + "}").events.get(2);

    assertThat(outcome.getCode(), is(EhrEvent.HOSPITAL_DEATH));
    assertThat(String.valueOf(outcome.getNumericValue()), is(death));
  }

  @Test
  void r5EncountersAreReadByTheirFieldNames() {
    Collected read =
        Collected.of(
            encounter(
                    WHO,
                    "'class':[{'coding':[{'code':'X'},{'code':'IMP'}]}]",
                    PERIOD.replace("'period'", "'actualPeriod'"),
                    "'admission':{'dischargeDisposition':{'coding':[{'system':"
                        + "'http://terminology.hl7.org/CodeSystem/discharge-disposition',"
                        + "'code':'exp'}]}}")
                .replace("finished", "completed"));

    assertThat(read.timed().subList(0, 2), contains(HOSPITAL));
    assertThat(read.events.get(2).getNumericValue(), is(1.0));
  }

  @Test
  void openEncounterHasNoOutcomeUnlessItWasNeverClosed() {
    String open = encounter(WHO, INPATIENT, PERIOD).replace("finished", "in-progress");
    assertThat(Collected.of(open).events.get(2).getTextValue(), is("still a patient"));

    String exp = disposition("http://a", "exp");
    String stale = encounter(WHO, INPATIENT, PERIOD, exp).replace("finished", "in-progress");
    assertThat(Collected.of(stale).events.get(2).getNumericValue(), is(1.0));

    String planned =
        encounter(WHO, INPATIENT, "'period':{'start':'2150-01-01T10:00:00Z'}", exp)
            .replace("finished", "in-progress");
    assertThat(Collected.of(planned).events.get(1).getTextValue(), is("contradictory evidence"));
  }

  @Test
  void wholeHasItsOutcomeWhateverItsClass() {
    Collected whole =
        Collected.of(
            encounter(WHO, "'class':{'code':'EMER'}", PERIOD, disposition("http://a", "DIED")));

    assertThat(whole.timed(), contains("HOSPITAL_DEATH@2150-01-05T12:00:00.000Z"));
    assertThat(whole.events.get(0).getStayId(), is("e1"));
    assertThat(whole.skips, contains(Skip.OTHER_CLASS));
  }

  @Test
  void onlyDeathCountsInAPart() {
    String part = "'partOf':{'reference':'Encounter/e0'}";

    assertThat(
        inpatient(part, disposition("http://a", "home")).timed(), contains("HOSPITAL_STAY@null"));
    assertThat(
        inpatient(part, disposition("http://a", "exp")).timed(),
        contains("HOSPITAL_STAY@null", "HOSPITAL_DEATH@2150-01-05T12:00:00.000Z"));
  }

  @Test
  void outcomeKeepsItsEncounterWithStaysByTime() {
    Collected read =
        Collected.of(
            Settings.defaults().withStaysByTime(),
            encounter(WHO, INPATIENT, PERIOD, disposition("http://a", "exp")));

    assertThat(read.events.get(2).getStayId(), is("e1"));
  }

  @Test
  void dispositionsAreConfigurable() throws Exception {
    Dispositions dispositions =
        Dispositions.standard()
            .with(
                new YAMLMapper()
                    .readTree(
                        "systems: {acme: {names: [acme.org/out], died: ['9'], alive: ['20']}}"));
    Settings settings = Settings.defaults().withDispositions(dispositions);

    for (String code : new String[] {"9", "20"}) {
      Collected read =
          Collected.of(
              settings,
              encounter(WHO, INPATIENT, PERIOD, disposition("https://acme.org/out", code)));
      assertThat(read.events.get(2).getNumericValue(), is(code.equals("9") ? 1.0 : 0.0));
    }
  }

  @Test
  void offsetsAreReported() {
    assertThat(Collected.of(encounter(WHO, INPATIENT, PERIOD)).offsets, is(Offsets.WITH));
    assertThat(
        Collected.of(encounter(WHO, INPATIENT, PERIOD.replace("Z", ""))).offsets,
        is(Offsets.WITHOUT));
    assertThat(
        Collected.of(
                encounter(
                    WHO,
                    INPATIENT,
                    "'period':{'start':'2150-01-01','end':'2150-01-05T12:00:00-05:00'}"))
            .offsets,
        is(Offsets.WITH));
  }

  private static String disposition(String system, String code) {
    return "'hospitalization':{'dischargeDisposition':{'coding':[{'system':'"
        + system
        + "','code':'"
        + code
        + "'}]}}";
  }
}
