package io.tardiff.ehr;

import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Names the {@link ReadCount}s of values that no subject could be found for, because the table of
 * stays lacks their stay. They are counted by code, so that a cohort can report the channels that
 * lost values.
 */
@Internal
public final class UnknownStays {
  private static final String PREFIX =
      "values of a stay that is in no table of stays, with the code ";

  private UnknownStays() {}

  /** Returns the name of the count of such values with a code. */
  public static String what(String code) {
    return PREFIX + code;
  }

  /** Returns the code in the name of such a count; null for other counts. */
  public static @Nullable String code(String what) {
    return what.startsWith(PREFIX) ? what.substring(PREFIX.length()) : null;
  }
}
