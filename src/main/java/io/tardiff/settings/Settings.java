package io.tardiff.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The settings of a configuration, each declared once. Options, files and hashes of configurations
 * are derived from this list.
 *
 * <pre>{@code
 * Settings<DenoiserTraining> settings =
 *     Settings.of(DenoiserTraining.defaults())
 *         .integer("noiseSteps", DenoiserTraining::noiseSteps, DenoiserTraining::withNoiseSteps)
 *         .decimal("emaDecay", DenoiserTraining::emaDecay, DenoiserTraining::withEmaDecay)
 *         .key("average_decay");
 * }</pre>
 *
 * <p>The default of a setting is its value in the default configuration, and its {@code withX}
 * method validates values. {@link #key}, {@link #operational}, {@link #outsideFiles}, {@link
 * #absentMeans} and {@link #optional} apply to the last setting added. Instances are immutable.
 *
 * @param <C> the configuration
 */
public final class Settings<C> {
  private final C defaults;
  private final List<Setting<C>> all;
  private final UnaryOperator<C> check;

  private Settings(C defaults, List<Setting<C>> all, UnaryOperator<C> check) {
    this.defaults = defaults;
    this.all = all;
    this.check = check;
  }

  /** Returns an empty list of settings for a configuration with these defaults. */
  public static <C> Settings<C> of(C defaults) {
    return new Settings<>(defaults, List.of(), configuration -> configuration);
  }

  private Settings<C> and(Setting<C> setting) {
    List<Setting<C>> more = new ArrayList<>(all);
    more.add(setting);
    return new Settings<>(defaults, List.copyOf(more), check);
  }

  private Settings<C> last(UnaryOperator<Setting<C>> change) {
    List<Setting<C>> changed = new ArrayList<>(all);
    changed.set(changed.size() - 1, change.apply(changed.get(changed.size() - 1)));
    return new Settings<>(defaults, List.copyOf(changed), check);
  }

  private <V> Settings<C> and(
      String name, Function<C, V> get, BiFunction<C, V, C> with, Setting.Form<V> form) {
    return and(Setting.of(name, get, with, form));
  }

  public Settings<C> integer(
      String name, Function<C, Integer> get, BiFunction<C, Integer, C> with) {
    return and(
        name,
        get,
        with,
        new Setting.Form<>(
            String::valueOf, given -> (Integer) given, IntNode::valueOf, JsonNode::asInt));
  }

  public Settings<C> whole(String name, Function<C, Long> get, BiFunction<C, Long, C> with) {
    return and(
        name,
        get,
        with,
        new Setting.Form<>(
            String::valueOf, given -> (Long) given, LongNode::valueOf, JsonNode::asLong));
  }

  public Settings<C> decimal(String name, Function<C, Double> get, BiFunction<C, Double, C> with) {
    return and(
        name,
        get,
        with,
        new Setting.Form<>(
            TextList::plain, given -> (Double) given, DoubleNode::valueOf, JsonNode::asDouble));
  }

  public Settings<C> flag(String name, Function<C, Boolean> get, BiFunction<C, Boolean, C> with) {
    return and(
        name,
        get,
        with,
        new Setting.Form<>(
            String::valueOf, given -> (Boolean) given, BooleanNode::valueOf, JsonNode::asBoolean));
  }

  public Settings<C> text(String name, Function<C, String> get, BiFunction<C, String, C> with) {
    return and(
        name,
        get,
        with,
        new Setting.Form<>(
            text -> text, given -> (String) given, TextNode::valueOf, JsonNode::asText));
  }

  /** Adds a setting that takes a constant of an enum, by its label. */
  public <E extends Enum<E> & Labelled> Settings<C> choice(
      String name, Class<E> type, Function<C, E> get, BiFunction<C, E, C> with) {
    return and(
        name,
        get,
        with,
        new Setting.Form<>(
            Labelled::label,
            given -> Labelled.of(type, name, (String) given),
            constant -> TextNode.valueOf(constant.label()),
            json -> Labelled.of(type, name, json.asText())));
  }

  /** Adds a setting that takes several constants of an enum, by their labels. */
  public <E extends Enum<E> & Labelled> Settings<C> choices(
      String name, Class<E> type, Function<C, List<E>> get, BiFunction<C, List<E>, C> with) {
    return and(
        name,
        get,
        with,
        Setting.listOf(
            Labelled::label,
            word -> Labelled.of(type, name, word),
            constant -> TextNode.valueOf(constant.label()),
            json -> Labelled.of(type, name, json.asText())));
  }

  public Settings<C> integers(
      String name, Function<C, List<Integer>> get, BiFunction<C, List<Integer>, C> with) {
    return and(
        name,
        get,
        with,
        Setting.listOf(String::valueOf, Integer::valueOf, IntNode::valueOf, JsonNode::asInt));
  }

  public Settings<C> words(
      String name, Function<C, List<String>> get, BiFunction<C, List<String>, C> with) {
    return and(
        name,
        get,
        with,
        Setting.listOf(word -> word, word -> word, TextNode::valueOf, JsonNode::asText));
  }

  public Settings<C> numbers(
      String name, Function<C, List<Double>> get, BiFunction<C, List<Double>, C> with) {
    Setting.Form<List<Double>> form =
        Setting.listOf(TextList::plain, Double::valueOf, DoubleNode::valueOf, JsonNode::asDouble);
    return and(
        name,
        get,
        with,
        new Setting.Form<>(
            form.toText(),
            given -> TextList.numbers((String) given),
            form.toJson(),
            form.fromJson()));
  }

  /** Adds all settings of a part of the configuration. */
  public <P> Settings<C> part(Settings<P> part, Function<C, P> get, BiFunction<C, P, C> with) {
    Settings<C> result = this;
    for (Setting<P> setting : part.all) {
      result = result.and(setting.within(get, with));
    }
    return result.checkedBy(whole -> with.apply(whole, part.check.apply(get.apply(whole))));
  }

  /** Adds a check of several settings together. */
  public Settings<C> checkedBy(UnaryOperator<C> more) {
    return new Settings<>(defaults, all, whole -> more.apply(check.apply(whole)));
  }

  /** Sets the name of the last setting in files. Default: its name in snake case. */
  public Settings<C> key(String key) {
    return last(setting -> setting.withKey(key));
  }

  /**
   * Marks the last setting as changing how a run is executed but not its results: it is in no file
   * or hash.
   */
  public Settings<C> operational() {
    return last(Setting::operational);
  }

  /**
   * Omits the last setting from files, because they hold it in another form or need not hold it.
   */
  public Settings<C> outsideFiles() {
    return last(Setting::outsideFiles);
  }

  /**
   * Returns the settings in the order in which they were added, which is also the order in which
   * they are applied.
   */
  public List<Setting<C>> all() {
    return all;
  }

  /**
   * Marks the last setting as one that earlier versions did not have: files leave it out where it
   * has the value that those versions had, so that their files can be read and their hashes stay.
   *
   * @param value what a file without the setting means, as an option gives it
   */
  public Settings<C> absentMeans(Object value) {
    return last(setting -> setting.absentMeans(value));
  }

  /**
   * Marks the last setting as one that may have no value: files leave it out then, as those of
   * earlier versions do.
   */
  public Settings<C> optional() {
    return last(Setting::optional);
  }

  /** Returns the default of a setting as written on a command line. */
  public Optional<String> defaultOf(String name) {
    return all.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .map(setting -> setting.text(defaults));
  }

  /**
   * Returns the default configuration with all given values.
   *
   * @param given returns the value of a setting by name, or null if it is not given
   * @param problems receives the problems of invalid values
   */
  public C configuration(Function<String, Object> given, Problems problems) {
    return apply(defaults, given, problems);
  }

  /** Returns {@code configuration} with all given values. */
  public C apply(C configuration, Function<String, Object> given, Problems problems) {
    C result = configuration;
    for (Setting<C> setting : all) {
      Object value = given.apply(setting.name());
      if (value != null) {
        result = problems.apply(setting.name(), result, c -> setting.with(c, value));
      }
    }
    return problems.check(result, check);
  }

  /** Returns the settings of a configuration that files hold. */
  public ObjectNode toJson(C configuration) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (Setting<C> setting : all) {
      if (!setting.isAbsent(configuration)) {
        json.set(setting.key(), setting.json(configuration));
      }
    }
    return json;
  }

  /** Returns the settings that files hold, by their names in snake case instead of their keys. */
  public ObjectNode toSnakeCaseJson(C configuration) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (Setting<C> setting : all) {
      if (!setting.isAbsent(configuration)) {
        json.set(Setting.snakeCase(setting.name()), setting.json(configuration));
      }
    }
    return json;
  }

  /**
   * Returns the configuration that a file holds.
   *
   * @throws IllegalArgumentException if a setting is missing or invalid
   */
  public C fromJson(JsonNode json) {
    C result = defaults;
    for (Setting<C> setting : all) {
      if (setting.isInFiles()) {
        C before = result;
        result =
            json.has(setting.key())
                ? setting.withJson(result, json.get(setting.key()))
                : setting
                    .ifAbsent(result)
                    .orElseGet(() -> setting.withJson(before, json.required(setting.key())));
      }
    }
    return check.apply(result);
  }
}
