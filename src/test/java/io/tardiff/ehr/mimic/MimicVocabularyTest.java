package io.tardiff.ehr.mimic;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tardiff.RealData;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the vocabularies against the dictionaries of the data set. */
class MimicVocabularyTest {
  /**
   * Alarm limit, set rate, gastric residual, drain, visual field, and skin temperature in words.
   */
  private static final Set<String> WRONG =
      Set.of("226253", "619", "227510", "40086", "6072", "224027");

  private static final Set<String> CONCEPTS =
      Set.of(
          ("HR SBP DBP MAP RR Temp SpO2 Urine GCS FiO2 MechVent pH PaO2 PaCO2 HCT HCO3 Platelets WBC"
                  + " Glucose BUN Creatinine Na K Mg Lactate Albumin Bilirubin Hgb Cl Ca INR ALT AST"
                  + " ALP Age Gender Height Weight")
              .split(" "));

  private static final Set<String> STATICS = Set.of("Age", "Gender");

  private static final Map<String, Pattern> LABELS = new HashMap<>();

  static {
    label("HR", "Heart Rate");
    label("SBP", ".*(BP|Blood Pressure).*systolic.*");
    label("DBP", ".*(BP|Blood Pressure).*diastolic.*");
    label("MAP", ".*BP mean.*|.*Blood Pressure mean");
    label("RR", "Resp(iratory)? Rate( \\(Total\\))?");
    label("Temp", "Temperature .*");
    label("SpO2", "SpO2|O2 saturation pulseoxymetry");
    label(
        "Urine",
        "Urine Out .*|Foley|Void|Condom Cath|Ileoconduit|Suprapubic|[RL] Nephrostomy|Straight Cath"
            + "|[RL] Ureteral Stent|GU Irrigant.*");
    label("GCS", "GCS Total|GCS - (Eye Opening|(Verbal|Motor) Response)");
    label("FiO2", ".*FiO2.*|Inspired O2 Fraction|Oxygen");
    label("MechVent", "PEEP Set|Tidal Volume.*|Mean Airway Pressure");
    label("pH", "(Arterial |Art\\.)?pH( \\(Arterial\\))?");
    label("PaO2", "Arterial PaO2|Arterial O2 pressure|pO2");
    label("PaCO2", "Arterial PaCO2|Arterial CO2 pressure|pCO2");
    label("HCT", "Hematocrit.*");
    label("HCO3", "Bicarbonate|HCO3 .*|Calculated Bicarbonate.*");
    label("Platelets", "Platelet.*");
    label("WBC", "WBC.*|White Blood Cells");
    label("Glucose", ".*Glucose.*");
    label("BUN", "BUN.*|Urea Nitrogen");
    label("Creatinine", "Creatinine.*");
    label("Na", "Sodium.*");
    label("K", "Potassium.*");
    label("Mg", "Magnesium.*");
    label("Lactate", "Lact(ate|ic).*");
    label("Albumin", "Albumin.*");
    label("Bilirubin", "(Bilirubin, )?Total( Bili.*)?");
    label("Hgb", "Hemoglobin");
    label("Cl", "Chloride.*");
    label("Ca", "Calcium.*");
    label("INR", "INR.*");
    label("ALT", ".*ALT.*");
    label("AST", ".*AST.*");
    label("ALP", "Alk.*Phosphat.*");
    label("Height", "Height.*|Admit Ht");
    label("Weight", ".*Weight.*|Admit Wt");
  }

  private record Item(String label, String table, String category, String fluid) {}

  private static void label(String concept, String pattern) {
    LABELS.put(concept, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mimic3", "mimic4"})
  void wrongIdsAreExcluded(String name) throws Exception {
    Map<String, List<String>> codes = codes(name);

    assertThat(codes.keySet(), everyItem(is(in(CONCEPTS))));
    codes.values().forEach(ids -> assertThat(ids, everyItem(is(not(in(WRONG))))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mimic3", "mimic4"})
  void noIdBelongsToTwoConcepts(String name) throws Exception {
    List<String> all = codes(name).values().stream().flatMap(List::stream).toList();

    assertThat(all, hasSize(Set.copyOf(all).size()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mimic3", "mimic4"})
  void everyIdHasAMatchingLabel(String name) throws Exception {
    Map<String, Item> items = items();
    codes(name)
        .forEach(
            (concept, ids) -> {
              if (STATICS.contains(concept)) {
                assertThat(ids, is(List.of(concept)));
                return;
              }
              for (String id : ids) {
                Item item = items.get(id);
                assertThat(concept + " has an unknown id " + id, item != null);
                assertThat(
                    id + " " + item.label() + " is not " + concept,
                    LABELS.get(concept).matcher(item.label()).matches());
                assertThat(
                    id + " is in table " + item.table(),
                    item.table().equals(concept.equals("Urine") ? "outputevents" : "chartevents")
                        || item.table().equals("labevents"));
                assertThat(id + " is an alarm", !item.category().equals("Alarms"));
                assertThat(
                    id + " is not of blood",
                    !item.table().equals("labevents") || item.fluid().equalsIgnoreCase("Blood"));
              }
            });
  }

  /** Comments must be right because readers rely on them. */
  @ParameterizedTest
  @ValueSource(strings = {"mimic3", "mimic4"})
  void everyCommentIsTheLabel(String name) throws Exception {
    Map<String, Item> items = items();
    Pattern line = Pattern.compile("[^#\"]*\"(\\d+)\".*? # (.*)");
    int checked = 0;
    for (String text : text(name).lines().toList()) {
      Matcher matcher = line.matcher(text);
      if (matcher.matches()) {
        assertThat(matcher.group(2), is(items.get(matcher.group(1)).label()));
        checked++;
      }
    }
    assertThat(checked, is(greaterThan(80)));
  }

  private static String text(String name) throws Exception {
    try (InputStream in =
        MimicVocabularyTest.class.getResourceAsStream(
            "/io/tardiff/cohort/vocabularies/" + name + ".yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<String, List<String>> codes(String name) throws Exception {
    Map<String, List<String>> codes = new HashMap<>();
    for (Map.Entry<String, JsonNode> concept : new YAMLMapper().readTree(text(name)).properties()) {
      List<String> ids = new ArrayList<>();
      for (JsonNode entry : concept.getValue()) {
        if (entry.isArray()) {
          entry.forEach(code -> ids.add(code(code)));
        } else if (entry.has("sum")) {
          entry.get("sum").forEach(code -> ids.add(code(code)));
        } else {
          ids.add(code(entry));
        }
      }
      codes.put(concept.getKey(), ids);
    }
    return codes;
  }

  private static String code(JsonNode node) {
    JsonNode code = node.isObject() ? node.get("code") : node;
    assertThat("codes are quoted", code.isTextual());
    return code.textValue();
  }

  private static Map<String, Item> items() throws Exception {
    Path data = RealData.at("mimic3-demo");
    RealData.require(data);
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    Map<String, Item> items = new HashMap<>();
    try (CSVParser rows =
        CSVParser.parse(data.resolve("D_ITEMS.csv"), StandardCharsets.UTF_8, format)) {
      for (CSVRecord row : rows) {
        items.put(
            row.get("itemid"),
            new Item(row.get("label").trim(), row.get("linksto"), row.get("category"), ""));
      }
    }
    try (CSVParser rows =
        CSVParser.parse(data.resolve("D_LABITEMS.csv"), StandardCharsets.UTF_8, format)) {
      for (CSVRecord row : rows) {
        items.put(
            row.get("itemid"),
            new Item(row.get("label").trim(), "labevents", row.get("category"), row.get("fluid")));
      }
    }
    return items;
  }
}
