package io.tardiff.schematransforms;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import io.tardiff.options.Values;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.transforms.SchemaTransform;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;

/**
 * Base of the schema transforms. The configuration is a row with a field for each option of an
 * interface, named by the option in snake case. It is checked before the transform is added to a
 * pipeline, and all errors are reported in one message.
 *
 * @param <O> the options
 */
abstract class Provider<O extends PipelineOptions> implements SchemaTransformProvider {
  static final String INPUT = "input";
  static final String OUTPUT = "output";

  private static final Pattern OPTION = Pattern.compile("--(\\w+)");

  /** Expands a transform whose configuration has been checked. */
  interface Expansion {
    PCollectionRowTuple expand(PCollectionRowTuple inputs);
  }

  private final String name;
  private final String description;
  private final List<String> inputs;
  private final List<String> outputs;
  private final Class<O> type;

  Provider(
      String name, List<String> inputs, List<String> outputs, Class<O> type, String description) {
    this.name = name;
    this.description = description;
    this.inputs = inputs;
    this.outputs = outputs;
    this.type = type;
  }

  /** Checks a configuration and adds its errors to {@code problems}. */
  abstract Expansion prepare(O options, Row row, Problems problems);

  /** Returns the name within the identifier. */
  final String name() {
    return name;
  }

  @Override
  public final String identifier() {
    return "beam:schematransform:io.tardiff:" + name + ":v1";
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public final List<String> inputCollectionNames() {
    return inputs;
  }

  @Override
  public final List<String> outputCollectionNames() {
    return outputs;
  }

  /** Returns the fields that are not options. */
  List<Schema.Field> moreFields() {
    return List.of();
  }

  @Override
  public final Schema configurationSchema() {
    List<Schema.Field> fields = new ArrayList<>(moreFields());
    OptionCatalogue.of(type).all().forEach(option -> fields.add(field(option)));
    fields.sort(Comparator.comparing(Schema.Field::getName));
    return new Schema(fields);
  }

  private static Schema.Field field(Option option) {
    return Schema.Field.of(option.field(), type(option).withNullable(!option.required()))
        .withDescription(describe(option));
  }

  private static FieldType type(Option option) {
    FieldType item;
    if (option.items() == Values.Items.NUMBERS || option.type() == Double.class) {
      item = FieldType.DOUBLE;
    } else if (option.type() == Integer.class) {
      item = FieldType.INT32;
    } else if (option.type() == Long.class) {
      item = FieldType.INT64;
    } else {
      item = option.type() == Boolean.class ? FieldType.BOOLEAN : FieldType.STRING;
    }
    return option.isList() ? FieldType.array(item) : item;
  }

  /** Returns the description of an option, with options renamed to fields. */
  private static String describe(Option option) {
    StringBuilder text = new StringBuilder();
    Matcher named = OPTION.matcher(option.description());
    while (named.find()) {
      named.appendReplacement(text, io.tardiff.settings.Setting.snakeCase(named.group(1)));
    }
    named.appendTail(text);
    if (!option.words().isEmpty()) {
      text.append(option.isList() ? " One or more of " : " One of ")
          .append(String.join(", ", option.words()))
          .append('.');
    } else if (!option.form().isEmpty() && !option.isList()) {
      text.append(" Written as ").append(option.form()).append('.');
    }
    option
        .defaultValue()
        .ifPresent(value -> text.append(" Default: ").append(value.replace(",", ", ")).append('.'));
    return text.toString();
  }

  @Override
  public final SchemaTransform from(Row row) {
    Problems problems = Problems.ofFields();
    O options = PipelineOptionsFactory.as(type);
    List<String> more = moreFields().stream().map(Schema.Field::getName).toList();
    OptionCatalogue catalogue = OptionCatalogue.of(type);
    for (Option option : catalogue.all()) {
      Object value = row.getSchema().hasField(option.field()) ? row.getValue(option.field()) : null;
      if (value == null && option.required()) {
        problems.add("{" + option.name() + "} is required");
      } else if (value != null) {
        set(options, option, value, problems);
      }
    }
    for (String field : row.getSchema().getFieldNames()) {
      if (!more.contains(field)
          && catalogue.all().stream().noneMatch(option -> option.field().equals(field))) {
        problems.addAsIs("unknown field " + field);
      }
    }
    boolean isWhole = catalogue.all().stream().allMatch(o -> !o.required() || o.isGiven(options));
    Expansion expansion = isWhole ? prepare(options, row, problems) : null;
    checkArgument(problems.isEmpty(), "%s: %s", name, String.join("; ", problems.list()));
    return new Transform(expansion);
  }

  private static void set(PipelineOptions options, Option option, Object value, Problems problems) {
    Object given = value instanceof Collection<?> list ? asOption(list, option) : value;
    Optional<String> rejection = option.reject(String.valueOf(given));
    rejection.ifPresent(reason -> problems.addAsIs(option.field() + " " + reason));
    // Set required values even if invalid, so that the rest can be checked too.
    if (rejection.isEmpty() || option.required()) {
      try {
        option.setter().invoke(options, given);
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException(
            option.field() + " must be " + type(option) + ", was " + value.getClass(), e);
      }
    }
  }

  /** Formats a list as on a command line, where {@code none} is an empty list. */
  private static String asOption(Collection<?> list, Option option) {
    if (list.isEmpty() && option.words().contains("none")) {
      return "none";
    }
    return list.stream()
        .map(item -> item instanceof Double number ? TextList.plain(number) : item.toString())
        .collect(Collectors.joining(","));
  }

  private static final class Transform extends SchemaTransform {
    /**
     * Transient, because a transform is expanded where it is created; only its parts are
     * serialised.
     */
    private final transient Expansion expansion;

    Transform(Expansion expansion) {
      this.expansion = expansion;
    }

    @Override
    public PCollectionRowTuple expand(PCollectionRowTuple inputs) {
      return expansion.expand(inputs);
    }
  }
}
