package io.tardiff.settings;

import com.google.common.base.Splitter;
import java.math.BigDecimal;
import java.util.List;

/** Several values in one text, separated by commas, and numbers as people write them. */
public final class TextList {
  private static final Splitter COMMAS = Splitter.on(',').trimResults();

  private TextList() {}

  public static List<String> words(String text) {
    return COMMAS.splitToList(text);
  }

  /**
   * @throws IllegalArgumentException where a part is not a finite number
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
      // Said below, with what is not finite.
    }
    throw new InvalidSettingException("value", "must be numbers separated by commas", text);
  }

  /** 0.0005, not 5.0E-4. */
  public static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
