package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.SmallSources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events do not depend on how programs write resources. */
class DisguisedResourcesTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void sameEventsFromAnyJson(long seed) throws IOException {
    JsonDisguise disguise = new JsonDisguise(new Random(seed));
    List<EhrEvent> expected = new ArrayList<>();
    for (String resource : SmallSources.fhir()) {
      expected.addAll(Collected.of(resource).events);
      Collected line = Collected.of(disguise.line(resource));
      assertThat(resource, line.rejects, is(empty()));
      assertThat(resource, line.events, is(Collected.of(resource).events));
    }
    Collected pretty = Collected.of(disguise.prettyBundle(SmallSources.fhir()));
    assertThat(pretty.rejects, is(empty()));
    assertThat(pretty.events, containsInAnyOrder(expected.toArray()));
  }
}
