package io.tardiff.options;

import com.google.common.base.Ascii;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.evaluation.Gate;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.selection.Selection;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.Settings;
import io.tardiff.settings.TextList;
import io.tardiff.training.TrainingConfig;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.Validation;

/**
 * The options that a {@link PipelineOptions} interface declares. Help, checks, rows and the
 * metadata of templates are derived from them.
 *
 * <p>An option that sets a value of a configuration declares no default. It has the default of the
 * setting of the same name in the {@link Settings} of the configuration.
 */
public final class OptionCatalogue {
  /** Settings of all configurations that options can set. */
  static final List<Settings<?>> SETTINGS =
      List.of(
          CohortConfig.settings(),
          TrainingConfig.settings(),
          GenerationConfig.settings(),
          Selection.settings(),
          EvaluationConfig.settings(),
          Gate.settings());

  /** Getters of this library's options, by name, for each class of options. */
  private static final ClassValue<Map<String, Method>> GETTERS =
      new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
          Map<String, Method> getters = new TreeMap<>();
          for (Class<?> declaring : interfaces(type)) {
            for (Method method : declaring.getDeclaredMethods()) {
              propertyName(method).ifPresent(name -> getters.put(name, method));
            }
          }
          return getters;
        }
      };

  private final Map<String, List<Option>> groups = new LinkedHashMap<>();
  private final SortedMap<String, Option> byName = new TreeMap<>();

  private final PipelineOptions defaults;

  private OptionCatalogue(PipelineOptions defaults) {
    this.defaults = defaults;
  }

  /**
   * Returns the options that {@code type} declares and inherits, grouped by the description of
   * their interface.
   */
  public static OptionCatalogue of(Class<? extends PipelineOptions> type) {
    OptionCatalogue catalogue = new OptionCatalogue(PipelineOptionsFactory.as(type));
    interfaces(type).forEach(catalogue::addInterface);
    return catalogue;
  }

  /**
   * Returns the options by heading, in the order in which interfaces are inherited, required
   * options first.
   */
  public Map<String, List<Option>> groups() {
    return groups;
  }

  public Optional<Option> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Collection<Option> all() {
    return byName.values();
  }

  /**
   * Returns the options of Beam and of the runners on the class path, which are passed on
   * unchecked.
   */
  public static SortedMap<String, Method> beamOptions() {
    SortedMap<String, Method> options = new TreeMap<>();
    for (Class<?> type : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : type.getMethods()) {
        propertyName(method).ifPresent(name -> options.put(name, method));
      }
    }
    return options;
  }

  /**
   * Returns the values of the options, including defaults, as written on a command line.
   *
   * @param operational whether to return the operational options or those that determine results
   */
  public SortedMap<String, String> values(PipelineOptions options, boolean operational) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Option option : all()) {
      if (option.operational() == operational) {
        Optional<String> given = read(options, option.getter()).map(OptionCatalogue::asWritten);
        if (option.conditional()) {
          given
              .filter(text -> !option.defaultValue().equals(Optional.of(text)))
              .ifPresent(text -> values.put(option.name(), text));
        } else {
          given.or(option::defaultValue).ifPresent(text -> values.put(option.name(), text));
        }
      }
    }
    return values;
  }

  /** Returns a function from names of this library's options to their values, null if not set. */
  static Function<String, Object> given(PipelineOptions options) {
    Map<String, Method> getters = GETTERS.get(options.getClass());
    return name -> {
      Method getter = getters.get(name);
      return getter == null ? null : read(options, getter).orElse(null);
    };
  }

  /** Returns whether an option is set to another value than its default. */
  static boolean isSet(PipelineOptions options, Option option) {
    return read(options, option.getter())
        .map(OptionCatalogue::asWritten)
        .filter(text -> !option.defaultValue().equals(Optional.of(text)))
        .isPresent();
  }

  private static Optional<Object> read(PipelineOptions options, Method getter) {
    try {
      return Optional.ofNullable(getter.invoke(options));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + getter, e);
    }
  }

  private static String asWritten(Object value) {
    return value instanceof Double number ? TextList.plain(number) : value.toString();
  }

  /** Returns the interfaces of this library, excluding Beam's own. */
  private static Set<Class<?>> interfaces(Class<?> type) {
    Set<Class<?>> found = new LinkedHashSet<>();
    if (type.isInterface()
        && PipelineOptions.class.isAssignableFrom(type)
        && type.isAnnotationPresent(Description.class)
        && type.getName().startsWith("io.tardiff.")) {
      found.add(type);
    }
    for (Class<?> parent : type.getInterfaces()) {
      found.addAll(interfaces(parent));
    }
    return found;
  }

  private void addInterface(Class<?> type) {
    List<Option> group =
        groups.computeIfAbsent(
            type.getAnnotation(Description.class).value(), heading -> new ArrayList<>());
    Arrays.stream(type.getDeclaredMethods())
        .map(this::option)
        .flatMap(Optional::stream)
        .filter(option -> byName.put(option.name(), option) == null)
        .forEach(group::add);
    group.sort(
        Comparator.comparing((Option option) -> !option.required()).thenComparing(Option::name));
  }

  private Optional<Option> option(Method getter) {
    return propertyName(getter)
        .map(
            name -> {
              Values values = getter.getAnnotation(Values.class);
              return new Option(
                  name,
                  getter.getAnnotation(Description.class).value(),
                  getter.getReturnType(),
                  values == null ? List.of() : words(values),
                  values == null ? Values.Items.ONE : values.items(),
                  values == null ? "" : values.form(),
                  read(defaults, getter)
                      .map(OptionCatalogue::asWritten)
                      .or(() -> defaultOf(getter, name)),
                  getter.isAnnotationPresent(Validation.Required.class),
                  getter.isAnnotationPresent(Operational.class) || isOperational(name),
                  getter.isAnnotationPresent(Conditional.class),
                  getter,
                  setter(getter));
            });
  }

  /** Only an option of this package is a setting; elsewhere one may share its name. */
  private static Optional<String> defaultOf(Method getter, String name) {
    if (!getter.getDeclaringClass().getPackage().equals(OptionCatalogue.class.getPackage())) {
      return Optional.empty();
    }
    return SETTINGS.stream()
        .map(settings -> settings.defaultOf(name))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean isOperational(String name) {
    return SETTINGS.stream()
        .flatMap(settings -> settings.all().stream())
        .anyMatch(setting -> setting.name().equals(name) && setting.isOperational());
  }

  private static Method setter(Method getter) {
    String name = getter.getName().replaceFirst("get|is", "set");
    return Arrays.stream(getter.getDeclaringClass().getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(getter + " has no setter"));
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
    Object[] constants = values.constantsOf().getEnumConstants();
    return constants == null
        ? List.of(values.value())
        : Arrays.stream(constants).map(constant -> ((Labelled) constant).label()).toList();
  }
}
