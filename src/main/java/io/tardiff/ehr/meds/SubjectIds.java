package io.tardiff.ehr.meds;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Longs;
import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Converts subject ids to the 64-bit integers of MEDS. */
final class SubjectIds {
  private SubjectIds() {}

  /**
   * Returns the id itself if it is a number in canonical form, else the first 63 bits of its
   * SHA-256. {@code 007} is hashed, since it and {@code 7} may be different patients.
   */
  static long of(String subject) {
    @Nullable Long number = Longs.tryParse(subject);
    return number != null && Long.toString(number).equals(subject)
        ? number
        : Hashing.sha256().hashString(subject, StandardCharsets.UTF_8).asLong() & Long.MAX_VALUE;
  }
}
