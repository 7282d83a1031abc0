package io.tardiff.options;

import io.tardiff.settings.Setting;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * An option, as declared by its interface.
 *
 * @param words the accepted words; empty if others are accepted too
 * @param form how a value is written; may be empty
 * @param defaultValue as written on a command line; that of the configuration the option belongs to
 * @param operational whether it does not change results
 * @param conditional whether it is rejected together with some values of others
 */
public record Option(
    String name,
    String description,
    Class<?> type,
    List<String> words,
    Values.Items items,
    String form,
    Optional<String> defaultValue,
    boolean required,
    boolean operational,
    boolean conditional,
    Method getter,
    Method setter) {

  /** Returns whether the option takes several values, separated by commas. */
  public boolean isList() {
    return items != Values.Items.ONE;
  }

  /** Returns whether {@code options} has a value for this option. */
  public boolean isGiven(PipelineOptions options) {
    return OptionCatalogue.given(options).apply(name) != null;
  }

  /** Returns the name of the field in a row. */
  public String field() {
    return Setting.snakeCase(name);
  }

  /** Returns the syntax of a value, for help. */
  public String syntax() {
    if (!words.isEmpty()) {
      return String.join(isList() ? "," : "|", words);
    }
    if (!form.isEmpty()) {
      return form;
    }
    if (type == Boolean.class) {
      return "true|false";
    }
    return isWhole() ? "integer" : type == Double.class ? "number" : "text";
  }

  /** Returns what a value must be if its type or the accepted words show that it is invalid. */
  public Optional<String> reject(String value) {
    if (value.isBlank()) {
      return Optional.of("must not be empty");
    }
    if (!words.isEmpty()) {
      return rejectWords(value);
    }
    try {
      if (type == Integer.class) {
        Integer.parseInt(value);
      } else if (type == Long.class) {
        Long.parseLong(value);
      } else if (type == Double.class && !Double.isFinite(Double.parseDouble(value))) {
        return Optional.of("must be a finite number, was " + value);
      } else if (type == Boolean.class && !value.equals("true") && !value.equals("false")) {
        return Optional.of("must be true or false, was " + value);
      }
    } catch (NumberFormatException e) {
      return Optional.of("must be " + (isWhole() ? "an integer" : "a number") + ", was " + value);
    }
    return Optional.empty();
  }

  private Optional<String> rejectWords(String value) {
    List<String> given = isList() ? List.of(value.split(",", -1)) : List.of(value);
    String valid =
        (isList() ? "must name one or more of " : "must be one of ") + String.join(", ", words);
    return given.stream()
        .filter(word -> !words.contains(word))
        .findFirst()
        .map(word -> valid + ", was " + value + Nearest.suggestion(word, words));
  }

  private boolean isWhole() {
    return type == Integer.class || type == Long.class;
  }
}
