package io.tardiff.samples;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FromFhirTest {
  @Test
  void buildsACohort(@TempDir Path directory) {
    List<String> resources = new ArrayList<>();
    for (int patient = 0; patient < 60; patient++) {
      resources.add(json("{'resourceType':'Patient','id':'%d','gender':'female'}", patient));
      resources.add(
          json(
              "{'resourceType':'Encounter','id':'e%1$d','status':'finished',"
                  + "'class':{'code':'IMP'},'subject':{'reference':'Patient/%1$d'},"
                  + "'period':{'start':'2150-01-01T10:00:00Z','end':'2150-01-05T10:00:00Z'},"
                  + "'hospitalization':{'dischargeDisposition':{'coding':[{'code':'%2$s'}]}}}",
              patient, patient % 3 == 0 ? "exp" : "home"));
      for (int hour = 0; hour < 4; hour++) {
        String at = String.format(Locale.ROOT, "2150-01-01T1%d:15:00Z", hour);
        resources.add(observation(patient, at, "'code':" + code("8867-4") + value(70 + hour)));
        resources.add(
            observation(
                patient,
                at,
                "'code':"
                    + code("85354-9")
                    + ",'component':[{'code':"
                    + code("8480-6")
                    + value(120)
                    + "},{'code':"
                    + code("8462-4")
                    + value(80)
                    + "}]"));
      }
    }
    Pipeline pipeline = Pipeline.create();
    FromFhir.buildCohort(pipeline.apply(Create.of(resources)), directory.toString());
    pipeline.run().waitUntilFinish();

    Cohort cohort = Cohort.open(directory.toString());
    long[] labels = new long[2];
    for (Split split : Split.values()) {
      for (EhrWindow window : cohort.readAll(split)) {
        labels[window.label()]++;
        // The second hour: HR, SBP, DBP.
        assertThat(window.values()[3], is(71f));
        assertThat(window.values()[4], is(120f));
        assertThat(window.values()[5], is(80f));
      }
    }
    assertThat(labels, is(new long[] {40, 20}));
  }

  private static String observation(int patient, String at, String rest) {
    return json(
        "{'resourceType':'Observation','status':'final','subject':{'reference':'Patient/%d'},"
            + "'effectiveDateTime':'%s',%s}",
        patient, at, rest);
  }

  private static String code(String loinc) {
    return "{'coding':[{'system':'http://loinc.org','code':'" + loinc + "'}]}";
  }

  private static String value(int number) {
    return ",'valueQuantity':{'value':" + number + "}";
  }

  private static String json(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments).replace('\'', '"');
  }
}
