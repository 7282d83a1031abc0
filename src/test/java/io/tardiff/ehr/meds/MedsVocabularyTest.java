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

  /** An alarm limit, a set rate, a gastric residue, a drain, a field of vision, a text on skin. */
  @Test
  void itemsThatOtherDictionariesTakeForVitalsAreNotThere() {
    assertThat(VOCABULARY, hasSize(greaterThan(40)));
    for (String item : List.of("226253", "619", "227510", "40086", "6072", "224027")) {
      assertThat(VOCABULARY, not(hasItem(containsString("//" + item + "//"))));
    }
  }

  @Test
  void everyCodeIsInTheDemo() throws Exception {
    RealData.require(CODES);
    Set<String> there = new HashSet<>();
    try (ParquetRows rows = ParquetRows.open(CODES.toString())) {
      ParquetRows.Group group = rows.read(0, List.of("code"));
      while (group.next()) {
        there.add((String) group.value("code"));
      }
    }
    assertThat(there.size(), is(7_035));
    Set<String> unknown = new TreeSet<>(VOCABULARY);
    unknown.removeAll(there);
    assertThat(unknown, is(empty()));
  }
}
