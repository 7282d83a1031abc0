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
 * Everything that is wrong with what was asked for, in the names that the person who asked used, so
 * that all of it can be told at once.
 *
 * <p>Configurations validate each value as it is set and throw; {@link #apply} turns that into an
 * entry here and goes on with the next value:
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

  /** Each once: two steps may ask for the same. */
  private final Set<String> list = new LinkedHashSet<>();

  private Problems(UnaryOperator<String> naming) {
    this.naming = naming;
  }

  /** Of a command line: {@code --emaDecay}. */
  public static Problems ofOptions() {
    return new Problems(name -> "--" + name);
  }

  /** Of the fields of a row: {@code ema_decay}. */
  public static Problems ofFields() {
    return new Problems(Setting::snakeCase);
  }

  /** A setting's name as the person wrote it. */
  public String name(String setting) {
    return naming.apply(setting);
  }

  /**
   * Adds a problem; settings are named in braces: {@code "{eta} must be left out where {sampler} is
   * %s"}.
   *
   * @param arguments for the format that {@code problem} is otherwise
   */
  public void add(String problem, Object... arguments) {
    String named =
        NAMED
            .matcher(problem)
            .replaceAll(match -> Matcher.quoteReplacement(name(match.group(1)).replace("%", "%%")));
    list.add(String.format(Locale.ROOT, named, arguments));
  }

  /** Adds a problem that is in the person's words already. */
  public void addAsIs(String problem) {
    list.add(problem);
  }

  /** {@code configuration} with {@code change}, or as it was where the change is rejected. */
  public <T> T apply(String setting, T configuration, UnaryOperator<T> change) {
    return get(setting, configuration, () -> change.apply(configuration));
  }

  /** What {@code value} gives, or {@code otherwise} where it is rejected. */
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

  /** What begins with the setting's name already goes on with the one that the person used. */
  private String of(String setting, String message) {
    return message.startsWith(setting + " ")
        ? name(setting) + message.substring(setting.length())
        : name(setting) + ": " + message;
  }

  /** {@code configuration} after a check of values together, which may be of any setting. */
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
