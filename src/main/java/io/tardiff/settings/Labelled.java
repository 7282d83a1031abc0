package io.tardiff.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An enum whose constants have a label for options and files: their name in lower case, such as
 * {@code mean_shift} for {@code MEAN_SHIFT}.
 *
 * <pre>{@code
 * Prediction velocity = Labelled.of(Prediction.class, "prediction", "velocity");
 * String label = velocity.label();
 * }</pre>
 */
public interface Labelled {

  /** Returns the constant's name in Java. */
  String name();

  /** Returns the constant's name in options and files. */
  default String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the constant with a label.
   *
   * @param setting name of the setting, for the message
   * @throws InvalidSettingException if no constant has the label, listing the valid ones
   */
  static <E extends Enum<E> & Labelled> E of(Class<E> type, String setting, String label) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new InvalidSettingException(setting, "must be " + labels(type), label));
  }

  /** Formats the labels as {@code a, b or c}. */
  private static <E extends Enum<E> & Labelled> String labels(Class<E> type) {
    String all =
        Arrays.stream(type.getEnumConstants())
            .map(Labelled::label)
            .collect(Collectors.joining(", "));
    int last = all.lastIndexOf(", ");
    return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2);
  }
}
