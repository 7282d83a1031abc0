package io.tardiff.templates;

import com.google.common.base.Ascii;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.Validation;

/**
 * The options of a template as its {@link PipelineOptions} interface declares them, from which the
 * help is written and a command line is checked.
 */
final class OptionCatalogue {

  /** An option of ours. */
  record Option(
      String name,
      String description,
      Class<?> type,
      List<String> words,
      boolean list,
      String form,
      Optional<String> defaultValue,
      boolean required,
      boolean operational,
      Method getter) {

    /** What may stand behind the {@code =}. */
    String syntax() {
      if (!words.isEmpty()) {
        return String.join(list ? "," : "|", words);
      }
      if (!form.isEmpty()) {
        return form;
      }
      if (type == Boolean.class) {
        return "true|false";
      }
      return isWhole() ? "integer" : type == Double.class ? "number" : "text";
    }

    /** Says what is wrong with a value as far as the type tells; nothing where it may be right. */
    Optional<String> reject(String value) {
      if (value.isBlank()) {
        return Optional.of(mustBe("be " + syntax() + ", was empty"));
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
          return Optional.of(mustBe("be a finite number, was " + value));
        } else if (type == Boolean.class && !value.equals("true") && !value.equals("false")) {
          return Optional.of(mustBe("be true or false, was " + value));
        }
      } catch (NumberFormatException e) {
        return Optional.of(
            mustBe("be " + (isWhole() ? "an integer" : "a number") + ", was " + value));
      }
      return Optional.empty();
    }

    private Optional<String> rejectWords(String value) {
      List<String> given = list ? Arrays.asList(value.split(",", -1)) : List.of(value);
      String valid =
          (list ? "name one or more of " : "be one of ") + String.join(", ", words) + ", was ";
      return given.stream()
          .filter(word -> !words.contains(word))
          .findFirst()
          .map(word -> mustBe(valid + value + Nearest.suggestion(word, words)));
    }

    private boolean isWhole() {
      return type == Integer.class || type == Long.class;
    }

    private String mustBe(String what) {
      return "--" + name + " must " + what;
    }
  }

  private final Map<String, List<Option>> groups = new LinkedHashMap<>();
  private final SortedMap<String, Option> byName = new TreeMap<>();

  private final PipelineOptions defaults;

  private OptionCatalogue(PipelineOptions defaults) {
    this.defaults = defaults;
  }

  /** The options {@code type} inherits, grouped by the interface that declares them. */
  static OptionCatalogue of(Class<? extends PipelineOptions> type) {
    OptionCatalogue catalogue = new OptionCatalogue(PipelineOptionsFactory.as(type));
    catalogue.addInterface(type);
    return catalogue;
  }

  /** Heading to options, in the order interfaces are inherited; required options come first. */
  Map<String, List<Option>> groups() {
    return groups;
  }

  Optional<Option> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Collection<Option> all() {
    return byName.values();
  }

  /** Options of Beam and of the runners on the class path, which are passed on unread. */
  static SortedMap<String, Method> beamOptions() {
    SortedMap<String, Method> options = new TreeMap<>();
    for (Class<?> type : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : type.getMethods()) {
        propertyName(method).ifPresent(name -> options.put(name, method));
      }
    }
    return options;
  }

  /** The values of the options of ours that decide what a run computes, and of the others. */
  SortedMap<String, String> values(PipelineOptions options, boolean operational) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Option option : all()) {
      if (option.operational() == operational) {
        value(options, option.getter()).ifPresent(value -> values.put(option.name(), value));
      }
    }
    return values;
  }

  private static Optional<String> value(PipelineOptions options, Method getter) {
    try {
      return Optional.ofNullable(getter.invoke(options)).map(OptionCatalogue::asWritten);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + getter, e);
    }
  }

  /** 0.0005 rather than 5.0E-4. */
  private static String asWritten(Object value) {
    return value instanceof Double number
        ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
        : value.toString();
  }

  private void addInterface(Class<?> type) {
    List<Option> declared =
        Arrays.stream(type.getDeclaredMethods())
            .map(this::option)
            .flatMap(Optional::stream)
            .sorted(
                Comparator.comparing((Option option) -> !option.required())
                    .thenComparing(Option::name))
            .toList();
    if (!declared.isEmpty()) {
      groups.put(type.getAnnotation(Description.class).value(), declared);
      declared.forEach(option -> byName.put(option.name(), option));
    }
    for (Class<?> parent : type.getInterfaces()) {
      // Beam's own are not ours to explain.
      if (parent != PipelineOptions.class) {
        addInterface(parent);
      }
    }
  }

  private Optional<Option> option(Method method) {
    return propertyName(method)
        .map(
            name -> {
              Values values = method.getAnnotation(Values.class);
              return new Option(
                  name,
                  method.getAnnotation(Description.class).value(),
                  method.getReturnType(),
                  values == null ? List.of() : words(values),
                  values != null && values.list(),
                  values == null ? "" : values.form(),
                  value(defaults, method),
                  method.isAnnotationPresent(Validation.Required.class),
                  method.isAnnotationPresent(Operational.class),
                  method);
            });
  }

  private static Optional<String> propertyName(Method method) {
    String name = method.getName();
    int prefix = name.startsWith("get") ? 3 : name.startsWith("is") ? 2 : name.length();
    if (method.getParameterCount() > 0 || name.length() <= prefix) {
      return Optional.empty();
    }
    return Optional.of(Ascii.toLowerCase(name.charAt(prefix)) + name.substring(prefix + 1));
  }

  private static List<String> words(Values values) {
    if (values.constantsOf() != Values.None.class) {
      return Arrays.stream(values.constantsOf().getEnumConstants())
          .map(constant -> Ascii.toLowerCase(constant.name()))
          .toList();
    }
    return List.of(values.value());
  }
}
