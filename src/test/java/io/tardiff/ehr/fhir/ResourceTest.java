package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.EhrEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parses JSON, bundles and invalid input. */
class ResourceTest {

  private static Collected read(String json) {
    return Collected.of(json.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'resourceType':'Observation','status':'fin", // A truncated file.
        "{'resourceType':'Observation'} {}",
        "{'resourceType':'Observation','status':'final','status':'cancelled'}",
        "{'resourceType':'Observation','value':NaN}",
        "not json",
        "<html>"
      })
  void invalidJsonIsADeadLetter(String line) {
    Collected read = read(line);

    assertThat(read.events, is(empty()));
    assertThat(read.rejects, contains("resource: resource is not JSON"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "7", "null", "{'resourceType':7}", "'text'"})
  void jsonWithoutResourceTypeIsADeadLetter(String line) {
    assertThat(read(line).rejects, contains("resource: resource has no resourceType"));
  }

  @Test
  void otherTypesAreSkippedWhereverTheTypeIs() {
    assertThat(read("{'resourceType':'Condition','id':'c'}").skips, contains(Skip.OTHER_RESOURCE));
    assertThat(read("{'id':'c','resourceType':'Condition'}").skips, contains(Skip.OTHER_RESOURCE));
  }

  @Test
  void emptyLinesAndByteOrderMarksAreIgnored() {
    assertThat(read("  ").rejects, is(empty()));
    assertThat(
        read("\uFEFF{'resourceType':'Patient','id':'p','gender':'male'}").rejects, is(empty()));
  }

  @Test
  void depthIsLimited() {
    String line =
        "{'resourceType':'Patient','extension':" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

    assertThat(
        read(line).rejects,
        contains("resource: JSON is nested too deeply or has too long a number"));
  }

  @Test
  void lengthOfNumbersIsLimited() {
    String line = "{'resourceType':'Patient','multipleBirthInteger':" + "9".repeat(100_000) + "}";

    assertThat(
        read(line).rejects,
        contains("resource: JSON is nested too deeply or has too long a number"));
  }

  @Test
  void lengthIsLimited() {
    assertThat(
        Collected.of("x".repeat(ResourceParser.MAX_LENGTH + 1)).rejects,
        contains("resource: resource is too long"));
  }

  @Test
  void entriesOfABundleReferToEachOtherByFullUrl() {
    Collected read =
        read(
            "{'resourceType':'Bundle','type':'transaction','entry':["
                + "{'fullUrl':'urn:uuid:aaa','resource':{'resourceType':'Patient','id':'p1',"
                + "'gender':'male'}},"
                + "{'fullUrl':'urn:uuid:bbb','resource':{'resourceType':'Encounter',"
                + "'status':'finished','class':{'code':'IMP'},"
                + "'subject':{'reference':'urn:uuid:aaa'},'period':{'start':'2150-01-01'}}},"
                + "{'fullUrl':'urn:uuid:ccc','resource':{'resourceType':'Observation',"
                + "'status':'final','code':{'text':'a'},'subject':{'reference':'urn:uuid:aaa'},"
                + "'encounter':{'reference':'urn:uuid:bbb'},'effectiveDateTime':'2150-01-01',"
                + "'valueInteger':1}},"
                + "{'resource':{'resourceType':'Condition'}},"
                + "{'request':{'method':'DELETE','url':'Observation/1'}},"
                + "{'resource':{'resourceType':'Observation'}}]}");

    assertThat(read.values(), contains("Gender=1.0", "HOSPITAL_ADMISSION=", "text|a=1.0"));
    assertThat(read.events.stream().map(EhrEvent::getSubjectId).toList(), everyItem(is("p1")));
    assertThat(read.events.get(1).getStayId(), is("bbb"));
    assertThat(read.events.get(2).getStayId(), is("bbb"));
    assertThat(read.skips, contains(Skip.OTHER_RESOURCE));
    assertThat(read.rejects, contains("Observation: status is missing"));
  }

  @Test
  void historyBundleIsADeadLetter() {
    Collected read =
        read(
            "{'resourceType':'Bundle','type':'history','entry':["
                + "{'resource':{'resourceType':'Patient','id':'p1','gender':'male'}}]}");

    assertThat(read.events, is(empty()));
    assertThat(
        read.rejects, contains("Bundle: Bundle is a history, which contains outdated versions"));
  }
}
