package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.files.Bounds;
import java.util.List;
import java.util.Set;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObservationTest {
  private static final String CODE =
      "'code':{'coding':[{'system':'http://loinc.org','code':'8867-4','display':'Heart rate'}]}";
  private static final String WHO = "'subject':{'reference':'Patient/p1'}";
  private static final String WHEN = "'effectiveDateTime':'2150-01-02T03:04:05Z'";
  private static final String RATE =
      "'valueQuantity':{'value':73,'unit':'beats/minute','system':'http://unitsofmeasure.org',"
          + "'code':'/min'}";

  private static String observation(String... fields) {
    return ("{'resourceType':'Observation','status':'final'," + String.join(",", fields) + "}")
        .replace('\'', '"');
  }

  private static Collected value(String value) {
    return Collected.of(observation(CODE, WHO, WHEN, value));
  }

  private static Collected at(String effective) {
    return Collected.of(observation(CODE, WHO, RATE, effective));
  }

  @Test
  void memberThatIsNullIsMissing() {
    Collected read =
        Collected.of(
            observation(
                CODE,
                WHO,
                WHEN,
                "'encounter':null",
                "'component':null",
                "'valueQuantity':{'value':73,'comparator':null,'code':'/min','unit':null}"));

    assertThat(read.values(), contains("8867-4=73.0 /min"));
    assertThat(read.rejects, is(empty()));
    assertThat(
        value("'valuePeriod':{'start':null,'end':'2150-01-02'}").values(),
        contains("8867-4= '/2150-01-02'"));
  }

  @Test
  void quantityBecomesAnEvent() {
    Collected read =
        Collected.of(
            observation(CODE, WHO, WHEN, RATE, "'encounter':{'reference':'Encounter/e1'}"));

    assertThat(
        read.events,
        contains(
            EhrEvent.builder()
                .setSubjectId("p1")
                .setStayId("e1")
                .setTime(Instant.parse("2150-01-02T03:04:05Z"))
                .setCode("8867-4")
                .setNumericValue(73.0)
                .setUnit("/min")
                .build()));
    assertThat(read.rejects, is(empty()));
    assertThat(read.skips, is(empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "final, 1",
    "amended, 1",
    "corrected, 1",
    "preliminary, 0",
    "registered, 0",
    "cancelled, 0",
    "entered-in-error, 0",
    "unknown, 0",
    "something, 0"
  })
  void onlyFinalResultsCount(String status, int events) {
    Collected read =
        Collected.of(observation(CODE, WHO, WHEN, RATE).replace("\"final\"", "\"" + status + "\""));

    assertThat(read.events, hasSize(events));
    assertThat(read.skips, is(events == 1 ? List.of() : List.of(Skip.OBSERVATION_STATUS)));
  }

  @Test
  void statusIsRequired() {
    String json = "{'resourceType':'Observation'," + WHO + "}";

    assertThat(
        Collected.of(json.replace('\'', '"')).rejects, contains("Observation: status is missing"));
  }

  @ParameterizedTest
  @CsvSource({
    "Patient/p1",
    "https://server.example/fhir/Patient/p1",
    "https://server.example/fhir/Patient/p1/_history/3",
    "urn:uuid:p1",
    "urn:oid:p1"
  })
  void subjectIsTheIdOfAnyReference(String reference) {
    Collected read =
        Collected.of(observation(CODE, WHEN, RATE, "'subject':{'reference':'" + reference + "'}"));

    assertThat(read.events, hasSize(1));
    assertThat(read.events.get(0).getSubjectId(), is("p1"));
    assertThat(read.events.get(0).getStayId(), is(nullValue()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'reference':'#contained'}",
        "{'reference':'Patient?identifier=1'}",
        "{'reference':'nonsense'}",
        "{'reference':7}",
        "{'display':'an oyster farm'}",
        "{'identifier':{'value':'1'}}"
      })
  void subjectWithoutAReferenceIsADeadLetter(String subject) {
    Collected read = Collected.of(observation(CODE, WHEN, RATE, "'subject':" + subject));

    assertThat(read.events, is(empty()));
    assertThat(read.rejects, contains("Observation: subject is not a reference to a resource"));
  }

  @Test
  void missingSubjectIsADeadLetter() {
    assertThat(
        Collected.of(observation(CODE, WHEN, RATE)).rejects,
        contains("Observation: subject is missing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'reference':'Group/herd'", "'reference':'urn:uuid:1','type':'Device'"})
  void subjectThatIsNotAPatientIsSkipped(String subject) {
    Collected read = Collected.of(observation(CODE, WHEN, RATE, "'subject':{" + subject + "}"));

    assertThat(read.events, is(empty()));
    assertThat(read.rejects, is(empty()));
    assertThat(read.skips, contains(Skip.OTHER_SUBJECT));
  }

  @Test
  void staysByTimeIgnoreTheEncounter() {
    Collected read =
        Collected.of(
            Settings.defaults().withStaysByTime(),
            observation(CODE, WHO, WHEN, RATE, "'encounter':{'reference':'Encounter/e1'}"));

    assertThat(read.events.get(0).getStayId(), is(nullValue()));
  }

  @Test
  void anyWantedCodingSelectsTheObservation() {
    String codes =
        "'code':{'coding':[{'system':'http://loinc.org','code':'8328-7'},"
            + "{'system':'http://snomed.info/sct/','code':'386725007'},"
            + "{'system':'http://loinc.org|2.74','code':'8310-5'}]}";

    for (String wanted : new String[] {"8310-5", "8328-7", "http://snomed.info/sct|386725007"}) {
      assertThat(
          Collected.of(
                  Settings.defaults().withCodes(Set.of(wanted)),
                  observation(WHO, WHEN, codes, "'valueQuantity':{'value':38}"))
              .values(),
          contains(wanted + "=38.0"));
    }
    assertThat(
        Collected.of(
                Settings.defaults().withCodes(Set.of("8310-5", "8328-7")),
                observation(WHO, WHEN, codes, "'valueQuantity':{'value':38}"))
            .values(),
        contains("8328-7=38.0"));
  }

  @Test
  void loincPrecedesOtherCodings() {
    String code =
        "'code':{'coding':[{'system':'http://acme.lab','code':'BT'},"
            + "{'system':'http://loinc.org','code':'8310-5'},"
            + "{'system':'http://loinc.org','code':'8331-1'}]}";

    assertThat(
        Collected.of(observation(code, WHO, WHEN, RATE)).values(), contains("8310-5=73.0 /min"));
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"coding\":[{\"system\":\"http://acme.lab\",\"code\":\"BT\"}]}', http://acme.lab|BT",
    "'{\"coding\":[{\"code\":\"BT\"}]}', |BT",
    "'{\"coding\":[{\"display\":\"x\"},{\"system\":\"urn:a\",\"code\":\"b\"}]}', urn:a|b",
    "'{\"text\":\"eye color\"}', text|eye color",
    "'{\"coding\":[{\"system\":\"urn:oid:2.16.840.1.113883.6.1\",\"code\":\"2951-2\"}]}', 2951-2"
  })
  void codeWithoutLoincKeepsItsSystem(String concept, String code) {
    assertThat(
        Collected.of(observation("'code':" + concept, WHO, WHEN, RATE)).values(),
        contains(code + "=73.0 /min"));
  }

  @Test
  void sourceCannotInjectOutcomes() {
    String code = "'code':{'coding':[{'system':'http://loinc.org','code':'HOSPITAL_DEATH'}]}";

    assertThat(
        Collected.of(observation(code, WHO, WHEN, RATE)).values(),
        contains("http://loinc.org|HOSPITAL_DEATH=73.0 /min"));
  }

  @Test
  void missingCodeIsADeadLetter() {
    assertThat(
        Collected.of(observation(WHO, WHEN, RATE)).rejects,
        contains("Observation: code is missing"));
  }

  @Test
  void filtersByCode() {
    Settings settings = Settings.defaults().withCodes(Set.of("8480-6"));
    String pressure =
        "'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},"
            + "'valueInteger':107}]";

    assertThat(
        Collected.of(settings, observation(CODE, WHO, WHEN, RATE, pressure)).values(),
        contains("8480-6=107.0"));
  }

  // Times

  @Test
  void offsetIsApplied() {
    assertThat(
        at("'effectiveDateTime':'2020-09-12T08:16:27-04:00'").timed(),
        contains("8867-4@2020-09-12T12:16:27.000Z"));
  }

  @Test
  void timeWithoutAnOffsetIsUtc() {
    assertThat(
        at("'effectiveDateTime':'2020-09-12T08:16:27.5'").timed(),
        contains("8867-4@2020-09-12T08:16:27.500Z"));
  }

  @Test
  void leapSecondIsTheNextMinute() {
    assertThat(
        at("'effectiveDateTime':'2016-12-31T23:59:60Z'").timed(),
        contains("8867-4@2017-01-01T00:00:00.000Z"));
  }

  @Test
  void dateIsItsFirstMoment() {
    assertThat(
        at("'effectiveDateTime':'1999-07-02'").timed(),
        contains("8867-4@1999-07-02T00:00:00.000Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2011", "2011-03"})
  void bareYearOrMonthIsADeadLetter(String date) {
    Collected read = at("'effectiveDateTime':'" + date + "'");

    assertThat(read.events, is(empty()));
    assertThat(read.rejects, contains("Observation: effectiveDateTime is only a year or a month"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'2011-02-30'",
        "'2011-13'",
        "'abcd'",
        "'+999999999-01-01T00:00:00Z'",
        "''",
        "20110101",
        "'2011-02-03T25:00:00Z'",
        "'99999-01-01'",
        "'2011-02-03T04:05:06+99:00'",
        "{}"
      })
  void invalidTimeIsADeadLetter(String date) {
    assertThat(
        at("'effectiveDateTime':" + date).rejects,
        contains("Observation: effectiveDateTime is not a time"));
  }

  @Test
  void periodIsKnownAtItsEnd() {
    assertThat(
        at("'effectivePeriod':{'start':'2018-04-02T10:00:00Z','end':'2018-04-02T11:00:00Z'}")
            .timed(),
        contains("8867-4@2018-04-02T11:00:00.000Z"));
  }

  @Test
  void endDateIncludesTheDay() {
    assertThat(
        at("'effectivePeriod':{'start':'2018-04-02','end':'2018-04-02'}").timed(),
        contains("8867-4@2018-04-02T23:59:59.999Z"));
  }

  @Test
  void openPeriodIsItsStart() {
    assertThat(
        at("'effectivePeriod':{'start':'2018-04-02T10:00:00Z'}").timed(),
        contains("8867-4@2018-04-02T10:00:00.000Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'start':'2018-04-03','end':'2018-04-02'};effectivePeriod ends before it begins",
        "{};effectivePeriod has neither start nor end",
        "{'end':'2018'};effectivePeriod.end is only a year or a month"
      },
      quoteCharacter = '"')
  void badPeriodIsADeadLetter(String period, String reason) {
    assertThat(at("'effectivePeriod':" + period).rejects, contains("Observation: " + reason));
  }

  @Test
  void timingIsItsLastEvent() {
    assertThat(
        at("'effectiveTiming':{'event':['2018-04-02T12:00:00Z','2018-04-02T10:00:00Z']}").timed(),
        contains("8867-4@2018-04-02T12:00:00.000Z"));
    assertThat(
        at("'effectiveTiming':{'repeat':{'boundsPeriod':{'start':'2018-04-02T12:00:00Z',"
                + "'end':'2018-04-02T13:00:00Z'}}}")
            .timed(),
        contains("8867-4@2018-04-02T13:00:00.000Z"));
    assertThat(
        at("'effectiveTiming':{'code':{'text':'BID'}}").rejects,
        contains("Observation: effectiveTiming has no time"));
  }

  @Test
  void instantIsRead() {
    assertThat(
        at("'effectiveInstant':'2018-04-02T12:00:00.123Z'").timed(),
        contains("8867-4@2018-04-02T12:00:00.123Z"));
  }

  @Test
  void issuedReplacesAMissingTime() {
    assertThat(
        at("'issued':'2013-04-04T14:34:00+01:00'").timed(),
        contains("8867-4@2013-04-04T13:34:00.000Z"));
    assertThat(
        Collected.of(observation(CODE, WHO, RATE)).rejects,
        contains("Observation: effective time is missing"));
  }

  // Values

  @Test
  void unitIsTheUcumCodeElseTheDisplayedUnit() {
    assertThat(
        value(
                "'valueQuantity':{'value':28,'unit':'mmol/L','system':'http://snomed.info/sct',"
                    + "'code':'258813002'}")
            .values(),
        contains("8867-4=28.0 mmol/L"));
    assertThat(
        value(
                "'valueQuantity':{'value':13,'system':'http://unitsofmeasure.org',"
                    + "'code':'{score}'}")
            .values(),
        contains("8867-4=13.0 {score}"));
    assertThat(value("'valueQuantity':{'value':13}").values(), contains("8867-4=13.0"));
  }

  @Test
  void comparatorIsKeptBesideTheNumber() {
    assertThat(
        value("'valueQuantity':{'value':60,'comparator':'>','unit':'mL/min'}").values(),
        contains("8867-4=60.0 '>' mL/min"));
    assertThat(
        value("'valueQuantity':{'value':60,'comparator':'about'}").rejects,
        contains("Observation: valueQuantity.comparator is not <, <=, >= or >"));
  }

  @ParameterizedTest
  @CsvSource({
    "1e999, is not finite",
    "-1e999, is not finite",
    "'\"7.4\"', is not a number",
    "true, is not a number"
  })
  void invalidNumberIsADeadLetter(String number, String reason) {
    Collected read = value("'valueQuantity':{'value':" + number + "}");

    assertThat(read.events, is(empty()));
    assertThat(read.rejects, contains("Observation: valueQuantity.value " + reason));
  }

  @Test
  void oddNumbersAreLeftToTheCohort() {
    assertThat(value("'valueInteger':-8").values(), contains("8867-4=-8.0"));
    assertThat(value("'valueQuantity':{'value':-1E+245}").values(), contains("8867-4=-1.0E245"));
    assertThat(
        value("'valueQuantity':{'value':1000000000000000000000000}").values(),
        contains("8867-4=1.0E24"));
  }

  @Test
  void otherTypesOfValues() {
    assertThat(value("'valueBoolean':true").values(), contains("8867-4=1.0"));
    assertThat(value("'valueBoolean':false").values(), contains("8867-4=0.0"));
    assertThat(value("'valueString':' blue '").values(), contains("8867-4= 'blue'"));
    assertThat(value("'valueString':' 98.6 '").values(), contains("8867-4=98.6"));
    assertThat(value("'valueString':'37.2 Cel'").values(), contains("8867-4=37.2 Cel"));
    assertThat(value("'valueString':'<5'").values(), contains("8867-4=5.0 '<'"));
    for (String text : new String[] {"36,5", "120/80", "1+", "1e400", "3 to 5", "2150-01-01"}) {
      assertThat(
          value("'valueString':'" + text + "'").values(), contains("8867-4= '" + text + "'"));
    }
    assertThat(value("'valueDateTime':'2016-12-30'").values(), contains("8867-4= '2016-12-30'"));
    assertThat(
        value("'valueRange':{'low':{'value':4,'unit':'mg'},'high':{'value':6,'unit':'mg'}}")
            .values(),
        contains("8867-4= '4 mg..6 mg'"));
    assertThat(
        value("'valueRatio':{'numerator':{'value':1},'denominator':{'value':128}}").values(),
        contains("8867-4= '1:128'"));
    assertThat(
        value("'valuePeriod':{'start':'2016','end':'2017'}").values(),
        contains("8867-4= '2016/2017'"));
    assertThat(
        value("'valueBoolean':'yes'").rejects,
        contains("Observation: valueBoolean is not true or false"));
  }

  @Test
  void conceptIsItsDisplayedText() {
    assertThat(
        value(
                "'valueCodeableConcept':{'coding':[{'code':'LA6724-4','display':'Good'}],"
                    + "'text':'2. Good'}")
            .values(),
        contains("8867-4= '2. Good'"));
    assertThat(
        value("'valueCodeableConcept':{'coding':[{'code':'LA6724-4','display':'Good'}]}").values(),
        contains("8867-4= 'Good'"));
    assertThat(
        value("'valueCodeableConcept':{'coding':[{'code':'LA6724-4'}]}").values(),
        contains("8867-4= 'LA6724-4'"));
    assertThat(value("'valueCodeableConcept':{}").skips, contains(Skip.ABSENT));
  }

  @Test
  void answerOfAScoreKeepsItsNumber() {
    assertThat(
        value(
                "'valueCodeableConcept':{'coding':[{'code':'5'},{'extension':[{'url':"
                    + "'http://hl7.org/fhir/StructureDefinition/ordinalValue','valueDecimal':5}],"
                    + "'system':'http://loinc.org','code':'LA6566-9','display':'Localizing pain'}]}")
            .values(),
        contains("8867-4=5.0 'Localizing pain'"));
  }

  // Components and absent values

  @Test
  void bloodPressureIsItsComponents() {
    String panel = "'code':{'coding':[{'system':'http://loinc.org','code':'85354-9'}]}";
    String components =
        "'component':[{'code':{'coding':[{'system':'http://loinc.org','code':'8480-6'}]},"
            + "'valueQuantity':{'value':107,'system':'http://unitsofmeasure.org',"
            + "'code':'mm[Hg]'}},"
            + "{'code':{'coding':[{'system':'http://loinc.org','code':'8462-4'}]},"
            + "'dataAbsentReason':{'coding':[{'code':'not-performed'}]}}]";

    Collected read = Collected.of(observation(panel, WHO, WHEN, components));

    assertThat(read.values(), contains("8480-6=107.0 mm[Hg]"));
    assertThat(read.skips, contains(Skip.ABSENT));
    assertThat(read.rejects, is(empty()));
  }

  @Test
  void badComponentDoesNotLoseTheOthers() {
    String components =
        "'component':[{'valueInteger':1},"
            + "{'code':{'text':'a'},'valueQuantity':{'value':'x'}},"
            + "{'code':{'text':'b'},'valueInteger':2}]";

    Collected read = Collected.of(observation(CODE, WHO, WHEN, RATE, components));

    assertThat(read.values(), contains("8867-4=73.0 /min", "text|b=2.0"));
    assertThat(
        read.rejects,
        contains(
            "Observation: component: code is missing",
            "Observation: component: valueQuantity.value is not a number"));
  }

  @Test
  void absentValuesAreCounted() {
    assertThat(
        value("'dataAbsentReason':{'coding':[{'code':'unknown'}]}").skips, contains(Skip.ABSENT));
    assertThat(value("'valueQuantity':{'unit':'mg'}").skips, contains(Skip.ABSENT));
    assertThat(value("'valueString':null").skips, contains(Skip.NO_VALUE));
    assertThat(value("'hasMember':[{'reference':'Observation/1'}]").skips, contains(Skip.NO_VALUE));
  }

  // Sampled data

  private static Collected sampled(String data, String fields) {
    return Collected.of(
        observation(
            CODE,
            WHO,
            "'effectivePeriod':{'start':'2018-04-02T10:00:00Z','end':'2018-04-02T11:00:00Z'}",
            "'valueSampledData':{'origin':{'value':100,'unit':'uV'},'data':'"
                + data
                + "',"
                + fields
                + "}"));
  }

  @Test
  void samplesAreEventsFromTheStart() {
    Collected read = sampled("1 2  -3", "'period':2.5,'factor':10,'dimensions':1");

    assertThat(read.values(), contains("8867-4=110.0 uV", "8867-4=120.0 uV", "8867-4=70.0 uV"));
    assertThat(
        read.timed(),
        contains(
            "8867-4@2018-04-02T10:00:00.000Z",
            "8867-4@2018-04-02T10:00:00.003Z",
            "8867-4@2018-04-02T10:00:00.005Z"));
  }

  @Test
  void limitsAndErrorsOfSamples() {
    Collected read =
        sampled("E L U 1", "'period':10,'dimensions':1,'lowerLimit':-5,'upperLimit':300");

    assertThat(
        read.values(), contains("8867-4=-5.0 '<' uV", "8867-4=300.0 '>' uV", "8867-4=101.0 uV"));
    assertThat(read.skips, contains(Skip.ABSENT));
    assertThat(read.timed().get(2), is("8867-4@2018-04-02T10:00:00.030Z"));
    assertThat(sampled("L U", "'period':10,'dimensions':1").skips, hasSize(2));
  }

  @Test
  void dimensionsAreInterleaved() {
    Collected read = sampled("1 2 3 4", "'period':10,'dimensions':2");

    assertThat(
        read.timed(),
        contains(
            "8867-4@2018-04-02T10:00:00.000Z",
            "8867-4#2@2018-04-02T10:00:00.000Z",
            "8867-4@2018-04-02T10:00:00.010Z",
            "8867-4#2@2018-04-02T10:00:00.010Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "1 x;'period':10,'dimensions':1;SampledData.data is not a list of numbers, E, L and U",
        "1 NaN;'period':10,'dimensions':1;SampledData.data is not finite",
        "1;'dimensions':1;SampledData.period is missing",
        "1;'period':0,'dimensions':1;SampledData.period is out of range",
        "1;'period':1e300,'dimensions':1;SampledData.period is out of range",
        "1;'period':1,'dimensions':0;SampledData.dimensions is out of range",
        "1;'period':1,'dimensions':1.5;SampledData.dimensions is out of range",
        "1;'period':1,'dimensions':1,'factor':'2';SampledData.factor is not a number"
      })
  void badSamplesAreADeadLetter(String data, String fields, String reason) {
    Collected read = sampled(data, fields);

    assertThat(read.events, is(empty()));
    assertThat(read.rejects, contains("Observation: " + reason));
  }

  @Test
  void tooManySamplesAreADeadLetter() {
    Collected read =
        sampled("1 ".repeat(Bounds.SAMPLED_DATA_VALUES + 1), "'period':1,'dimensions':1");

    assertThat(read.events, is(empty()));
    assertThat(read.rejects, contains("Observation: SampledData has more than 100000 values"));
  }
}
