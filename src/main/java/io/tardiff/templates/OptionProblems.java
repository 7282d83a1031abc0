package io.tardiff.templates;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything wrong with a command line, so that a person is told all of it at once.
 *
 * <p>Configurations validate each value as it is set and throw; {@link #apply} turns that into an
 * entry here and goes on with the next value:
 *
 * <pre>{@code
 * training = problems.apply("trainingSteps", training, t -> t.withSteps(options.getTrainingSteps()));
 * }</pre>
 */
public final class OptionProblems {
  private static final Pattern MUST = Pattern.compile("[\\w ]*\\b(must .*)", Pattern.DOTALL);

  private final List<String> problems = new ArrayList<>();

  public void add(String format, Object... arguments) {
    problems.add(String.format(Locale.ROOT, format, arguments));
  }

  /** Adds what a configuration says of the value of {@code option}, in the option's name. */
  public void add(String option, RuntimeException rejection) {
    String message = String.valueOf(rejection.getMessage());
    // "batch size must be at least 1, was 0": the person knows it as --batchSize. What names a
    // file stays whole.
    Matcher rule = MUST.matcher(message);
    problems.add("--" + option + (rule.matches() ? " " + rule.group(1) : ": " + message));
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
    } catch (IllegalArgumentException | UncheckedIOException e) {
      add(option, e);
      return otherwise;
    }
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  public List<String> list() {
    return List.copyOf(problems);
  }
}
