package io.tardiff.settings;

import java.util.Locale;

/**
 * A value that a setting does not take: which setting, what it must be, and what it was.
 *
 * <p>Configurations throw it from their {@code withX}. What shows it to a person gives the setting
 * the name that the person used for it: {@code --emaDecay} on a command line, {@code ema_decay} in
 * a row.
 *
 * <pre>{@code
 * int steps = 0;
 * InvalidSettingException.check(steps >= 1, "trainingSteps", steps, "must be at least 1");
 * // trainingSteps must be at least 1, was 0
 * }</pre>
 */
public final class InvalidSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String setting;
  private final String rule;
  private final String value;

  /**
   * @param setting the setting's name, as the configuration calls it
   * @param rule what a value must be, beginning with {@code must}
   * @param value the value that was rejected
   */
  public InvalidSettingException(String setting, String rule, Object value) {
    super(setting + " " + rule + ", was " + value);
    this.setting = setting;
    this.rule = rule;
    this.value = String.valueOf(value);
  }

  /** Rejects {@code value} unless it is {@code valid}. */
  public static void check(
      boolean valid, String setting, Object value, String rule, Object... arguments) {
    if (!valid) {
      throw new InvalidSettingException(
          setting, String.format(Locale.ROOT, rule, arguments), value);
    }
  }

  /** The setting's name, as the configuration calls it. */
  public String setting() {
    return setting;
  }

  /** What a value must be: {@code must be at least 1}. */
  public String rule() {
    return rule;
  }

  /** The value that was rejected. */
  public String value() {
    return value;
  }

  /** The rejection under another name of the setting. */
  public String messageFor(String name) {
    return name + " " + rule + ", was " + value;
  }
}
