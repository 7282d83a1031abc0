package io.tardiff.progress;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Sanitises untrusted text, such as file names, codes, headers, mapping fields and options, for
 * terminals, logs and reports.
 *
 * <p>Escapes control characters, which could move the cursor or hide or forge a line, and
 * bidirectional marks, which could reverse a name. Replaces credentials in URLs and options with
 * {@value #HIDDEN}.
 */
@Internal
public final class Printable {
  static final String HIDDEN = "***";

  private static final String SECRET =
      "(?:password|passwd|pwd|passphrase|secret|token|signature|credential|authorization"
          + "|api[-_.]?key|access[-_.]?key|account[-_.]?key|private[-_.]?key)";

  private record Rule(Pattern pattern, String replacement) {}

  private static final List<Rule> RULES =
      List.of(
          // https://user:password@host
          rule("(?<=://)[^/\\s@'\"]{1,500}@", HIDDEN + "@"),
          // The same, with an unencoded slash in the password.
          rule("(?<=://)[^/:\\s@'\"]{1,200}:(?!\\d{1,5}/)[^\\s@'\"]{1,500}@", HIDDEN + "@"),
          // jdbc:oracle:thin:user/password@host
          rule("(?<=\\bjdbc:oracle:\\w{1,10}:)[^@\\s]{1,500}@", HIDDEN + "@"),
          // ?sig=..., ;password=..., --awsSecretKey=...
          rule(
              "(?<![\\w.-])([\\w.-]{0,64}?"
                  + SECRET
                  + "[\\w.-]{0,64}|sig|sas|auth)=(?!\\{)[^&;\\s\"']+",
              "$1=" + HIDDEN),
          // "secretKey":"..."
          rule(
              "(\"[\\w.-]{0,64}?" + SECRET + "[\\w.-]{0,64}\"\\s{0,9}:\\s{0,9})\"[^\"]*\"",
              "$1\"" + HIDDEN + "\""),
          // Authorization: Bearer ...
          rule("\\b(bearer)\\s{1,9}[\\w.~+/=-]{8,}", "$1 " + HIDDEN));

  private Printable() {}

  private static Rule rule(String pattern, String replacement) {
    return new Rule(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), replacement);
  }

  /** Returns a name or a value as a single printable line. */
  public static String of(@Nullable Object text) {
    return escape(withoutCredentials(String.valueOf(text)), c -> false);
  }

  /** Returns a path for display data; null if {@code path} is null. */
  public static @Nullable String location(@Nullable String path) {
    return path == null ? null : of(path);
  }

  /** Returns printable text that keeps its line feeds and tabs. */
  public static String lines(String text) {
    return escape(withoutCredentials(text), c -> c == '\n' || c == '\t');
  }

  /** Returns whether the text contains credentials. */
  public static boolean hasCredentials(String text) {
    return !withoutCredentials(text).equals(text);
  }

  /** Returns the text with its credentials replaced by {@value #HIDDEN}. */
  public static String withoutCredentials(String text) {
    String result = text;
    // Fast path: every rule needs one of these characters, and most text has none.
    if (result.indexOf('@') >= 0
        || result.indexOf('=') >= 0
        || result.indexOf('"') >= 0
        || result.indexOf(' ') >= 0) {
      for (Rule rule : RULES) {
        result = rule.pattern().matcher(result).replaceAll(rule.replacement());
      }
    }
    return result;
  }

  private static String escape(String text, IntPredicate keep) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ascii = c >= ' ' && c < 0x7f;
      if (ascii || !isUnprintable(text, i) || keep.test(c)) {
        if (escaped != null) {
          escaped.append(c);
        }
        continue;
      }
      if (escaped == null) {
        escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      switch (c) {
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return escaped == null ? text : escaped.toString();
  }

  /**
   * Whether the character is invisible, changes how others are shown, or is half a surrogate pair.
   */
  private static boolean isUnprintable(String text, int at) {
    char c = text.charAt(at);
    if (Character.isSurrogate(c)) {
      boolean first = Character.isHighSurrogate(c);
      int other = first ? at + 1 : at - 1;
      return other < 0
          || other >= text.length()
          || !Character.isSurrogatePair(
              text.charAt(first ? at : other), text.charAt(first ? other : at));
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
