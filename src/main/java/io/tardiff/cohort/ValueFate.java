package io.tardiff.cohort;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.TextFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What becomes of a value that a source has for a channel or a static covariate. */
enum ValueFate {
  /** Every value whose code is one of the channel's. */
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
  /** The limit is the number that the source itself gives. */
  AT_LIMIT("below or above a limit, taken as the limit", Kind.NEUTRAL),
  NO_ADMISSION("of a subject without an admission", Kind.NEUTRAL),
  OUTSIDE("outside the windows", Kind.NEUTRAL),
  /** Every value that came to a step of a window, one of several windows for each of them. */
  IN_WINDOW("within windows", Kind.NEUTRAL),
  OUTLIER("beyond the outlier range", Kind.OUTLIER),
  CLIPPED("clipped to the valid range", Kind.NEUTRAL);

  /** Whether it is a sign of trouble: of all values, or of those within windows. */
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

  /** The name of its count for a concept, among the counts of a cohort. */
  String key(String concept) {
    return KEY + concept + "\t" + label;
  }

  /**
   * What becomes of a value that is no number; null of one that is.
   *
   * @param event with a code of the concept
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

  /** Whether a text says that the value is below or above something. */
  static boolean isBound(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return false;
    }
    char first = text.strip().charAt(0);
    return first == '<' || first == '>' || first == '\u2264' || first == '\u2265';
  }

  /** Counts of a concept by label, in the order of this list; empty where it has none. */
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
   * Share of a channel's values that were dropped and should have counted: the larger one of those
   * that could not be understood, among all, and of those beyond the outlier range, among those
   * within windows.
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

  /** Why values of a channel did not count, in words; what is no trouble is named where all is. */
  static String describe(Map<ValueFate, Long> counts, boolean withNeutral) {
    StringBuilder words = new StringBuilder();
    counts.forEach(
        (fate, count) -> {
          boolean told =
              fate.kind != Kind.NEUTRAL
                  || (withNeutral && (fate == NO_VALUE || fate == NO_ADMISSION || fate == OUTSIDE));
          if (told) {
            words
                .append(words.isEmpty() ? "" : ", ")
                .append(String.format(Locale.ROOT, "%,d %s", count, fate.label));
          }
        });
    return words.toString();
  }

  /** Whether it counts as dropped. */
  boolean isDropped() {
    return kind != Kind.NEUTRAL;
  }
}
