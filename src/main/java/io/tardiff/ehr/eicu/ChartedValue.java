package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses manually entered values: a number, a percentage such as {@code 60%}, or text. */
final class ChartedValue {
  // Stricter than Double.parseDouble, which accepts 5d, 0x1p3 and NaN.
  private static final Pattern NUMBER =
      Pattern.compile("([+-]?(?:\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18}))\\s*(%?)");

  private ChartedValue() {}

  /** Sets the numeric value, with the unit % of a percentage, or else the text. */
  static void set(EhrEvent.Builder event, String value) {
    Matcher number = NUMBER.matcher(value);
    if (!number.matches()) {
      event.setTextValue(value);
      return;
    }
    event.setNumericValue(Double.valueOf(number.group(1)));
    if (!number.group(2).isEmpty()) {
      event.setUnit("%");
    }
  }
}
