package io.tardiff.settings;

import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects all problems of a user's settings, under the names that the user gave, so that one
 * message can report all of them.
 *
 * <p>Configurations validate each value as it is set and throw. {@link #apply} adds the error here
 * instead, so that checking can continue with the next value:
 *
 * <pre>{@code
 * Problems problems = Problems.ofOptions();
 * TrainingConfig training =
 *     problems.apply(
 *         "checkpointSeconds", TrainingConfig.defaults(), t -> t.withCheckpointSeconds(0));
 * problems.list(); // --checkpointSeconds must be at least 1, was 0
 * }</pre>
 */
public final class Problems {
  private static final Pattern NAMED = Pattern.compile("\\{(\\w+)}");

  private final UnaryOperator<String> naming;

  /** A set, because two steps may find the same problem. */
  private final Set<String> list = new LinkedHashSet<>();

  private Problems(UnaryOperator<String> naming) {
    this.naming = naming;
  }

  /** Returns an empty list that names settings as on a command line: {@code --emaDecay}. */
  public static Problems ofOptions() {
    return new Problems(name -> "--" + name);
  }

  /** Returns an empty list that names settings as the fields of a row: {@code ema_decay}. */
  public static Problems ofFields() {
    return new Problems(Setting::snakeCase);
  }

  /** Returns the name of a setting as the user wrote it. */
  public String name(String setting) {
    return naming.apply(setting);
  }

  /**
   * Adds a problem. Names of settings are in braces: {@code "{eta} must not be set if {sampler} is
   * %s"}.
   *
   * @param problem a format
   * @param arguments of the format
   */
  public void add(String problem, Object... arguments) {
    String named =
        NAMED
            .matcher(problem)
            .replaceAll(match -> Matcher.quoteReplacement(name(match.group(1)).replace("%", "%%")));
    list.add(String.format(Locale.ROOT, named, arguments));
  }

  /** Adds a problem that names settings as the user does. */
  public void addAsIs(String problem) {
    list.add(problem);
  }

  /**
   * Returns {@code configuration} with {@code change}, or unchanged if that throws, adding the
   * problem.
   */
  public <T> T apply(String setting, T configuration, UnaryOperator<T> change) {
    return get(setting, configuration, () -> change.apply(configuration));
  }

  /** Returns what {@code value} supplies, or {@code otherwise} if it throws, adding the problem. */
  public <T> T get(String setting, T otherwise, Supplier<T> value) {
    try {
      return value.get();
    } catch (InvalidSettingException e) {
      list.add(e.messageFor(name(setting)));
    } catch (IllegalArgumentException | UncheckedIOException e) {
      list.add(of(setting, String.valueOf(e.getMessage())));
    }
    return otherwise;
  }

  /** Replaces the setting's name at the start of a message by the user's, or prepends it. */
  private String of(String setting, String message) {
    return message.startsWith(setting + " ")
        ? name(setting) + message.substring(setting.length())
        : name(setting) + ": " + message;
  }

  /**
   * Applies a check of several settings together; returns {@code configuration} unchanged if it
   * throws, adding the problem.
   */
  public <T> T check(T configuration, UnaryOperator<T> check) {
    try {
      return check.apply(configuration);
    } catch (InvalidSettingException e) {
      list.add(e.messageFor(name(e.setting())));
      return configuration;
    }
  }

  public boolean isEmpty() {
    return list.isEmpty();
  }

  public List<String> list() {
    return List.copyOf(list);
  }
}
