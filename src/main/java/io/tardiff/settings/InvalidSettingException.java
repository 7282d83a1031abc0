package io.tardiff.settings;

import java.util.Locale;

/**
 * Thrown if a value is invalid for a setting: names the setting, the rule and the value.
 *
 * <p>Thrown by the {@code withX} methods of configurations. When it is shown to users, the setting
 * has the name that they used: {@code --emaDecay} on a command line, {@code ema_decay} in a row.
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
   * Creates an exception with the message {@code <setting> <rule>, was <value>}.
   *
   * @param setting name of the setting in the configuration
   * @param rule what a value must be, starting with {@code must}
   * @param value the value that was rejected
   */
  public InvalidSettingException(String setting, String rule, Object value) {
    super(setting + " " + rule + ", was " + value);
    this.setting = setting;
    this.rule = rule;
    this.value = String.valueOf(value);
  }

  /**
   * Throws unless {@code valid}.
   *
   * @param rule what a value must be, a format for {@code arguments}
   */
  public static void check(
      boolean valid, String setting, Object value, String rule, Object... arguments) {
    if (!valid) {
      throw new InvalidSettingException(
          setting, String.format(Locale.ROOT, rule, arguments), value);
    }
  }

  /** Returns the name of the setting in the configuration. */
  public String setting() {
    return setting;
  }

  /** Returns what a value must be, such as {@code must be at least 1}. */
  public String rule() {
    return rule;
  }

  /** Returns the rejected value. */
  public String value() {
    return value;
  }

  /** Returns the message with another name for the setting. */
  public String messageFor(String name) {
    return name + " " + rule + ", was " + value;
  }
}
