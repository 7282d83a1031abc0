package io.tardiff.templates;

import com.google.common.base.Splitter;
import java.util.List;

/** Reads option values that are several values separated by commas. */
final class ValueList {
  private static final Splitter COMMAS = Splitter.on(',').trimResults();

  private ValueList() {}

  static List<String> words(String text) {
    return COMMAS.splitToList(text);
  }

  /**
   * @throws IllegalArgumentException where a part is no finite number
   */
  static List<Double> numbers(String text) {
    return words(text).stream().map(word -> number(word, text)).toList();
  }

  private static double number(String word, String text) {
    try {
      double number = Double.parseDouble(word);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with what is no finite number either.
    }
    throw new IllegalArgumentException("must be numbers separated by commas, was " + text);
  }
}
