package io.tardiff.ehr;

import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Values that a reader cannot give to any subject, because the table of stays does not have theirs:
 * how {@link ReadCount} counts them, by code, so that a cohort can tell which channels lost them.
 */
@Internal
public final class UnknownStays {
  private static final String WHAT =
      "values of a stay that is in no table of stays, with the code ";

  private UnknownStays() {}

  /** What {@link ReadCount} calls those with a code. */
  public static String what(String code) {
    return WHAT + code;
  }

  /** The code of what {@link ReadCount} counts, null of other counts. */
  public static @Nullable String code(String what) {
    return what.startsWith(WHAT) ? what.substring(WHAT.length()) : null;
  }
}
