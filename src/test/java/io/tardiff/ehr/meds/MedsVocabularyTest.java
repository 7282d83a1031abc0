package io.tardiff.ehr.meds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.tardiff.RealData;
import io.tardiff.files.parquet.ParquetRows;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MedsVocabularyTest {
  private static final Path CODES = RealData.at("mimic4-demo-meds/MEDS/metadata/codes.parquet");
  private static final Pattern CODE = Pattern.compile("\"([^\"]+//[^\"]*)\"");

  private static final Set<String> VOCABULARY = new TreeSet<>();

  @BeforeAll
  static void codes() throws Exception {
    try (InputStream file =
        MedsVocabularyTest.class.getResourceAsStream(
            "/io/tardiff/cohort/vocabularies/meds_mimic4.yaml")) {
      Matcher codes =
          CODE.matcher(
              new String(file.readAllBytes(), StandardCharsets.UTF_8)
                  .replaceAll("(?m)(^|\\s)#.*$", ""));
      while (codes.find()) {
        VOCABULARY.add(codes.group(1));
      }
    }
  }

  /**
   * Alarm limit, set rate, gastric residual, drain, visual field, and skin temperature in words.
   */
  @Test
  void excludesItemsThatOtherDictionariesMistakeForVitals() {
    assertThat(VOCABULARY, hasSize(greaterThan(40)));
    for (String item : List.of("226253", "619", "227510", "40086", "6072", "224027")) {
      assertThat(VOCABULARY, not(hasItem(containsString("//" + item + "//"))));
    }
  }

  @Test
  void everyCodeIsInTheDemo() throws Exception {
    RealData.require(CODES);
    Set<String> demo = new HashSet<>();
    try (ParquetRows rows = ParquetRows.open(CODES.toString())) {
      ParquetRows.Group group = rows.read(0, List.of("code"));
      while (group.next()) {
        demo.add((String) group.value("code"));
      }
    }
    assertThat(demo.size(), is(7_035));
    Set<String> unknown = new TreeSet<>(VOCABULARY);
    unknown.removeAll(demo);
    assertThat(unknown, is(empty()));
  }
}
