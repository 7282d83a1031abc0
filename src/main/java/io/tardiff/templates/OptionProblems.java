package io.tardiff.templates;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Everything wrong with a command line, so that a person is told all of it at once.
 *
 * <p>Configurations validate each value as it is set and throw; {@link #apply} turns that into an
 * entry here and goes on with the next value:
 *
 * <pre>{@code
 * WindowSpec spec = problems.apply("steps", WindowSpec.of48Hours(), s -> s.withSteps(options.getSteps()));
 * }</pre>
 */
final class OptionProblems {
  private final List<String> problems = new ArrayList<>();

  void add(String format, Object... arguments) {
    problems.add(String.format(Locale.ROOT, format, arguments));
  }

  /** Adds what a configuration says of the value of {@code option}. */
  void add(String option, RuntimeException rejection) {
    String message = rejection.getMessage();
    problems.add(
        message != null && message.startsWith(option + " ")
            ? "--" + message
            : "--" + option + ": " + message);
  }

  /**
   * {@code configuration} with {@code change}, or as it was where the change is rejected.
   *
   * @param option the option the changed value comes from
   */
  <T> T apply(String option, T configuration, UnaryOperator<T> change) {
    return get(option, configuration, () -> change.apply(configuration));
  }

  /** What {@code value} gives, or {@code otherwise} where it is rejected. */
  <T> T get(String option, T otherwise, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      add(option, e);
      return otherwise;
    }
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  List<String> list() {
    return List.copyOf(problems);
  }
}
