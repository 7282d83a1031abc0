package io.tardiff.cohort;

/** Names of the counts that are gathered while a cohort is built, and reported in its file. */
final class CohortCounts {
  static final String STAYS = "stays";
  static final String NO_ADMISSION = "no admission time";
  static final String NO_OUTCOME = "no outcome";
  static final String BAD_OUTCOME = "outcome is not a class of the task";
  static final String NOT_OBSERVED = "no channel observed in the window";

  static final String OUTSIDE = "rows outside the window";
  static final String DUPLICATE = "rows repeated exactly";

  private static final String OUTLIER = "rows beyond the outlier range: ";
  private static final String CLIPPED = "rows clipped to the valid range: ";

  private CohortCounts() {}

  static String outlier(String channel) {
    return OUTLIER + channel;
  }

  static String clipped(String channel) {
    return CLIPPED + channel;
  }
}
