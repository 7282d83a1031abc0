package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.files.Json;
import io.tardiff.files.Yaml;
import io.tardiff.settings.InvalidSettingException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The channels and static covariates that a cohort can use, and their codes in each source.
 *
 * <p>{@link #standard()} is part of the library: {@code concepts.yaml} and one file per source in
 * {@code vocabularies/}, all in {@code src/main/resources/io/tardiff/cohort}. {@link #withFile}
 * adds entries from a YAML file, or replaces those of the same name:
 *
 * <pre>{@code
 * ConceptDictionary dictionary = ConceptDictionary.standard().withFile("gs://bucket/concepts.yaml");
 * CohortConfig config =
 *     CohortConfig.defaults().withDictionary(dictionary).withChannels(List.of("HR", "CVP"));
 * }</pre>
 *
 * <p>The format of the file:
 *
 * <pre>
 * concepts:
 *   CVP: {unit: mmHg, aggregate: mean, range: [-20, -10, 50, 60], normal: 8, resolution: 1}
 *   Temp: {unit: Cel, aggregate: mean, range: [25, 28, 42, 43],
 *          conversions: {degF: {scale: 0.5555555555555556, offset: -17.77777777777778}}}
 * vocabularies:
 *   mimic3:
 *     CVP: ["113", "220074"]                       # pooled
 *     SBP: [["51", "220050"], ["455", "220179"]]   # arterial if observed, else cuff
 *     Temp: ["676", {code: "678", unit: degF}]     # overrides the unit of the rows
 *     GCS: [["198"], {sum: ["220739", "223900", "223901"]}]  # sum of parts charted together
 *   meds:
 *     Gender: [{code: "GENDER//M", value: 1}, {code: "GENDER//F", value: 0}]
 * unit_spellings:
 *   mmHg: ["mm[Hg]"]
 * dispositions:                                    # see Dispositions
 *   words: {died: ["passed away"]}
 * </pre>
 *
 * <p>A concept's own name is always one of its codes, so a source whose codes are the names of
 * concepts needs no vocabulary. Values of a code with {@code scale} are multiplied by it after the
 * range checks, such as -1 for irrigation that was put in. If the aggregate is {@code sum}, the
 * values of all groups are added up.
 */
public final class ConceptDictionary implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The vocabulary whose only codes are the concepts' own names. */
  public static final String OWN_NAMES = "own_names";

  /** Vocabularies that are part of the library. */
  static final List<String> VOCABULARIES =
      List.of("physionet2012", "mimic3", "mimic4", "eicu", "fhir", "omop", "meds_mimic4", "ricu");

  /** Loaded once, since every configuration uses it; immutable. */
  private static final Supplier<ConceptDictionary> STANDARD =
      Suppliers.memoize(ConceptDictionary::load);

  private static final Set<String> FIELDS =
      Set.of("concepts", "vocabularies", "unit_spellings", "dispositions");
  private static final List<String> CONCEPT_FIELDS =
      List.of("unit", "aggregate", "range", "normal", "resolution", "conversions");
  private static final String SUM = "sum";
  private static final List<String> CODE_FIELDS = List.of("code", "unit", "scale", "value");
  private static final List<String> CONVERSION_FIELDS = List.of("scale", "offset");

  /**
   * ASCII replacements for signs in units. The order matters: misdecoded spellings contain the
   * correct ones.
   */
  private static final Map<String, String> SIGNS = new LinkedHashMap<>();

  static {
    // Micro sign and Greek mu: UTF-8 misread as Latin-1, then decoded correctly.
    SIGNS.put("\u00C2\u00B5", "u");
    SIGNS.put("\u00CE\u00BC", "u");
    SIGNS.put("\u00B5", "u");
    SIGNS.put("\u03BC", "u");
    // Degree sign, and the ordinal indicator and ring above that are used in its place.
    SIGNS.put("\u00C2\u00B0", "deg");
    SIGNS.put("\u00C2\u00BA", "deg");
    SIGNS.put("\u00B0", "deg");
    SIGNS.put("\u00BA", "deg");
    SIGNS.put("\u02DA", "deg");
    SIGNS.put("\u2103", "degC");
    SIGNS.put("\u2109", "degF");
    // Multiplication sign, middle dot, and powers.
    SIGNS.put("\u00C3\u0097", "x");
    SIGNS.put("\u00D7", "x");
    SIGNS.put("\u00B7", "*");
    SIGNS.put("\u00B9\u00B2", "^12");
    SIGNS.put("\u00C2\u00B3", "^3");
    SIGNS.put("\u00B3", "^3");
    SIGNS.put("\u00B2", "^2");
    SIGNS.put("\u2076", "^6");
    SIGNS.put("\u2079", "^9");
    // Units whose micro or degree sign a decoder replaced.
    SIGNS.put("\uFFFDmol", "umol");
    SIGNS.put("\uFFFDL", "uL");
    SIGNS.put("\uFFFDC", "degC");
    SIGNS.put("\uFFFDF", "degF");
  }

  private final LinkedHashMap<String, Concept> concepts;
  private final LinkedHashMap<String, Map<String, List<List<SourceCode>>>> vocabularies;
  private final HashMap<String, Set<String>> spellings;

  /** Null for those of the library, so that they need not be serialised. */
  private @Nullable Dispositions dispositions;

  private ConceptDictionary(
      Map<String, Concept> concepts,
      Map<String, Map<String, List<List<SourceCode>>>> vocabularies,
      Map<String, Set<String>> spellings) {
    this.concepts = new LinkedHashMap<>(concepts);
    this.vocabularies = new LinkedHashMap<>(vocabularies);
    this.spellings = new HashMap<>(spellings);
  }

  /** Returns the dictionary of the library. */
  public static ConceptDictionary standard() {
    return STANDARD.get();
  }

  private static ConceptDictionary load() {
    ConceptDictionary dictionary = new ConceptDictionary(Map.of(), Map.of(), Map.of());
    dictionary.add("concepts.yaml", Yaml.resource(ConceptDictionary.class, "concepts.yaml"));
    dictionary.vocabularies.put(OWN_NAMES, Map.of());
    for (String name : VOCABULARIES) {
      String file = "vocabularies/" + name + ".yaml";
      try {
        dictionary.addVocabulary(name, Yaml.resource(ConceptDictionary.class, file));
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException(file + ": " + e.getMessage(), e);
      }
    }
    return dictionary;
  }

  /**
   * Returns this dictionary with the entries of a YAML file on any Beam file system added. They
   * replace entries of the same name.
   *
   * @throws IllegalArgumentException if the file is invalid, naming the file, the field and the
   *     problem
   */
  public ConceptDictionary withFile(String path) {
    ConceptDictionary merged = new ConceptDictionary(concepts, vocabularies, spellings);
    merged.dispositions = dispositions;
    merged.add(path, Yaml.read(path, "concept dictionary"));
    return merged;
  }

  /** Returns this dictionary with a concept added. It replaces a concept of the same name. */
  public ConceptDictionary with(Concept concept) {
    ConceptDictionary merged = new ConceptDictionary(concepts, vocabularies, spellings);
    merged.dispositions = dispositions;
    merged.concepts.put(concept.name(), concept);
    return merged;
  }

  /**
   * Returns the part needed for some concepts in one vocabulary, which is small enough to serialise
   * with DoFns.
   */
  final ConceptDictionary slice(String vocabulary, Set<String> names) {
    Map<String, Concept> kept = new LinkedHashMap<>(concepts);
    kept.keySet().retainAll(names);
    Map<String, List<List<SourceCode>>> codes = new HashMap<>(vocabularies.get(vocabulary));
    codes.keySet().retainAll(names);
    Map<String, Set<String>> units = new HashMap<>();
    for (Concept concept : kept.values()) {
      Set<String> written = new HashSet<>(concept.conversions().keySet());
      written.add(concept.unit());
      for (String unit : written) {
        if (spellings.containsKey(key(unit))) {
          units.put(key(unit), spellings.get(key(unit)));
        }
      }
    }
    return new ConceptDictionary(kept, Map.of(vocabulary, codes), units);
  }

  /**
   * Returns a channel by name.
   *
   * @throws InvalidSettingException if there is no such channel, listing those there are
   */
  public Concept channel(String name) {
    return find(name, false);
  }

  /**
   * Returns a static covariate by name.
   *
   * @throws InvalidSettingException if there is no such covariate, listing those there are
   */
  public Concept staticCovariate(String name) {
    return find(name, true);
  }

  /** Returns how readers interpret the codes and words for discharge from hospital. */
  public Dispositions dispositions() {
    return dispositions == null ? Dispositions.standard() : dispositions;
  }

  /** Returns the names of the vocabularies. */
  public List<String> vocabularies() {
    return List.copyOf(vocabularies.keySet());
  }

  /**
   * Returns the codes of a concept in a vocabulary, as groups in order of preference. Each step
   * uses the first group with an observation, and pools the values within the group.
   */
  public List<List<SourceCode>> codes(String vocabulary, String concept) {
    Map<String, List<List<SourceCode>>> codes = vocabularies.get(vocabulary);
    InvalidSettingException.check(
        codes != null,
        "vocabulary",
        vocabulary,
        "must be one of %s",
        String.join(", ", vocabularies.keySet()));
    List<List<SourceCode>> groups = new ArrayList<>(codes.getOrDefault(concept, List.of()));
    SourceCode own = SourceCode.of(concept);
    if (groups.stream().flatMap(List::stream).noneMatch(c -> c.code().equals(concept))) {
      if (groups.isEmpty() || groups.get(0).get(0).part()) {
        groups.add(0, List.of(own));
      } else {
        List<SourceCode> first = new ArrayList<>(groups.get(0));
        first.add(own);
        groups.set(0, first);
      }
    }
    return groups;
  }

  /**
   * Returns the conversion from {@code unit} to the concept's unit.
   *
   * @param unit as written in the source; null means the concept's unit
   * @return null if the unit is unknown for the concept
   */
  final Concept.@Nullable Conversion conversion(Concept concept, @Nullable String unit) {
    if (unit == null || isSame(unit, concept.unit())) {
      return Concept.Conversion.NONE;
    }
    for (Map.Entry<String, Concept.Conversion> other : concept.conversions().entrySet()) {
      if (isSame(unit, other.getKey())) {
        return other.getValue();
      }
    }
    return null;
  }

  private boolean isSame(String written, String unit) {
    String key = key(written);
    return key.equals(key(unit)) || spellings.getOrDefault(key(unit), Set.of()).contains(key);
  }

  /**
   * Normalises the spelling of a unit: ignores case and whitespace, and replaces the various signs
   * for micro, degree, times and powers by ASCII, also if they were decoded in the wrong character
   * set. A replacement character at the start of {@code mol} or {@code L} can only have been micro.
   */
  private static String key(String unit) {
    String plain = CharMatcher.whitespace().removeFrom(unit);
    if (!CharMatcher.ascii().matchesAllOf(plain)) {
      for (Map.Entry<String, String> sign : SIGNS.entrySet()) {
        plain = plain.replace(sign.getKey(), sign.getValue());
      }
    }
    return Ascii.toLowerCase(plain);
  }

  private Concept find(String name, boolean isStatic) {
    Concept found = concepts.get(name);
    InvalidSettingException.check(
        found != null && found.isStatic() == isStatic,
        isStatic ? "statics" : "channels",
        name,
        "must be in the concept dictionary (%s)",
        concepts.values().stream()
            .filter(concept -> concept.isStatic() == isStatic)
            .map(Concept::name)
            .collect(joining(", ")));
    return found;
  }

  private void add(String source, JsonNode file) {
    try {
      Yaml.checkFields(file, FIELDS);
      file.path("concepts")
          .fields()
          .forEachRemaining(
              entry ->
                  at(
                      "concept " + entry.getKey(),
                      () ->
                          concepts.put(entry.getKey(), concept(entry.getKey(), entry.getValue()))));
      file.path("vocabularies")
          .fields()
          .forEachRemaining(
              entry ->
                  at(
                      "vocabulary " + entry.getKey(),
                      () -> addVocabulary(entry.getKey(), entry.getValue())));
      if (file.has("dispositions")) {
        at("dispositions", () -> dispositions = dispositions().with(file.get("dispositions")));
      }
      file.path("unit_spellings")
          .fields()
          .forEachRemaining(
              entry ->
                  entry
                      .getValue()
                      .forEach(
                          spelling ->
                              spellings
                                  .computeIfAbsent(key(entry.getKey()), u -> new HashSet<>())
                                  .add(key(spelling.asText()))));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }

  private static void at(String where, Runnable action) {
    try {
      action.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  private static Concept concept(String name, JsonNode json) {
    Yaml.checkFields(json, CONCEPT_FIELDS);
    Map<String, Concept.Conversion> conversions = new HashMap<>();
    json.path("conversions")
        .fields()
        .forEachRemaining(
            entry -> {
              Yaml.checkFields(entry.getValue(), CONVERSION_FIELDS);
              conversions.put(
                  entry.getKey(),
                  new Concept.Conversion(
                      number(entry.getValue(), "scale", 1), number(entry.getValue(), "offset", 0)));
            });
    List<Double> range = new ArrayList<>();
    for (double bound : Json.doubles(json, "range")) {
      range.add(bound);
    }
    Concept concept =
        Concept.of(
            name,
            Json.field(json, "unit").asText(),
            Aggregate.of(Json.text(json, "aggregate")),
            range,
            json.has("normal") ? (Double) number(json, "normal", 0) : null,
            conversions);
    return json.has("resolution") ? concept.withResolution(number(json, "resolution", 0)) : concept;
  }

  private static double number(JsonNode json, String field, double standard) {
    JsonNode value = json.get(field);
    if (value == null) {
      return standard;
    }
    checkArgument(value.isNumber(), "field %s must be a number, was %s", field, value);
    return value.asDouble();
  }

  private void addVocabulary(String name, JsonNode json) {
    Map<String, List<List<SourceCode>>> codes =
        new HashMap<>(vocabularies.getOrDefault(name, Map.of()));
    json.fields()
        .forEachRemaining(
            entry -> {
              checkArgument(
                  concepts.containsKey(entry.getKey()),
                  "%s is not a concept of the dictionary",
                  entry.getKey());
              at(
                  "codes of " + entry.getKey(),
                  () -> codes.put(entry.getKey(), groups(entry.getValue())));
            });
    vocabularies.put(name, Map.copyOf(codes));
  }

  private static List<List<SourceCode>> groups(JsonNode json) {
    checkArgument(json.isArray() && !json.isEmpty(), "must be a list of codes");
    boolean nested = isGroup(json.get(0));
    List<List<SourceCode>> groups = new ArrayList<>();
    List<SourceCode> pooled = new ArrayList<>();
    for (JsonNode entry : json) {
      checkArgument(
          isGroup(entry) == nested, "must be a list of codes, or a list of groups of codes");
      if (nested) {
        List<SourceCode> group = new ArrayList<>();
        if (entry.isArray()) {
          entry.forEach(code -> group.add(code(code)));
        } else {
          Yaml.checkFields(entry, List.of(SUM));
          Json.array(entry, SUM).forEach(code -> group.add(code(code).asPart()));
        }
        groups.add(List.copyOf(group));
      } else {
        pooled.add(code(entry));
      }
    }
    return nested ? List.copyOf(groups) : List.of(List.copyOf(pooled));
  }

  private static boolean isGroup(JsonNode json) {
    return json.isArray() || json.has(SUM);
  }

  /**
   * Strips the details of a code: {@code HOSPITAL_DISCHARGE//DIED} is as reserved as {@code
   * HOSPITAL_DISCHARGE}.
   */
  private static String withoutDetails(String code) {
    int details = code.indexOf("//");
    return details < 0 ? code : code.substring(0, details);
  }

  private static SourceCode code(JsonNode json) {
    SourceCode code;
    if (json.isObject()) {
      Yaml.checkFields(json, CODE_FIELDS);
      code =
          SourceCode.of(
              Json.field(json, "code").asText(),
              json.has("unit") ? json.get("unit").asText() : null,
              number(json, "scale", 1),
              json.has("value") ? (Double) number(json, "value", 0) : null);
    } else {
      code = SourceCode.of(json.asText());
    }
    checkArgument(
        !EhrEvent.reservedCodes().contains(withoutDetails(code.code())),
        "code %s begins or ends a stay or states its outcome, so it cannot be a channel",
        code.code());
    return code;
  }
}
