package io.tardiff.progress;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Text that comes from outside (names of files, codes, headers, fields of a mapping, options) as it
 * may be shown on a terminal, in a log and in a report.
 *
 * <p>Control characters are escaped: they could move the cursor, hide a line or forge one, and
 * marks of direction could show a name backwards. Credentials, as URLs and options carry them, are
 * replaced by {@value #HIDDEN}.
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
          // The same with a slash in the password, which should be encoded.
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

  /** A name or a value, in one line. */
  public static String of(@Nullable Object text) {
    return escape(withoutCredentials(String.valueOf(text)), c -> false);
  }

  /** A file or directory for display data, null where there is none. */
  public static @Nullable String location(@Nullable String path) {
    return path == null ? null : of(path);
  }

  /** A text of lines, which stay lines. */
  public static String lines(String text) {
    return escape(withoutCredentials(text), c -> c == '\n' || c == '\t');
  }

  /** Whether a text carries credentials. */
  public static boolean hasCredentials(String text) {
    return !withoutCredentials(text).equals(text);
  }

  /** The text with {@value #HIDDEN} in the place of credentials. */
  public static String withoutCredentials(String text) {
    String shown = text;
    // Most texts have none of the characters that every rule needs.
    if (shown.indexOf('@') >= 0
        || shown.indexOf('=') >= 0
        || shown.indexOf('"') >= 0
        || shown.indexOf(' ') >= 0) {
      for (Rule rule : RULES) {
        shown = rule.pattern().matcher(shown).replaceAll(rule.replacement());
      }
    }
    return shown;
  }

  private static String escape(String text, IntPredicate stays) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 0x7f;
      if (plain || !isHidden(text, i) || stays.test(c)) {
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

  /** Characters that show nothing, or change how others are shown. */
  private static boolean isHidden(String text, int at) {
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
