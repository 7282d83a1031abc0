package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;

/**
 * Generates the page of the manual that lists all schema transforms with their fields.
 *
 * <pre>
 * mvn -q compile exec:java@schema-transforms
 * </pre>
 *
 * <p>writes it to {@code src/site/markdown/schema-transforms.md}. A test fails if the page differs
 * from the providers.
 */
public final class ReferencePage {
  private static final String HEAD =
      """
      # Schema transforms

      The transforms of tardiff-beam for Beam YAML, Python and every other Beam language, with all fields
      of their configurations. A field is the template option of the same name in snake case
      ([Options](options.md)); lists are lists, not comma-separated text.
      [YAML and Python](yaml-and-python.md) shows how to use them. This page is generated from the
      transforms: `mvn -q compile exec:java@schema-transforms`.

      Events are rows of `subject_id`, `stay_id`, `time`, `code`, `numeric_value`, `text_value` and
      `unit`. Dead letters, the rows of the output that `error_handling` names, are rows of `source`,
      `line`, `reason` and `count`.
      """;

  private ReferencePage() {}

  /** Writes the page to the file given as the only argument. */
  public static void main(String[] arguments) throws IOException {
    checkArgument(
        arguments.length == 1,
        "expected one argument, the file to write, were %s",
        List.of(arguments));
    Files.writeString(Path.of(arguments[0]), page());
  }

  /** Returns the providers of this package, sorted by name. */
  static List<Provider<?>> providers() {
    return ServiceLoader.load(SchemaTransformProvider.class).stream()
        .filter(provider -> Provider.class.isAssignableFrom(provider.type()))
        .map(provider -> (Provider<?>) provider.get())
        .sorted(Comparator.comparing(Provider::identifier))
        .collect(Collectors.toList());
  }

  static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Provider<?> provider : providers()) {
      page.append("\n## ").append(provider.name()).append("\n\n");
      page.append('`').append(provider.identifier()).append("`\n\n");
      page.append(provider.description()).append("\n\n");
      page.append("| field | type | meaning |\n|---|---|---|\n");
      provider.configurationSchema().getFields().stream()
          .sorted(
              Comparator.comparing((Schema.Field field) -> field.getType().getNullable())
                  .thenComparing(Schema.Field::getName))
          .forEach(
              field ->
                  page.append("| `")
                      .append(field.getName())
                      .append(field.getType().getNullable() ? "` | " : "` (required) | ")
                      .append(type(field.getType()))
                      .append(" | ")
                      .append(field.getDescription())
                      .append(" |\n"));
    }
    return page.toString();
  }

  private static String type(Schema.FieldType type) {
    return switch (type.getTypeName()) {
      case ARRAY, ITERABLE -> "list of " + type(type.getCollectionElementType());
      case ROW ->
          type.getRowSchema().getFields().stream()
              .map(field -> field.getName() + ": " + type(field.getType()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> type.getTypeName().name().toLowerCase(Locale.ROOT);
    };
  }
}
