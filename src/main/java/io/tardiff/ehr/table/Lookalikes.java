package io.tardiff.ehr.table;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Codes that differ from a wanted one in the case of letters, blanks, hyphens and underscores only:
 * {@code hr} and {@code HR}, {@code Heart rate} and {@code heart_rate}. They are not read, as they
 * may mean something else, and are counted, as they may not.
 */
@Internal
public final class Lookalikes implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String WHAT = "values whose code only looks like ";

  private static final int CACHED = 10_000;

  private final HashMap<String, String> byFold;
  private final Set<String> wanted;

  /** Codes met before, with what they look like, "" for nothing. */
  private transient @Nullable Map<String, String> known;

  private Lookalikes(HashMap<String, String> byFold, Set<String> wanted) {
    this.byFold = byFold;
    this.wanted = wanted;
  }

  /** Looks for codes like these. */
  public static Lookalikes of(Set<String> codes) {
    HashMap<String, String> byFold = new HashMap<>();
    for (String code : codes) {
      String fold = fold(code);
      if (fold != null) {
        // Of several the first by name, wherever this runs.
        byFold.merge(fold, code, (a, b) -> a.compareTo(b) <= 0 ? a : b);
      }
    }
    return new Lookalikes(byFold, Set.copyOf(codes));
  }

  /** The wanted code that a code looks like, null where it is one itself or looks like none. */
  public @Nullable String of(String code) {
    if (known == null) {
      known = new HashMap<>();
    }
    String like = known.get(code);
    if (like == null) {
      String fold = wanted.contains(code) ? null : fold(code);
      like = fold == null ? "" : byFold.getOrDefault(fold, "");
      if (known.size() < CACHED) {
        known.put(code, like);
      }
    }
    return like.isEmpty() ? null : like;
  }

  /** What {@link io.tardiff.ehr.ReadCount} calls them. */
  static String what(String wanted) {
    return WHAT + wanted;
  }

  /**
   * The wanted code that {@link io.tardiff.ehr.ReadCount} counts those of, null of other counts.
   */
  public static @Nullable String wanted(String what) {
    return what.startsWith(WHAT) ? what.substring(WHAT.length()) : null;
  }

  /** Null for numbers, of which no two are alike. */
  private static @Nullable String fold(String code) {
    StringBuilder fold = new StringBuilder();
    boolean letters = false;
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      if (!Character.isWhitespace(c) && c != '-' && c != '_' && c != '\u00A0') {
        fold.append(c);
        letters |= Character.isLetter(c);
      }
    }
    return letters ? fold.toString().toLowerCase(Locale.ROOT) : null;
  }
}
