package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is wrong with the fields of a configuration. The configurations of the library check their
 * values themselves; their words are repeated in the name of the field.
 */
final class Fields {
  private static final Pattern MUST = Pattern.compile("[\\w ]*\\b(must .*)", Pattern.DOTALL);

  private final List<String> problems = new ArrayList<>();

  /** {@code settings} with the value of a field; as they are where it is left out or rejected. */
  <S, V> S apply(String field, @Nullable V value, S settings, BiFunction<S, V, S> with) {
    return value == null ? settings : get(field, settings, () -> with.apply(settings, value));
  }

  /** What is made of a field's value, or {@code otherwise} where that is rejected. */
  <T> T get(String field, T otherwise, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      String message = String.valueOf(e.getMessage());
      // "batch size must be at least 1, was 0": here it is batch_size. What names a file stays
      // whole.
      Matcher rule = MUST.matcher(message);
      problems.add(field + (rule.matches() ? " " + rule.group(1) : ": " + message));
      return otherwise;
    }
  }

  void add(String problem) {
    problems.add(problem);
  }

  /** A directory or file that must be named. */
  void checkNamed(String field, String value) {
    if (value.isBlank()) {
      add(field + " must be a path, was empty");
    }
  }

  /**
   * @throws IllegalArgumentException with everything that is wrong
   */
  void check(String transform) {
    checkArgument(problems.isEmpty(), "%s: %s", transform, String.join("; ", problems));
  }
}
