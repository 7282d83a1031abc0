package io.tardiff.ehr.outcome;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
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
 * What the codes and words for a patient's way out of a hospital mean: a death, survival, or
 * nothing that is known.
 *
 * <p>{@link #standard()} comes with the library. The section {@code dispositions} of a file of
 * concepts ({@code --concepts}) adds to it, and wins where both have a code or a text:
 *
 * <pre>
 * dispositions:
 *   words:
 *     died: ["passed away", "passed away *"]        # and what begins so
 *     alive: [rooming-in house]
 *   systems:
 *     our_hospital:
 *       names: [our-hospital.org/way-out]           # part of the URL or OID of the code system
 *       died: ["9"]
 *       alive: ["1", "2"]
 *       still_a_patient: ["8"]
 *       not_stated: ["0"]
 *     omop: {alive: ["2000000001"]}                 # more concepts of a system that is known
 * </pre>
 *
 * <p>A code is read by its system alone; {@code 20} of a system that no list has says nothing. A
 * code that is a word ({@code DIED}) is read as one where its system has no code like it. Case,
 * blanks, punctuation, the version and the end of a system's URL, leading zeros and the {@code .0}
 * of a number that was a float do not matter.
 */
public final class Dispositions implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The system of OMOP's concept ids. */
  public static final String OMOP = "omop";

  private static final String RESOURCE = "dispositions.yaml";
  private static final String WORDS = "words";
  private static final String SYSTEMS = "systems";
  private static final String NAMES = "names";
  private static final String DEATH_WORDS = "death_words";
  private static final Map<String, HospitalOutcome> FIELDS =
      Map.of(
          "died", HospitalOutcome.DIED,
          "alive", HospitalOutcome.ALIVE,
          "still_a_patient", HospitalOutcome.STILL_A_PATIENT,
          "not_stated", HospitalOutcome.NOT_STATED);

  private static final Pattern SYSTEM_PREFIX = Pattern.compile("^(?:https?://)?(?:www\\.)?");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final String FRACTION = ".0";

  /** Longer ones are no code and no name of a place. */
  private static final int MAX_LENGTH = 512;

  private static final Supplier<Dispositions> STANDARD = Suppliers.memoize(Dispositions::load);

  /** A code system, or the words of any. */
  private static final class Codes implements Serializable {
    private static final long serialVersionUID = 1L;

    final HashMap<String, HospitalOutcome> exact = new HashMap<>();

    /** Beginnings, of any length or one character short of the code. */
    final HashMap<String, HospitalOutcome> beginnings = new HashMap<>();

    Codes copy() {
      Codes copy = new Codes();
      copy.exact.putAll(exact);
      copy.beginnings.putAll(beginnings);
      return copy;
    }
  }

  private final Codes words = new Codes();
  private final HashSet<String> deathWords = new HashSet<>();

  /** By the key in the file. */
  private final LinkedHashMap<String, Codes> systems = new LinkedHashMap<>();

  /** Part of a system's URL to the key in the file. */
  private final LinkedHashMap<String, String> names = new LinkedHashMap<>();

  private Dispositions() {}

  /** The lists that come with the library. */
  public static Dispositions standard() {
    return STANDARD.get();
  }

  private static Dispositions load() {
    Dispositions dispositions = new Dispositions();
    dispositions.add(Yaml.resource(Dispositions.class, RESOURCE));
    return dispositions;
  }

  /**
   * These with more, which win.
   *
   * @param section the content of a section {@code dispositions}
   * @throws IllegalArgumentException naming what is wrong
   */
  public Dispositions with(JsonNode section) {
    Dispositions more = new Dispositions();
    more.words.exact.putAll(words.exact);
    more.words.beginnings.putAll(words.beginnings);
    more.deathWords.addAll(deathWords);
    systems.forEach((key, codes) -> more.systems.put(key, codes.copy()));
    more.names.putAll(names);
    more.add(section);
    return more;
  }

  /** What a code of a code system says; {@link HospitalOutcome#UNLISTED} where no list has it. */
  public HospitalOutcome ofCode(@Nullable String system, @Nullable String code) {
    String key = code == null ? "" : key(code);
    if (key.isEmpty() || key.length() > MAX_LENGTH) {
      return HospitalOutcome.NOT_STATED;
    }
    Codes codes = system(system);
    HospitalOutcome found = codes == null ? null : find(codes, key);
    // A number is a word of no language.
    return found != null
        ? found
        : NUMBER.matcher(key).matches() ? HospitalOutcome.UNLISTED : ofText(code);
  }

  /**
   * What a text says, which has to be in the list as a whole, or to begin like a text that the list
   * has with a star; {@link HospitalOutcome#UNLISTED} else.
   */
  public HospitalOutcome ofText(@Nullable String text) {
    String key = text == null || text.length() > MAX_LENGTH ? "" : wordsOf(text);
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
      HospitalOutcome begun = words.beginnings.get(key.substring(0, end));
      if (begun != null) {
        return begun == HospitalOutcome.ALIVE && speaksOfDeath(key)
            ? HospitalOutcome.UNLISTED
            : begun;
      }
    }
    return HospitalOutcome.UNLISTED;
  }

  private boolean speaksOfDeath(String key) {
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

  /** 2.16.840.1.113883.6.96 is no part of 2.16.840.1.113883.6.960. */
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
      HospitalOutcome begun = codes.beginnings.get(key.substring(0, end) + "*");
      if (begun == null && end == key.length() - 1) {
        begun = codes.beginnings.get(key.substring(0, end) + "?");
      }
      if (begun != null) {
        return begun;
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

  private static String wordsOf(String text) {
    return NO_WORD
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
        deathWords.add(wordsOf(word));
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
        names.containsValue(key),
        "%s must have names: parts of the URL or OID of the code system",
        key);
    put(json, key, codes, false);
  }

  /** Within one file a code means one thing; a later file changes what an earlier one said. */
  private static void put(JsonNode json, String where, Codes codes, boolean areWords) {
    Map<String, HospitalOutcome> seen = new HashMap<>();
    FIELDS.forEach(
        (field, outcome) -> {
          for (String entry : entries(json.path(field), where + "." + field)) {
            boolean begins = entry.endsWith("*") || (!areWords && entry.endsWith("?"));
            String key = areWords ? wordsOf(entry) : key(entry);
            checkArgument(
                begins || !key.isEmpty(), "%s.%s must not hold an empty text", where, field);
            HospitalOutcome other = seen.putIfAbsent(key + (begins ? "*" : ""), outcome);
            checkArgument(
                other == null || other == outcome, "%s has %s in two lists", where, entry);
            (begins ? codes.beginnings : codes.exact).put(key, outcome);
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
                    "field %s of %s is not known; valid are %s",
                    field,
                    where,
                    String.join(", ", fields.stream().sorted().toList())));
  }

  /** Lists of texts, which may be lists themselves. */
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
        // 07 without quotes is the number 7.
        checkArgument(entry.isTextual(), "%s must hold texts in quotes, was %s", where, entry);
        entries.add(entry.textValue());
      }
    }
    return entries;
  }
}
