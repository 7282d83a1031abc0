package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.CaseFormat;
import io.tardiff.options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.commons.text.WordUtils;

/**
 * Generates the Python module, which has a class with typed arguments for each schema transform.
 *
 * <pre>
 * mvn -q compile exec:java@python-transforms
 * </pre>
 *
 * <p>writes {@code src/main/python/tardiff_beam/transforms.py}. A test fails if the file differs
 * from the providers.
 */
public final class PythonModule {
  private static final int WIDTH = 88;
  private static final String INDENT = "    ";

  private static final String HEAD =
      """
      \"""The transforms of tardiff-beam.

      Generated from the schemas of the Java transforms by
      ``mvn -q compile exec:java@python-transforms``. Change those, not this file.
      \"""

      from collections.abc import Sequence
      from typing import Literal, Optional

      from tardiff_beam._external import ErrorHandling, Service, Transform

      """;

  private PythonModule() {}

  /** Writes the module to the file in the only argument. */
  public static void main(String[] arguments) throws IOException {
    checkArgument(
        arguments.length == 1,
        "exactly one argument is required, the file to write; got %s",
        List.of(arguments));
    Files.writeString(Path.of(arguments[0]), module());
  }

  static String module() {
    List<Provider<?>> providers = ReferencePage.providers();
    return HEAD
        + providers.stream()
            .map(provider -> INDENT + quoted(className(provider)) + ",\n")
            .collect(Collectors.joining("", "__all__ = [\n", "]\n"))
        + providers.stream().map(PythonModule::definition).collect(Collectors.joining());
  }

  /** Returns the class name of a transform in Python. */
  static String className(Provider<?> provider) {
    return CaseFormat.LOWER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, provider.name());
  }

  private static String definition(Provider<?> provider) {
    List<Schema.Field> fields =
        provider.configurationSchema().getFields().stream()
            .sorted(Comparator.comparing((Schema.Field field) -> field.getType().getNullable()))
            .toList();
    StringBuilder text = new StringBuilder("\n\nclass " + className(provider) + "(Transform):\n");
    text.append(INDENT).append("\"\"\"").append(wrapped(provider.description(), 1, 3)).append("\n");
    if (provider.outputCollectionNames().size() > 1) {
      text.append("\n").append(INDENT).append(wrapped(outputs(provider), 1, 0)).append("\n");
    }
    text.append("\n    Args:\n");
    for (Schema.Field field : fields) {
      String argument = field.getName() + ": " + field.getDescription();
      text.append(INDENT.repeat(2)).append(wrapped(argument, 3, -4)).append("\n");
    }
    text.append(
        """
                expansion_service: Jar with the Java transforms, or host:port of a running
                    expansion service. Default: the jar of `tardiff_beam.find_jar`.
            \"""

            IDENTIFIER = %s

            def __init__(
                self,
                *,
        """
            .formatted(quoted(provider.identifier()))
            .indent(0));
    for (Schema.Field field : fields) {
      String type = type(provider, field);
      text.append(INDENT.repeat(2)).append(field.getName()).append(": ");
      text.append(
          field.getType().getNullable() ? "Optional[" + type + "] = None,\n" : type + ",\n");
    }
    text.append("        expansion_service: Optional[Service] = None,\n    ) -> None:\n");
    text.append("        super().__init__(\n            expansion_service,\n");
    for (Schema.Field field : fields) {
      text.append(INDENT.repeat(3)).append(field.getName()).append("=");
      text.append(field.getName()).append(",\n");
    }
    return text.append("        )\n").toString();
  }

  /** Describes the result of a transform with several outputs. */
  private static String outputs(Provider<?> provider) {
    return provider instanceof Reading
        ? "Returns a collection. With error_handling, returns a dict of collections: \"output\" and"
            + " the dead letters under the name in error_handling."
        : "Returns a dict of collections: "
            + provider.outputCollectionNames().stream()
                .map(PythonModule::quoted)
                .collect(Collectors.joining(", "))
            + ".";
  }

  private static String type(Provider<?> provider, Schema.Field field) {
    Optional<Option> option = provider.option(field.getName());
    List<String> words = option.map(Option::words).orElse(List.of());
    if (!words.isEmpty()) {
      String literal =
          words.stream()
              .map(PythonModule::quoted)
              .collect(Collectors.joining(", ", "Literal[", "]"));
      return option.orElseThrow().isList() ? "Sequence[" + literal + "]" : literal;
    }
    return type(field.getType());
  }

  private static String type(Schema.FieldType type) {
    return switch (type.getTypeName()) {
      case ARRAY -> "Sequence[" + type(type.getCollectionElementType()) + "]";
      case INT32, INT64 -> "int";
      case DOUBLE -> "float";
      case BOOLEAN -> "bool";
      case STRING -> "str";
      case ROW -> "ErrorHandling";
      default -> throw new IllegalArgumentException("no Python type is known for " + type);
    };
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /**
   * Wraps a text into the lines of a docstring.
   *
   * @param levels levels of indentation of the lines after the first
   * @param taken columns of the first line that are already used
   */
  private static String wrapped(String text, int levels, int taken) {
    String escaped = text.replace("\\", "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    String indent = INDENT.repeat(levels);
    String padding = "x".repeat(Math.max(taken, 0));
    int width = WIDTH - indent.length();
    return WordUtils.wrap(padding + escaped, width, "\n" + indent, false)
        .substring(padding.length());
  }
}
