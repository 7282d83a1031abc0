package io.tardiff.ehr.outcome;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import io.tardiff.files.Yaml;
import java.io.Serializable;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Maps discharge dispositions, as codes or as text, to {@linkplain HospitalOutcome outcomes}.
 *
 * <p>{@link #standard()} comes with the library. The section {@code dispositions} of a concepts
 * file ({@code --concepts}) extends it and takes precedence:
 *
 * <pre>
 * dispositions:
 *   words:
 *     died: ["passed away", "passed away *"]        # * matches any continuation
 *     alive: [rooming-in house]
 *   systems:
 *     our_hospital:
 *       names: [our-hospital.org/way-out]           # part of the code system's URL or OID
 *       died: ["9"]
 *       alive: ["1", "2"]
 *       still_a_patient: ["8"]
 *       not_stated: ["0"]
 *     omop: {alive: ["2000000001"]}                 # extends a known system
 * </pre>
 *
 * <p>A numeric code has a meaning only within a listed system: {@code 20} of an unlisted system is
 * {@link HospitalOutcome#UNLISTED}. A code that its system does not list, such as {@code DIED}, is
 * looked up as text. Matching ignores case, blanks, punctuation, the version and the rest of a
 * system's URL, leading zeros, and the {@code .0} of numbers that were stored as floats.
 */
public final class Dispositions implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The code system of OMOP concept ids. */
  public static final String OMOP = "omop";

  private static final String RESOURCE = "dispositions.yaml";
  private static final String WORDS = "words";
  private static final String SYSTEMS = "systems";
  private static final String NAMES = "names";
  private static final String DEATH_WORDS = "death_words";

  /** Ordered, so that a message names the same entry in every run. */
  private static final Map<String, HospitalOutcome> FIELDS =
      ImmutableMap.of(
          "died", HospitalOutcome.DIED,
          "alive", HospitalOutcome.ALIVE,
          "still_a_patient", HospitalOutcome.STILL_A_PATIENT,
          "not_stated", HospitalOutcome.NOT_STATED);

  private static final Pattern SYSTEM_PREFIX = Pattern.compile("^(?:https?://)?(?:www\\.)?");
  private static final Pattern NON_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final String FRACTION = ".0";

  /** Longer texts are neither codes nor names of places. */
  private static final int MAX_LENGTH = 512;

  private static final Supplier<Dispositions> STANDARD = Suppliers.memoize(Dispositions::load);

  /** The codes of one system, or the texts that hold in any. */
  private static final class Codes implements Serializable {
    private static final long serialVersionUID = 1L;

    final HashMap<String, HospitalOutcome> exact = new HashMap<>();

    /** Prefixes, followed by anything or by exactly one character. */
    final HashMap<String, HospitalOutcome> prefixes = new HashMap<>();

    Codes copy() {
      Codes copy = new Codes();
      copy.exact.putAll(exact);
      copy.prefixes.putAll(prefixes);
      return copy;
    }
  }

  private final Codes words = new Codes();
  private final HashSet<String> deathWords = new HashSet<>();

  /** Code systems by their key in the file. */
  private final LinkedHashMap<String, Codes> systems = new LinkedHashMap<>();

  /** Part of a system's URL or OID, mapped to the system's key in the file. */
  private final LinkedHashMap<String, String> names = new LinkedHashMap<>();

  private Dispositions() {}

  /** Returns the dispositions that come with the library. */
  public static Dispositions standard() {
    return STANDARD.get();
  }

  private static Dispositions load() {
    Dispositions dispositions = new Dispositions();
    dispositions.add(Yaml.resource(Dispositions.class, RESOURCE));
    return dispositions;
  }

  /**
   * Returns a copy extended by a section, which takes precedence.
   *
   * @param section content of a section {@code dispositions}
   * @throws IllegalArgumentException if the section is invalid
   */
  public Dispositions with(JsonNode section) {
    Dispositions extended = new Dispositions();
    extended.words.exact.putAll(words.exact);
    extended.words.prefixes.putAll(words.prefixes);
    extended.deathWords.addAll(deathWords);
    systems.forEach((key, codes) -> extended.systems.put(key, codes.copy()));
    extended.names.putAll(names);
    extended.add(section);
    return extended;
  }

  /**
   * Returns the outcome for a code of a code system; {@link HospitalOutcome#UNLISTED} if there is
   * none, {@link HospitalOutcome#NOT_STATED} for no code.
   */
  public HospitalOutcome ofCode(@Nullable String system, @Nullable String code) {
    String key = code == null ? "" : key(code);
    if (key.isEmpty() || key.length() > MAX_LENGTH) {
      return HospitalOutcome.NOT_STATED;
    }
    Codes codes = system(system);
    HospitalOutcome found = codes == null ? null : find(codes, key);
    // A number means nothing outside its system.
    return found != null
        ? found
        : NUMBER.matcher(key).matches() ? HospitalOutcome.UNLISTED : ofText(code);
  }

  /**
   * Returns the outcome for a text, which must equal a listed text or match one that ends in a
   * star; {@link HospitalOutcome#UNLISTED} if it does not, {@link HospitalOutcome#NOT_STATED} for
   * no text.
   */
  public HospitalOutcome ofText(@Nullable String text) {
    String key = text == null || text.length() > MAX_LENGTH ? "" : normalise(text);
    if (key.isEmpty()) {
      return text != null && text.length() > MAX_LENGTH
          ? HospitalOutcome.UNLISTED
          : HospitalOutcome.NOT_STATED;
    }
    HospitalOutcome exact = words.exact.get(key);
    if (exact != null) {
      return exact;
    }
    for (int end = key.lastIndexOf(' '); end > 0; end = key.lastIndexOf(' ', end - 1)) {
      HospitalOutcome byPrefix = words.prefixes.get(key.substring(0, end));
      if (byPrefix != null) {
        return byPrefix == HospitalOutcome.ALIVE && mentionsDeath(key)
            ? HospitalOutcome.UNLISTED
            : byPrefix;
      }
    }
    return HospitalOutcome.UNLISTED;
  }

  private boolean mentionsDeath(String key) {
    for (String word : key.split(" ", -1)) {
      if (deathWords.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Codes system(@Nullable String system) {
    if (system == null || system.length() > MAX_LENGTH) {
      return null;
    }
    String url = systemKey(system);
    String best = null;
    for (String name : names.keySet()) {
      if ((best == null || name.length() > best.length()) && contains(url, name)) {
        best = name;
      }
    }
    return best == null ? null : systems.get(names.get(best));
  }

  /** Whether a URL or OID contains a name, but not 2.16.840.1.113883.6.960 for the name ...6.96. */
  private static boolean contains(String url, String name) {
    int at = url.indexOf(name);
    int end = at + name.length();
    return at >= 0
        && (end == url.length()
            || !Character.isDigit(url.charAt(end))
            || !Character.isDigit(name.charAt(name.length() - 1)));
  }

  private static @Nullable HospitalOutcome find(Codes codes, String key) {
    HospitalOutcome exact = codes.exact.get(key);
    if (exact != null) {
      return exact;
    }
    for (int end = key.length(); end >= 0; end--) {
      HospitalOutcome byPrefix = codes.prefixes.get(key.substring(0, end) + "*");
      if (byPrefix == null && end == key.length() - 1) {
        byPrefix = codes.prefixes.get(key.substring(0, end) + "?");
      }
      if (byPrefix != null) {
        return byPrefix;
      }
    }
    if (NUMBER.matcher(key).matches()) {
      String plain = withoutZeros(key);
      for (Map.Entry<String, HospitalOutcome> entry : codes.exact.entrySet()) {
        if (NUMBER.matcher(entry.getKey()).matches()
            && withoutZeros(entry.getKey()).equals(plain)) {
          return entry.getValue();
        }
      }
    }
    return null;
  }

  private static String withoutZeros(String number) {
    return Long.toString(Long.parseLong(number));
  }

  private static String key(String code) {
    String key = code.trim().toLowerCase(Locale.ROOT);
    return key.endsWith(FRACTION)
            && NUMBER.matcher(key.substring(0, key.length() - FRACTION.length())).matches()
        ? key.substring(0, key.length() - FRACTION.length())
        : key;
  }

  private static String systemKey(String system) {
    return SYSTEM_PREFIX.matcher(system.trim().toLowerCase(Locale.ROOT)).replaceFirst("");
  }

  private static String normalise(String text) {
    return NON_WORD
        .matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
        .replaceAll(" ")
        .trim();
  }

  private void add(JsonNode section) {
    check(section, "dispositions", Set.of(WORDS, SYSTEMS));
    JsonNode texts = section.path(WORDS);
    if (!texts.isMissingNode()) {
      Set<String> fields = new HashSet<>(FIELDS.keySet());
      fields.add(DEATH_WORDS);
      check(texts, WORDS, fields);
      put(texts, WORDS, words, true);
      for (String word : entries(texts.path(DEATH_WORDS), DEATH_WORDS)) {
        deathWords.add(normalise(word));
      }
    }
    section
        .path(SYSTEMS)
        .fields()
        .forEachRemaining(entry -> system(entry.getKey(), entry.getValue()));
  }

  private void system(String key, JsonNode json) {
    Set<String> fields = new HashSet<>(FIELDS.keySet());
    fields.add(NAMES);
    check(json, key, fields);
    Codes codes = systems.computeIfAbsent(key, unused -> new Codes());
    for (String name : entries(json.path(NAMES), key + "." + NAMES)) {
      checkArgument(!name.isBlank(), "%s.%s must not be empty", key, NAMES);
      names.put(systemKey(name), key);
    }
    checkArgument(
        names.containsValue(key), "%s must have names: parts of the code system's URL or OID", key);
    put(json, key, codes, false);
  }

  /** Within one file a code has one meaning; a later file overrides an earlier one. */
  private static void put(JsonNode json, String where, Codes codes, boolean isText) {
    Map<String, HospitalOutcome> seen = new HashMap<>();
    FIELDS.forEach(
        (field, outcome) -> {
          for (String entry : entries(json.path(field), where + "." + field)) {
            boolean isPrefix = entry.endsWith("*") || (!isText && entry.endsWith("?"));
            String key = isText ? normalise(entry) : key(entry);
            checkArgument(
                isPrefix || !key.isEmpty(), "%s.%s must not contain an empty text", where, field);
            HospitalOutcome other = seen.putIfAbsent(key + (isPrefix ? "*" : ""), outcome);
            checkArgument(
                other == null || other == outcome, "%s lists %s under two outcomes", where, entry);
            (isPrefix ? codes.prefixes : codes.exact).put(key, outcome);
          }
        });
  }

  private static void check(JsonNode json, String where, Set<String> fields) {
    checkArgument(json.isObject(), "%s must be a map", where);
    json.fieldNames()
        .forEachRemaining(
            field ->
                checkArgument(
                    fields.contains(field),
                    "unknown field %s in %s; expected one of %s",
                    field,
                    where,
                    String.join(", ", fields.stream().sorted().toList())));
  }

  /** Flattens a list of texts that may itself contain lists. */
  private static List<String> entries(JsonNode json, String where) {
    List<String> entries = new ArrayList<>();
    if (json.isMissingNode()) {
      return entries;
    }
    checkArgument(json.isArray(), "%s must be a list", where);
    for (JsonNode entry : json) {
      if (entry.isArray()) {
        entries.addAll(entries(entry, where));
      } else {
        // Unquoted, 07 is the number 7.
        checkArgument(entry.isTextual(), "%s must contain quoted texts, was %s", where, entry);
        entries.add(entry.textValue());
      }
    }
    return entries;
  }
}
