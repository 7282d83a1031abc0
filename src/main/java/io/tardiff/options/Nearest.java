package io.tardiff.options;

import com.google.common.base.Ascii;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Suggests the intended name for a misspelt one. */
public final class Nearest {
  private Nearest() {}

  /**
   * Returns the candidate with the smallest edit distance, if it is likely to be the intended one.
   */
  public static Optional<String> to(String name, Collection<String> candidates) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    String lower = Ascii.toLowerCase(name);
    return candidates.stream()
        .min(
            Comparator.comparingInt(
                (String candidate) -> distance.apply(lower, Ascii.toLowerCase(candidate))))
        .filter(
            nearest ->
                distance.apply(lower, Ascii.toLowerCase(nearest))
                    <= Math.max(2, name.length() / 3));
  }

  /** Returns {@code "; did you mean X?"}, or an empty string. */
  public static String suggestion(String name, Collection<String> candidates) {
    return to(name, candidates).map(nearest -> "; did you mean " + nearest + "?").orElse("");
  }
}
