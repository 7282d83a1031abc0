package io.tardiff.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class JsonTest {
  record Height(int metres, boolean isKnown, int aboveSea) {
    public boolean isHigh() {
      return metres > 100;
    }

    public int getFeet() {
      return metres * 3;
    }
  }

  @Test
  void componentsAndNothingElseAreFieldsInTheirOrder() {
    assertThat(
        Json.RECORDS.valueToTree(new Height(3, true, 8)).toString(),
        is("{\"metres\":3,\"is_known\":true,\"above_sea\":8}"));
  }

  @Test
  void recordIsReadAsItWasWritten() throws Exception {
    Height height = new Height(3, true, 8);
    assertThat(Json.record(Json.MAPPER.readTree(Json.pretty(height)), Height.class), is(height));
  }

  @Test
  void fieldOfALaterVersionIsIgnored() throws Exception {
    JsonNode json =
        Json.MAPPER.readTree("{\"metres\":3,\"high\":false,\"is_known\":true,\"above_sea\":8}");
    assertThat(Json.record(json, Height.class), is(new Height(3, true, 8)));
  }

  @Test
  void errorNamesTheMissingField() throws Exception {
    JsonNode json = Json.MAPPER.readTree("{\"metres\":3,\"is_known\":true}");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Json.record(json, Height.class));
    assertThat(e.getMessage(), is("field above_sea is missing or invalid"));
  }
}
