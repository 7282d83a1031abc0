package io.tardiff.ehr.fhir;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks the codes of the vocabulary. */
class VocabularyTest {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  static Set<String> codes() throws IOException {
    return new HashSet<>(list());
  }

  private static List<String> list() throws IOException {
    List<String> codes = new ArrayList<>();
    try (InputStream file =
        VocabularyTest.class.getResourceAsStream("/io/tardiff/cohort/vocabularies/fhir.yaml")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        Matcher code = QUOTED.matcher(line.replaceFirst("#.*", ""));
        while (code.find()) {
          codes.add(code.group(1));
        }
      }
    }
    return codes;
  }

  @Test
  void noCodeBelongsToTwoConcepts() throws IOException {
    assertThat(list(), hasSize(codes().size()));
  }

  @Test
  void everyCodeIsLoinc() throws IOException {
    Set<String> codes = codes();
    assertThat(codes.remove("Gender"), is(true));
    assertThat(codes, everyItem(matchesPattern("\\d{3,5}-\\d")));
  }

  @Test
  void dailyOutputIsNotUrine() throws IOException {
    assertThat(codes(), hasItem("9187-6"));
    assertThat(codes(), not(hasItem("9192-6")));
  }
}
