package io.tardiff.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A setting of a configuration: its name, how to read and change its value, and how the value is
 * written in options and files.
 *
 * @param <C> the configuration
 */
public final class Setting<C> {
  /** Converts values to and from options and files. */
  record Form<V>(
      Function<V, String> toText,
      Function<Object, V> fromGiven,
      Function<V, JsonNode> toJson,
      Function<JsonNode, V> fromJson) {}

  /** Stands for a setting that may have no value, which files then lack. */
  private static final Object NO_VALUE = new Object();

  private final String name;
  private final String key;
  private final Reader<C, ?> reader;
  private final boolean isOperational;
  private final boolean isInFiles;
  private final @Nullable Object absent;

  private record Reader<C, V>(Function<C, V> get, BiFunction<C, V, C> with, Form<V> form) {
    String text(C configuration) {
      V value = get.apply(configuration);
      return value == null ? null : form.toText().apply(value);
    }

    C withGiven(C configuration, Object given) {
      return with.apply(configuration, form.fromGiven().apply(given));
    }

    JsonNode json(C configuration) {
      return form.toJson().apply(get.apply(configuration));
    }

    C withJson(C configuration, JsonNode json) {
      return with.apply(configuration, form.fromJson().apply(json));
    }
  }

  private Setting(
      String name,
      String key,
      Reader<C, ?> reader,
      boolean isOperational,
      boolean isInFiles,
      @Nullable Object absent) {
    this.name = name;
    this.key = key;
    this.reader = reader;
    this.isOperational = isOperational;
    this.isInFiles = isInFiles;
    this.absent = absent;
  }

  static <C, V> Setting<C> of(
      String name, Function<C, V> get, BiFunction<C, V, C> with, Form<V> form) {
    return new Setting<>(name, snakeCase(name), new Reader<>(get, with, form), false, true, null);
  }

  Setting<C> withKey(String newKey) {
    return new Setting<>(name, newKey, reader, isOperational, isInFiles, absent);
  }

  Setting<C> operational() {
    return new Setting<>(
        name, key, reader, /* isOperational= */ true, /* isInFiles= */ false, absent);
  }

  Setting<C> outsideFiles() {
    return new Setting<>(name, key, reader, isOperational, /* isInFiles= */ false, absent);
  }

  Setting<C> optional() {
    return absentMeans(NO_VALUE);
  }

  Setting<C> absentMeans(Object value) {
    return new Setting<>(name, key, reader, isOperational, isInFiles, value);
  }

  /** Returns this setting as one of a configuration that contains the present one as a part. */
  <P> Setting<P> within(Function<P, C> part, BiFunction<P, C, P> withPart) {
    return new Setting<>(name, key, lift(reader, part, withPart), isOperational, isInFiles, absent);
  }

  private static <P, C, V> Reader<P, V> lift(
      Reader<C, V> inner, Function<P, C> part, BiFunction<P, C, P> withPart) {
    return new Reader<>(
        whole -> inner.get().apply(part.apply(whole)),
        (whole, value) -> withPart.apply(whole, inner.with().apply(part.apply(whole), value)),
        inner.form());
  }

  /** Returns the name of the option, such as {@code emaDecay}. */
  public String name() {
    return name;
  }

  /** Returns the name in files. */
  String key() {
    return key;
  }

  /** Returns whether the setting changes how a run is executed but not its results. */
  public boolean isOperational() {
    return isOperational;
  }

  /** Returns whether the setting is written to files. */
  boolean isInFiles() {
    return isInFiles;
  }

  /** Returns the value as written on a command line, or null if there is none. */
  String text(C configuration) {
    return reader.text(configuration);
  }

  /** Returns {@code configuration} with the value of an option: a number, boolean or text. */
  public C with(C configuration, Object given) {
    return reader.withGiven(configuration, given);
  }

  /** Returns whether files leave the value out. */
  boolean isAbsent(C configuration) {
    if (absent == NO_VALUE) {
      return text(configuration) == null;
    }
    return !isInFiles
        || (absent != null && text(with(configuration, absent)).equals(text(configuration)));
  }

  /** Returns {@code configuration} with what a file means that lacks the setting, if it may. */
  Optional<C> ifAbsent(C configuration) {
    if (absent == NO_VALUE) {
      return Optional.of(configuration);
    }
    return absent == null ? Optional.empty() : Optional.of(with(configuration, absent));
  }

  JsonNode json(C configuration) {
    return reader.json(configuration);
  }

  C withJson(C configuration, JsonNode json) {
    return reader.withJson(configuration, json);
  }

  /** Converts a name such as {@code emaDecay} to that in files and rows, {@code ema_decay}. */
  public static String snakeCase(String name) {
    StringBuilder snake = new StringBuilder();
    for (char letter : name.toCharArray()) {
      if (Character.isUpperCase(letter)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(letter));
    }
    return snake.toString();
  }

  static <V> Form<List<V>> listOf(
      Function<V, String> toText,
      Function<String, V> fromText,
      Function<V, JsonNode> toJson,
      Function<JsonNode, V> fromJson) {
    return new Form<>(
        values -> String.join(",", values.stream().map(toText).toList()),
        given -> TextList.words((String) given).stream().map(fromText).toList(),
        values -> {
          ArrayNode array = JsonNodeFactory.instance.arrayNode();
          values.forEach(value -> array.add(toJson.apply(value)));
          return array;
        },
        json -> {
          List<V> values = new ArrayList<>();
          json.forEach(item -> values.add(fromJson.apply(item)));
          return values;
        });
  }
}
