package io.tardiff.ehr.meds;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Longs;
import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Subjects as the 64-bit integers that MEDS wants. */
final class SubjectIds {
  private SubjectIds() {}

  /**
   * The number itself if the id is one, else the first 63 bits of its SHA-256. {@code 007} is no
   * number: it and {@code 7} may be two persons.
   */
  static long of(String subject) {
    @Nullable Long number = Longs.tryParse(subject);
    return number != null && Long.toString(number).equals(subject)
        ? number
        : Hashing.sha256().hashString(subject, StandardCharsets.UTF_8).asLong() & Long.MAX_VALUE;
  }
}
