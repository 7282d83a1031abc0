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

  static final String OUTSIDE = "rows outside the window";
  static final String DUPLICATE = "rows repeated exactly";
  static final String OPEN_END = "stays whose end is not known";

  private static final String OUTLIER = "rows beyond the outlier range: ";
  private static final String CLIPPED = "rows clipped to the valid range: ";
  private static final String UNKNOWN_UNIT = "rows of an unknown unit: ";

  private CohortCounts() {}

  static String outlier(String channel) {
    return OUTLIER + channel;
  }

  static String clipped(String channel) {
    return CLIPPED + channel;
  }

  static String unknownUnit(String concept) {
    return UNKNOWN_UNIT + concept;
  }
}
