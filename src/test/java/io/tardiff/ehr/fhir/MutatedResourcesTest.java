package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.Mutator;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Corrupted resources give a dead letter, a skip or events, never an unexpected exception. */
class MutatedResourcesTest {
  private static final int LINES = 20_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'resourceType':'Encounter','id':'e1','status':'finished','class':{'code':'IMP'},"
            + "'subject':{'reference':'Patient/p1'},'type':[{'text':'ICU'}],'period':{'start':'2150-01-01T10:00:00Z',"
            + "'end':'2150-01-05T12:00:00Z'},'hospitalization':{'dischargeDisposition':{'coding':"
            + "[{'system':'http://www.nubc.org/patient-discharge','code':'20','display':'Expired'}],"
            + "'text':'Expired','extension':[{'url':'Entlassungsgrund','extension':[{'url':'x',"
            + "'valueCoding':{'system':'http://fhir.de/CodeSystem/dkgev/EntlassungsgrundErsteUndZweiteStelle',"
            + "'code':'07'}}]}]}}}",
        "{'resourceType':'Encounter','id':'e1','status':'in-progress','class':{'code':'IMP'},"
            + "'subject':{'reference':'Patient/p1'},'partOf':{'reference':'Encounter/e0'},"
            + "'location':[{'location':{'display':'MICU'},'period':{'start':'2150-01-01',"
            + "'end':'2150-01-02'}}],'period':{'start':'2150-01-01T10:00:00+02:00'}}",
        "{'resourceType':'Patient','id':'p1','birthDate':'1950-02-03','gender':'female',"
            + "'deceasedDateTime':'2150-01-02'}",
        "{'resourceType':'Patient','id':'p1','deceasedBoolean':false}",
        "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':"
            + "'http://loinc.org','code':'8328-7'},{'system':'http://loinc.org|2','code':'8310-5'}]},"
            + "'subject':{'reference':'Patient/p1'},'effectiveDateTime':'2150-01-02T03:04:05Z',"
            + "'valueString':'37.2 Cel','component':[{'code':{'text':'x'},'valueQuantity':"
            + "{'value':5,'comparator':'<','unit':'mg'}}]}"
      })
  void corruptedResourceIsReadOrRejected(String resource) {
    String json = resource.replace('\'', '"');
    Mutator mutator = new Mutator(11);
    int events = 0;
    for (int i = 0; i < LINES; i++) {
      String line = mutator.mutateJson(json);
      Collected read;
      try {
        read = Collected.of(line);
      } catch (RuntimeException e) {
        throw new AssertionError(line, e);
      }
      events += read.events.size();
      // Several codings state a death, so corrupting one gives death or a contradiction.
      boolean survived =
          read.events.stream()
              .anyMatch(
                  event ->
                      event.getCode().equals(EhrEvent.HOSPITAL_DEATH)
                          && Objects.equals(event.getNumericValue(), 0.0));
      assertThat(line, survived, is(false));
    }
    assertThat(events, is(greaterThan(0)));
  }
}
