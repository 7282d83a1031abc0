package io.tardiff.progress;

import io.tardiff.settings.Labelled;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Adds all properties of an AutoValue transform to its display data, so that none can be forgotten.
 *
 * <pre>{@code
 * @Override
 * public void populateDisplayData(DisplayData.Builder builder) {
 *   super.populateDisplayData(builder);
 *   DisplayItems.of(this, builder);
 * }
 * }</pre>
 *
 * <p>Properties of a nested configuration are prefixed by its name, such as {@code denoiser.batch},
 * unless that is {@code config}. Null values and PCollections are omitted.
 */
@Internal
public final class DisplayItems {
  private static final String CONFIG = "config";

  private DisplayItems() {}

  /** Adds the properties of an AutoValue to {@code builder}. */
  public static void of(Object value, DisplayData.Builder builder) {
    of("", value, builder);
  }

  private static void of(String prefix, Object value, DisplayData.Builder builder) {
    for (Method property : properties(value)) {
      Object held = get(property, value);
      String name = property.getName().equals(CONFIG) ? "" : property.getName();
      if (held == null || held instanceof PCollectionView || held instanceof PCollection) {
        continue;
      }
      if (isAutoValue(held)) {
        of(name.isEmpty() ? prefix : prefix + name + ".", held, builder);
      } else {
        builder.add(item(prefix + name, held));
      }
    }
  }

  private static DisplayData.ItemSpec<?> item(String key, Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return DisplayData.item(key, ((Number) value).longValue());
    }
    if (value instanceof Double number) {
      return DisplayData.item(key, number);
    }
    return value instanceof Boolean isSo
        ? DisplayData.item(key, isSo)
        : DisplayData.item(key, text(value));
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Labelled labelled) {
      return labelled.label();
    }
    if (value instanceof Collection<?> all) {
      return all.stream().map(DisplayItems::text).collect(Collectors.joining(","));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + entry.getValue())
          .collect(Collectors.joining(","));
    }
    // Other objects, such as a trainer, are shown by type.
    return value == null || isAutoValue(value) || value.getClass().getName().startsWith("java.")
        ? Printable.of(value)
        : value.getClass().getName();
  }

  private static boolean isAutoValue(Object value) {
    return value.getClass().getSimpleName().startsWith("AutoValue_");
  }

  /** Returns the properties in alphabetical order, because reflection gives none. */
  private static List<Method> properties(Object value) {
    return Arrays.stream(value.getClass().getSuperclass().getDeclaredMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .filter(method -> method.getParameterCount() == 0 && !method.isBridge())
        .filter(method -> !method.getName().equals("toBuilder"))
        .sorted(Comparator.comparing(Method::getName))
        .toList();
  }

  private static @Nullable Object get(Method property, Object value) {
    try {
      property.setAccessible(true);
      return property.invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + property.getName(), e);
    }
  }
}
