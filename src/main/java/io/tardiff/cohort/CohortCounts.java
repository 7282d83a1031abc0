package io.tardiff.cohort;

import io.tardiff.ehr.outcome.HospitalOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names of the counts collected while a cohort is built and written to its file. */
final class CohortCounts {
  static final String STAYS = "stays";

  /** Windows of the stays that no stay rule dropped. */
  static final String WINDOWS = "windows";

  // Rules that drop stays, in the order in which they are applied.
  static final String TOO_MANY = "subject with more observations than allowed";
  static final String SEVERAL_SPLITS = "subject in several published splits";
  static final String NO_ADMISSION = "no admission time";
  static final String AFTER_DEATH = "stay begins after the death";
  static final String NOT_FIRST = "not the first stay";
  static final String TOO_YOUNG = "younger than the minimum age";
  static final String TOO_SHORT = "stay shorter than the minimum";
  static final String ENDS_BEFORE = "stay ends before the prediction time";

  // Rules that drop windows.
  static final String OUTCOME_BEFORE = "outcome before the prediction time";
  static final String NO_OUTCOME = "no outcome";
  static final String BAD_OUTCOME = "outcome is not a class of the task";
  static final String NOT_OBSERVED = "no channel observed in the window";
  static final String SET_ASIDE = "label of train set aside";
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

  /**
   * The rules that drop a window for lack of evidence, rather than because the task excludes it.
   */
  private static final Set<String> NO_EVIDENCE =
      Set.of(
          NO_OUTCOME,
          noOutcome(HospitalOutcome.UNLISTED),
          noOutcome(HospitalOutcome.STILL_A_PATIENT));

  static final String DUPLICATE = "rows repeated exactly";
  static final String OPEN_END = "stays whose end is not known";

  /** Windows whose label is known from the time of death alone, counted by label. */
  static final String BY_DEATH_ALONE = "outcome by the time of death alone";

  // What becomes of windows whose label is not known, if they are kept.
  static final String UNLABELLED = "unlabelled: ";
  static final String UNLABELLED_NOT_OBSERVED = UNLABELLED + NOT_OBSERVED;

  // Labelled windows by where their split comes from.
  static final String PUBLISHED_SPLIT = "windows of a published split";
  static final String OWN_SPLIT = "windows of no published split";

  private static List<String> windowRules() {
    List<String> rules = new ArrayList<>(List.of(OTHER_CHANNELS, SHORT_SERIES, OUTCOME_BEFORE));
    for (HospitalOutcome outcome : HospitalOutcome.values()) {
      if (!outcome.isKnown()) {
        rules.add(noOutcome(outcome));
      }
    }
    rules.addAll(List.of(BAD_OUTCOME, NOT_OBSERVED, SET_ASIDE));
    return List.copyOf(rules);
  }

  /** Returns the rule that drops a window because the outcome of its stay is unknown. */
  static String noOutcome(HospitalOutcome why) {
    return why == HospitalOutcome.NOT_STATED ? NO_OUTCOME : NO_OUTCOME + ": " + why.label();
  }

  /** Returns the name of the count of unlabelled windows dropped because of their split. */
  static String unlabelledOf(Split split) {
    return UNLABELLED + "subject in " + split.label();
  }

  /** Whether a rule drops a window for lack of evidence of its label. */
  static boolean isNoEvidence(String rule) {
    return NO_EVIDENCE.contains(rule);
  }

  /** Returns the name of the count of those with a label. */
  static String ofLabel(String count, int label) {
    return count + ", label " + label;
  }

  /** Passed to {@link #read}: all dead letters of a table, and those with one reason. */
  static final String DEAD_LETTERS = "dead letters";

  static final String DEAD_LETTER = "dead letter: ";

  private static final String READ = "read\t";

  private CohortCounts() {}

  /** Adds to a count; a count of zero gets no entry. */
  static void add(Map<String, Long> counts, String what, long count) {
    if (count > 0) {
      counts.merge(what, count, Long::sum);
    }
  }

  /** Returns the name of a reader's count of one of its tables. */
  static String read(String source, String what) {
    return READ + source + "\t" + what;
  }

  /**
   * Splits the name of a reader's count into table and what was counted; empty for other counts.
   */
  static List<String> ofReader(String count) {
    return count.startsWith(READ)
        ? List.of(count.substring(READ.length()).split("\t", 2))
        : List.of();
  }
}
