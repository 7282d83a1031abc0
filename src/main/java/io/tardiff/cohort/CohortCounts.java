package io.tardiff.cohort;

import io.tardiff.ehr.outcome.HospitalOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names of the counts that are gathered while a cohort is built, and reported in its file. */
final class CohortCounts {
  static final String STAYS = "stays";

  /** Windows of the stays that no rule of the stay dropped. */
  static final String WINDOWS = "windows";

  // Rules of stays, in the order in which they are applied.
  static final String TOO_MANY = "subject with more observations than allowed";
  static final String SEVERAL_SPLITS = "subject in several published splits";
  static final String NO_ADMISSION = "no admission time";
  static final String AFTER_DEATH = "stay begins after the death";
  static final String NOT_FIRST = "not the first stay";
  static final String TOO_YOUNG = "younger than the minimum age";
  static final String TOO_SHORT = "stay shorter than the minimum";
  static final String ENDS_BEFORE = "stay ends before the prediction time";

  // Rules of windows.
  static final String OUTCOME_BEFORE = "outcome before the prediction time";
  static final String NO_OUTCOME = "no outcome";
  static final String BAD_OUTCOME = "outcome is not a class of the task";
  static final String NOT_OBSERVED = "no channel observed in the window";
  static final String SHORT_SERIES = "recording shorter than the window";
  static final String OTHER_CHANNELS = "recording with other channels";

  static final List<String> STAY_RULES =
      List.of(
          TOO_MANY,
          SEVERAL_SPLITS,
          NO_ADMISSION,
          AFTER_DEATH,
          NOT_FIRST,
          TOO_YOUNG,
          TOO_SHORT,
          ENDS_BEFORE);

  static final List<String> WINDOW_RULES = windowRules();

  static final String DUPLICATE = "rows repeated exactly";
  static final String OPEN_END = "stays whose end is not known";

  /** Windows whose label comes from the time of death alone: by label. */
  static final String BY_DEATH_ALONE = "outcome by the time of death alone";

  // Windows by where their split comes from.
  static final String PUBLISHED_SPLIT = "windows of a published split";
  static final String OWN_SPLIT = "windows of no published split";

  private static List<String> windowRules() {
    List<String> rules = new ArrayList<>(List.of(OTHER_CHANNELS, SHORT_SERIES, OUTCOME_BEFORE));
    for (HospitalOutcome outcome : HospitalOutcome.values()) {
      if (!outcome.isKnown()) {
        rules.add(noOutcome(outcome));
      }
    }
    rules.addAll(List.of(BAD_OUTCOME, NOT_OBSERVED));
    return List.copyOf(rules);
  }

  /** The rule that drops a window whose stay's outcome is not known. */
  static String noOutcome(HospitalOutcome why) {
    return why == HospitalOutcome.NOT_STATED ? NO_OUTCOME : NO_OUTCOME + ": " + why.label();
  }

  /** The part of a count that has a label. */
  static String ofLabel(String count, int label) {
    return count + ", label " + label;
  }

  /** What {@link #read} calls rows that could not be read, and those of them with one reason. */
  static final String DEAD_LETTERS = "dead letters";

  static final String DEAD_LETTER = "dead letter: ";

  private static final String READ = "read\t";

  private CohortCounts() {}

  /** Adds to a count; what never happened is not there. */
  static void add(Map<String, Long> counts, String what, long count) {
    if (count > 0) {
      counts.merge(what, count, Long::sum);
    }
  }

  /** The name of what a reader counted of one of its tables. */
  static String read(String source, String what) {
    return READ + source + "\t" + what;
  }

  /** Table and what was counted; empty where a count is not a reader's. */
  static List<String> ofReader(String count) {
    return count.startsWith(READ)
        ? List.of(count.substring(READ.length()).split("\t", 2))
        : List.of();
  }
}
