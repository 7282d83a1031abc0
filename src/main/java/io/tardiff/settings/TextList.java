package io.tardiff.settings;

import com.google.common.base.Splitter;
import java.math.BigDecimal;
import java.util.List;

/** Parses comma-separated lists and formats numbers without an exponent. */
public final class TextList {
  private static final Splitter COMMAS = Splitter.on(',').trimResults();

  private TextList() {}

  public static List<String> words(String text) {
    return COMMAS.splitToList(text);
  }

  /**
   * Parses a comma-separated list of numbers.
   *
   * @throws InvalidSettingException if a part is not a finite number
   */
  public static List<Double> numbers(String text) {
    return words(text).stream().map(word -> number(word, text)).toList();
  }

  private static double number(String word, String text) {
    try {
      double number = Double.parseDouble(word);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, like numbers that are not finite.
    }
    throw new InvalidSettingException("value", "must be numbers separated by commas", text);
  }

  /** Formats a number without an exponent: 0.0005, not 5.0E-4. */
  public static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
