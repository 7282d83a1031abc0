package io.tardiff.ehr.table;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Codes that differ from a wanted one only in case, blanks, hyphens and underscores: {@code hr} and
 * {@code HR}, {@code Heart rate} and {@code heart_rate}. They are skipped because they may mean
 * something else, and counted because they may be a mistake.
 */
@Internal
public final class Lookalikes implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String WHAT = "values whose code only looks like ";

  private static final int CACHED = 10_000;

  private final HashMap<String, String> byFold;
  private final Set<String> wanted;

  /** Cache from a code to the wanted code that it resembles, "" for none. */
  private transient @Nullable Map<String, String> cache;

  private Lookalikes(HashMap<String, String> byFold, Set<String> wanted) {
    this.byFold = byFold;
    this.wanted = wanted;
  }

  /** Finds codes that resemble the given ones. */
  public static Lookalikes of(Set<String> codes) {
    HashMap<String, String> byFold = new HashMap<>();
    for (String code : codes) {
      String fold = fold(code);
      if (fold != null) {
        // Of several, keep the first by name, so that the result is deterministic.
        byFold.merge(fold, code, (a, b) -> a.compareTo(b) <= 0 ? a : b);
      }
    }
    return new Lookalikes(byFold, Set.copyOf(codes));
  }

  /**
   * Returns the wanted code that a code resembles; null if it is wanted itself or resembles none.
   */
  public @Nullable String of(String code) {
    if (cache == null) {
      cache = new HashMap<>();
    }
    String resembled = cache.get(code);
    if (resembled == null) {
      String fold = wanted.contains(code) ? null : fold(code);
      resembled = fold == null ? "" : byFold.getOrDefault(fold, "");
      if (cache.size() < CACHED) {
        cache.put(code, resembled);
      }
    }
    return resembled.isEmpty() ? null : resembled;
  }

  /** Returns the name of their {@link io.tardiff.ehr.ReadCount}. */
  static String what(String wanted) {
    return WHAT + wanted;
  }

  /**
   * Returns the wanted code in the name of a {@link io.tardiff.ehr.ReadCount}; null for other
   * counts.
   */
  public static @Nullable String wanted(String what) {
    return what.startsWith(WHAT) ? what.substring(WHAT.length()) : null;
  }

  /** Normalises a code; null if it has no letters, since numbers do not resemble each other. */
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
