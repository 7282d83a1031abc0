package io.tardiff.cohort;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.TextFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What can happen to a value that a source gives for a channel or static covariate. */
enum ValueFate {
  /** All values with one of the concept's codes. */
  READ("read", Kind.NEUTRAL),
  NO_VALUE("empty", Kind.NEUTRAL),
  COMMA("a number with a decimal comma", Kind.DROPPED),
  BOUND("a bound such as >100, not a number", Kind.DROPPED),
  TEXT("a text, not a number", Kind.DROPPED),
  NOT_FINITE("not a finite number", Kind.DROPPED),
  UNKNOWN_UNIT("of an unknown unit", Kind.DROPPED),
  NO_TIME("without a time", Kind.DROPPED),
  LOOKALIKE("with a code that only looks like one of these", Kind.DROPPED),
  UNKNOWN_STAY("of a stay that has no admission", Kind.DROPPED),
  /** The source gives the limit as the number. */
  AT_LIMIT("below or above a limit, taken as the limit", Kind.NEUTRAL),
  NO_ADMISSION("of a subject without an admission", Kind.NEUTRAL),
  OUTSIDE("outside the windows", Kind.NEUTRAL),
  /** All values within a window; counted once per window if windows overlap. */
  IN_WINDOW("within windows", Kind.NEUTRAL),
  OUTLIER("beyond the outlier range", Kind.OUTLIER),
  CLIPPED("clipped to the valid range", Kind.NEUTRAL);

  /**
   * Whether a fate is a problem, measured by its share of all values or of those within windows.
   */
  enum Kind {
    NEUTRAL,
    DROPPED,
    OUTLIER
  }

  private static final String KEY = "value\t";

  private final String label;
  private final Kind kind;

  ValueFate(String label, Kind kind) {
    this.label = label;
    this.kind = kind;
  }

  String label() {
    return label;
  }

  /** Returns the name of the count of this fate for a concept. */
  String key(String concept) {
    return KEY + concept + "\t" + label;
  }

  /**
   * Returns the fate of a value that is not a number, or null if it is one.
   *
   * @param event an event with a code of the concept
   */
  static @Nullable ValueFate ofText(EhrEvent event) {
    Double number = event.getNumericValue();
    if (number != null) {
      return Double.isNaN(number) ? NO_VALUE : Double.isInfinite(number) ? NOT_FINITE : null;
    }
    String text = event.getTextValue();
    if (text == null || text.isBlank()) {
      return NO_VALUE;
    }
    if (isBound(text)) {
      return BOUND;
    }
    return TextFormat.hasDecimalComma(text.strip()) ? COMMA : TEXT;
  }

  /** Returns whether a text is a bound such as {@code <5} or {@code >100}. */
  static boolean isBound(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return false;
    }
    char first = text.strip().charAt(0);
    return first == '<' || first == '>' || first == '\u2264' || first == '\u2265';
  }

  /** Returns the counts of a concept that are not zero, in the order of this enum. */
  static Map<ValueFate, Long> of(String concept, Map<String, Long> counts) {
    Map<ValueFate, Long> ofConcept = new TreeMap<>();
    for (ValueFate fate : values()) {
      long count = counts.getOrDefault(fate.key(concept), 0L);
      if (count > 0) {
        ofConcept.put(fate, count);
      }
    }
    return ofConcept;
  }

  /**
   * Returns the share of a channel's values that should have been used but were dropped: the larger
   * of the share of all values that could not be interpreted, and the share of the values within
   * windows that were beyond the outlier range.
   */
  static double droppedShare(Map<ValueFate, Long> counts) {
    long all = get(counts, READ) + get(counts, LOOKALIKE) - get(counts, NO_VALUE);
    long dropped = 0;
    for (Map.Entry<ValueFate, Long> count : counts.entrySet()) {
      dropped += count.getKey().kind == Kind.DROPPED ? count.getValue() : 0;
    }
    return Math.max(share(dropped, all), share(get(counts, OUTLIER), get(counts, IN_WINDOW)));
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : part / (double) all;
  }

  private static long get(Map<ValueFate, Long> counts, ValueFate fate) {
    return counts.getOrDefault(fate, 0L);
  }

  /**
   * Describes why values of a channel were not used.
   *
   * @param withNeutral whether to include reasons that are no problem, such as empty values
   */
  static String describe(Map<ValueFate, Long> counts, boolean withNeutral) {
    StringBuilder words = new StringBuilder();
    counts.forEach(
        (fate, count) -> {
          boolean described =
              fate.kind != Kind.NEUTRAL
                  || (withNeutral && (fate == NO_VALUE || fate == NO_ADMISSION || fate == OUTSIDE));
          if (described) {
            words
                .append(words.isEmpty() ? "" : ", ")
                .append(String.format(Locale.ROOT, "%,d %s", count, fate.label));
          }
        });
    return words.toString();
  }

  /** Returns whether values with this fate count as dropped. */
  boolean isDropped() {
    return kind != Kind.NEUTRAL;
  }
}
