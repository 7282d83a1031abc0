package io.tardiff.cohort;

import java.util.List;

/** Names of the counts that are gathered while a cohort is built, and reported in its file. */
final class CohortCounts {
  static final String STAYS = "stays";

  /** Windows of the stays that no rule of the stay dropped. */
  static final String WINDOWS = "windows";

  // Rules of stays, in the order in which they are applied.
  static final String TOO_MANY = "subject with more observations than allowed";
  static final String NO_ADMISSION = "no admission time";
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
      List.of(TOO_MANY, NO_ADMISSION, NOT_FIRST, TOO_YOUNG, TOO_SHORT, ENDS_BEFORE);
  static final List<String> WINDOW_RULES =
      List.of(OTHER_CHANNELS, SHORT_SERIES, OUTCOME_BEFORE, NO_OUTCOME, BAD_OUTCOME, NOT_OBSERVED);

  static final String DUPLICATE = "rows repeated exactly";
  static final String OPEN_END = "stays whose end is not known";

  /** What {@link #read} calls rows that could not be read, and those of them with one reason. */
  static final String DEAD_LETTERS = "dead letters";

  static final String DEAD_LETTER = "dead letter: ";

  private static final String READ = "read\t";

  private CohortCounts() {}

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
