package io.tardiff.ehr.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.SplitNames;
import io.tardiff.files.Yaml;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads a mapping and collects all problems, so that users can fix them at once. */
final class MappingReader {
  /** Fields of times, with the codes of their events. */
  private static final Map<String, String> MARKS = new LinkedHashMap<>();

  static {
    MARKS.put("admission", EhrEvent.ADMISSION);
    MARKS.put("discharge", EhrEvent.DISCHARGE);
    MARKS.put("hospital_admission", EhrEvent.HOSPITAL_ADMISSION);
    MARKS.put("hospital_discharge", EhrEvent.HOSPITAL_DISCHARGE);
    MARKS.put("birth", EhrEvent.BIRTH);
    MARKS.put("death", EhrEvent.DEATH);
  }

  private static final List<String> FIELDS = new ArrayList<>();

  static {
    FIELDS.addAll(
        List.of("files", "format", "delimiter", "decimal", "time_format", "charset", "missing"));
    FIELDS.addAll(List.of("subject", "stay", "time", "code"));
    FIELDS.addAll(List.of("value", "unit", "columns", "statics"));
    FIELDS.addAll(MARKS.keySet());
    FIELDS.addAll(List.of("hospital_death", "label", "split"));
  }

  /** Maximum characters of a value that messages show. */
  private static final int MAX_SHOWN = 200;

  private final List<String> problems = new ArrayList<>();

  private MappingReader() {}

  /**
   * Reads the tables of a mapping.
   *
   * @param source name of the mapping, for messages
   * @throws IllegalArgumentException with all problems
   */
  static List<MappedTable> read(String source, String yaml) {
    JsonNode root;
    try {
      root = Yaml.tree(yaml);
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      throw new IllegalArgumentException(
          "mapping must be YAML, was " + source + where + ": " + e.getOriginalMessage(), e);
    }
    MappingReader reader = new MappingReader();
    List<MappedTable> tables = reader.tables(root);
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(
          "mapping " + source + " has errors:\n  " + String.join("\n  ", reader.problems));
    }
    return tables;
  }

  private void problem(String at, String mustBe, JsonNode was) {
    problems.add(at + " must be " + mustBe + ", was " + shown(was));
  }

  private static String shown(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return "missing";
    }
    if (node.isContainerNode()) {
      return node.isArray() ? "a list" : "a map";
    }
    String text = node.asText();
    return text.isEmpty()
        ? "empty"
        : text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
  }

  private void fields(String at, JsonNode node, List<String> valid) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!valid.contains(name)) {
                problems.add(
                    (at.isEmpty() ? "" : at + ".")
                        + name
                        + " is unknown, must be one of "
                        + String.join(", ", valid));
              }
            });
  }

  private List<MappedTable> tables(JsonNode root) {
    List<MappedTable> tables = new ArrayList<>();
    if (!root.isObject() || !root.path("tables").isObject() || root.path("tables").isEmpty()) {
      problem("tables", "a map with at least one table", root.path("tables"));
      return tables;
    }
    fields("", root, List.of("tables"));
    root.path("tables")
        .fields()
        .forEachRemaining(
            table -> {
              String at = "tables." + table.getKey();
              if (table.getValue().isObject()) {
                tables.add(table(at, table.getKey(), table.getValue()));
              } else {
                problem(at, "a map with the fields " + String.join(", ", FIELDS), table.getValue());
              }
            });
    return tables;
  }

  private MappedTable table(String at, String name, JsonNode node) {
    fields(at, node, FIELDS);
    MappedTable.Format format =
        choice(
            at + ".format", node.path("format"), MappedTable.Format.class, MappedTable.Format.CSV);
    List<String> files = files(at + ".files", node.path("files"));
    TextFormat text = text(at, node, format);
    MappedTable.Key subject = key(at + ".subject", node.path("subject"));
    if (subject == null) {
      subject = new MappedTable.Key("", null);
    }
    boolean perFile = subject.file() != null;
    if (perFile && format != MappedTable.Format.CSV) {
      problems.add(at + ".format must be csv with subject.file, was " + lower(format));
    }
    if (perFile && files.isEmpty()) {
      problems.add(at + ".files must be set with subject.file, was missing");
    }
    MappedTable.Key stay =
        node.has("stay")
            ? node.path("stay").asText().equals("subject") && perFile
                ? subject
                : key(at + ".stay", node.path("stay"))
            : null;
    if (stay != null && stay.file() != null && !perFile) {
      problems.add(at + ".stay.file needs subject.file: other files are read in pieces");
    }
    MappedTable.RowTime time =
        node.has("time") ? rowTime(at + ".time", node.path("time"), perFile) : null;
    MappedTable.Scale scale =
        time == null || time.column() == null ? MappedTable.Scale.ISO : time.column().scale();
    MappedTable.Measurement measurement = measurement(at, node);
    List<MappedTable.Observation> columns = observations(at + ".columns", node.path("columns"));
    if (time == null && (measurement != null || !columns.isEmpty())) {
      problems.add(
          at + ".time must be set for observations; facts without a time belong in statics");
    }
    if (measurement != null && !columns.isEmpty()) {
      problems.add(at + " must be long (code, value) or wide (columns), was both");
    }
    boolean start = node.path("admission").asText().equals("start");
    if (start && time != null && !perFile) {
      problems.add(
          at + ".admission may be start only in a table without a time or with subject.file");
    }
    Long afterLast = null;
    List<MappedTable.Mark> marks = new ArrayList<>();
    for (Map.Entry<String, String> mark : MARKS.entrySet()) {
      JsonNode value = node.path(mark.getKey());
      String where = at + "." + mark.getKey();
      if (value.isMissingNode() || (mark.getKey().equals("admission") && start)) {
        continue;
      }
      if (mark.getKey().equals("discharge") && value.has("after_last")) {
        afterLast = afterLast(where, value, perFile && time != null);
      } else {
        MappedTable.Time column = time(where, value, scale);
        if (column != null) {
          marks.add(new MappedTable.Mark(mark.getValue(), column));
        }
      }
    }
    MappedTable.Outcome death = outcome(at + ".hospital_death", node.path("hospital_death"), scale);
    MappedTable.Outcome label = outcome(at + ".label", node.path("label"), scale);
    MappedTable.SplitColumn split = split(at + ".split", node.path("split"));
    List<MappedTable.Observation> statics = observations(at + ".statics", node.path("statics"));
    if (measurement == null
        && columns.isEmpty()
        && statics.isEmpty()
        && marks.isEmpty()
        && !start
        && death == null
        && label == null
        && split == null) {
      problems.add(
          at
              + " must define what its rows contain: code and value, columns, statics, "
              + String.join(", ", MARKS.keySet())
              + ", hospital_death, label or split");
    }
    return new MappedTable(
        name,
        files,
        format,
        text,
        subject,
        stay,
        time,
        measurement,
        columns,
        statics,
        marks,
        start,
        afterLast,
        death,
        label,
        split);
  }

  private List<String> files(String at, JsonNode node) {
    List<String> files = new ArrayList<>();
    if (node.isMissingNode()) {
      return files;
    }
    for (JsonNode file : node.isArray() ? node : List.of(node)) {
      String text = text(at, "a relative path or pattern, or a list of them", file);
      if (text == null) {
        continue;
      }
      if (text.startsWith("/") || text.contains("..") || text.contains(":")) {
        problem(at, "relative, without leading /, .. or :", file);
      } else {
        files.add(text);
      }
    }
    if (node.isArray() && node.isEmpty()) {
      problem(at, "a relative path or pattern, or a list of them", MissingNode.getInstance());
    }
    return files;
  }

  private TextFormat text(String at, JsonNode node, MappedTable.Format format) {
    TextFormat text =
        TextFormat.standard().withNullWords(missing(at + ".missing", node.path("missing")));
    JsonNode delimiter = node.path("delimiter");
    if (!delimiter.isMissingNode()) {
      String one = delimiter.asText();
      if (format != MappedTable.Format.CSV) {
        problems.add(at + ".delimiter is only valid for csv");
      } else if (one.length() != 1 || "\"\r\n\\".contains(one)) {
        problem(
            at + ".delimiter",
            "one character other than a quote or backslash, such as \",\", \"|\" or \"\\t\"",
            delimiter);
      } else {
        text = text.withDelimiter(one.charAt(0));
      }
    }
    JsonNode decimal = node.path("decimal");
    if (!decimal.isMissingNode()) {
      if (decimal.asText().equals(".") || decimal.asText().equals(",")) {
        text = text.withDecimal(decimal.asText().charAt(0));
      } else {
        problem(at + ".decimal", "\".\" or \",\"", decimal);
      }
    }
    text = apply(at + ".time_format", node.path("time_format"), text, TextFormat::withTimePattern);
    if (node.has("charset") && format != MappedTable.Format.CSV) {
      problems.add(at + ".charset is only valid for csv");
      return text;
    }
    return apply(at + ".charset", node.path("charset"), text, TextFormat::withCharset);
  }

  private TextFormat apply(
      String at, JsonNode node, TextFormat text, BiFunction<TextFormat, String, TextFormat> with) {
    if (node.isMissingNode()) {
      return text;
    }
    try {
      return with.apply(text, node.asText());
    } catch (IllegalArgumentException e) {
      problems.add(at + ": " + e.getMessage());
      return text;
    }
  }

  private Set<String> missing(String at, JsonNode node) {
    Set<String> missing = new LinkedHashSet<>();
    if (node.isMissingNode()) {
      return missing;
    }
    if (!node.isArray()) {
      problem(at, "a list of texts that mark missing values", node);
      return missing;
    }
    node.forEach(
        text -> {
          // YAML reads NULL as null and 1.50 as 1.5, so they would not match the cells.
          if (text.isTextual() || text.isIntegralNumber() || text.asText().equals("NaN")) {
            missing.add(text.asText());
          } else {
            problem(at, "a list of texts, in quotes where YAML would convert them", text);
          }
        });
    return missing;
  }

  private MappedTable.@Nullable Key key(String at, JsonNode node) {
    if (node.isObject()) {
      fields(at, node, List.of("column", "file"));
      if (node.has("column") == node.has("file")) {
        problems.add(at + " must have either column or file");
        return null;
      }
      if (node.has("column")) {
        String column = text(at + ".column", "the name of a column", node.path("column"));
        return column == null ? null : new MappedTable.Key(column, null);
      }
      String text = text(at + ".file", "a regular expression", node.path("file"));
      if (text == null) {
        return null;
      }
      try {
        Pattern pattern = Pattern.compile(text);
        if (pattern.matcher("").groupCount() == 1) {
          return new MappedTable.Key(null, pattern);
        }
      } catch (PatternSyntaxException e) {
        // Reported below.
      }
      problem(at + ".file", "a regular expression with one group, the id", node.path("file"));
      return null;
    }
    String column = text(at, "the name of a column, or {column: }, or {file: }", node);
    return column == null ? null : new MappedTable.Key(column, null);
  }

  private MappedTable.@Nullable RowTime rowTime(String at, JsonNode node, boolean perFile) {
    if (!node.has("row")) {
      MappedTable.Time column = time(at, node, MappedTable.Scale.ISO);
      return column == null ? null : new MappedTable.RowTime(column, 0);
    }
    fields(at, node, List.of("row", "as"));
    if (!perFile) {
      problems.add(at + ".row needs subject.file: otherwise rows have no order");
    }
    MappedTable.Scale scale = duration(at + ".as", node.path("as"));
    double step = node.path("row").asDouble();
    if (!node.path("row").isNumber() || !(step > 0) || !Double.isFinite(step)) {
      problem(at + ".row", "the time from one row to the next, above 0", node.path("row"));
    }
    return new MappedTable.RowTime(null, step * scale.millis());
  }

  private @Nullable Long afterLast(String at, JsonNode node, boolean ordered) {
    fields(at, node, List.of("after_last", "as"));
    if (!ordered) {
      problems.add(at + ".after_last needs subject.file and a time: otherwise no row is the last");
    }
    MappedTable.Scale scale = duration(at + ".as", node.path("as"));
    double after = node.path("after_last").asDouble();
    if (!node.path("after_last").isNumber() || !(after >= 0) || !Double.isFinite(after)) {
      problem(at + ".after_last", "the time after the last row, from 0", node.path("after_last"));
      return null;
    }
    return Math.round(after * scale.millis());
  }

  private MappedTable.Scale duration(String at, JsonNode node) {
    MappedTable.Scale scale = choice(at, node, MappedTable.Scale.class, MappedTable.Scale.HOURS);
    if (node.isMissingNode()
        || scale == MappedTable.Scale.ISO
        || lower(scale).startsWith("epoch")) {
      problem(at, "one of seconds, minutes, hours, days", node);
      return MappedTable.Scale.HOURS;
    }
    return scale;
  }

  private MappedTable.@Nullable Time time(
      String at, JsonNode node, MappedTable.Scale defaultScale) {
    if (!node.isObject()) {
      String column = text(at, "the name of a column, or {column: , as: , shift: }", node);
      return column == null ? null : new MappedTable.Time(column, defaultScale, 0);
    }
    fields(at, node, List.of("column", "as", "shift"));
    String column = text(at + ".column", "the name of a column", node.path("column"));
    MappedTable.Scale scale =
        choice(at + ".as", node.path("as"), MappedTable.Scale.class, defaultScale);
    double shift = 0;
    if (node.has("shift")) {
      shift = node.path("shift").asDouble();
      if (!node.path("shift").isNumber() || !Double.isFinite(shift)) {
        problem(at + ".shift", "a number", node.path("shift"));
      } else if (scale == MappedTable.Scale.ISO) {
        problems.add(at + ".shift is only valid for numbers, not for as: iso");
      }
    }
    return column == null ? null : new MappedTable.Time(column, scale, shift);
  }

  private MappedTable.@Nullable Measurement measurement(String at, JsonNode node) {
    if (!node.has("code") && !node.has("value")) {
      if (node.has("unit")) {
        problems.add(
            at + ".unit needs code and value: in a wide table, each column has its own unit");
      }
      return null;
    }
    JsonNode code = node.path("code");
    Map<String, String> rename = new LinkedHashMap<>();
    if (code.isObject()) {
      fields(at + ".code", code, List.of("column", "rename"));
      rename = codes(at + ".code.rename", code.path("rename"));
      code = code.path("column");
    }
    String column = text(at + ".code", "the name of a column, or {column: , rename: }", code);
    String value = text(at + ".value", "the name of a column", node.path("value"));
    String unit =
        node.has("unit") ? text(at + ".unit", "the name of a column", node.path("unit")) : null;
    return column == null || value == null
        ? null
        : new MappedTable.Measurement(column, rename, value, unit);
  }

  private Map<String, String> codes(String at, JsonNode node) {
    Map<String, String> codes = new LinkedHashMap<>();
    if (!node.isMissingNode() && !node.isObject()) {
      problem(at, "a map from texts to codes", node);
    }
    node.fields()
        .forEachRemaining(
            entry -> {
              String code = code(at + "." + entry.getKey(), entry.getValue());
              if (code != null) {
                codes.put(entry.getKey(), code);
              }
            });
    return codes;
  }

  private @Nullable String code(String at, JsonNode node) {
    String code = text(at, "a code", node);
    if (code != null && EhrEvent.reservedCodes().contains(code)) {
      problem(at, "a code that is not reserved (reserved codes have their own fields)", node);
    }
    return code;
  }

  private List<MappedTable.Observation> observations(String at, JsonNode node) {
    List<MappedTable.Observation> observations = new ArrayList<>();
    if (node.isMissingNode()) {
      return observations;
    }
    if (!node.isObject() || node.isEmpty()) {
      problem(at, "a map from columns to codes or to {code: , unit: , values: }", node);
      return observations;
    }
    node.fields()
        .forEachRemaining(
            entry -> {
              String where = at + "." + entry.getKey();
              JsonNode value = entry.getValue();
              String code;
              String unit = null;
              Map<String, Double> values = Map.of();
              if (value.isObject()) {
                fields(where, value, List.of("code", "unit", "values"));
                code = code(where + ".code", value.path("code"));
                unit =
                    value.has("unit") ? text(where + ".unit", "a unit", value.path("unit")) : null;
                values = numbers(where + ".values", value.path("values"));
              } else {
                code = code(where, value);
              }
              if (code != null) {
                observations.add(new MappedTable.Observation(entry.getKey(), code, unit, values));
              }
            });
    return observations;
  }

  private MappedTable.@Nullable Outcome outcome(String at, JsonNode node, MappedTable.Scale scale) {
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isObject()) {
      String column = text(at, "the name of a column, or {column: , values: , time: }", node);
      return column == null ? null : new MappedTable.Outcome(column, Map.of(), null);
    }
    fields(at, node, List.of("column", "values", "time"));
    String column = text(at + ".column", "the name of a column", node.path("column"));
    Map<String, Double> values = numbers(at + ".values", node.path("values"));
    MappedTable.Time time = node.has("time") ? time(at + ".time", node.path("time"), scale) : null;
    return column == null ? null : new MappedTable.Outcome(column, values, time);
  }

  private MappedTable.@Nullable SplitColumn split(String at, JsonNode node) {
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isObject()) {
      String column = text(at, "the name of a column, or {column: , values: }", node);
      return column == null ? null : new MappedTable.SplitColumn(column, Map.of());
    }
    fields(at, node, List.of("column", "values"));
    String column = text(at + ".column", "the name of a column", node.path("column"));
    Map<String, String> values = new LinkedHashMap<>();
    node.path("values")
        .fields()
        .forEachRemaining(
            entry -> {
              if (SplitNames.ALL.contains(entry.getValue().asText())) {
                values.put(entry.getKey(), entry.getValue().asText());
              } else {
                problem(
                    at + ".values." + entry.getKey(),
                    "one of " + String.join(", ", SplitNames.ALL),
                    entry.getValue());
              }
            });
    return column == null ? null : new MappedTable.SplitColumn(column, values);
  }

  private Map<String, Double> numbers(String at, JsonNode node) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    if (!node.isMissingNode() && !node.isObject()) {
      problem(at, "a map from texts to numbers", node);
    }
    node.fields()
        .forEachRemaining(
            entry -> {
              if (entry.getValue().isNumber() && Double.isFinite(entry.getValue().asDouble())) {
                numbers.put(entry.getKey(), entry.getValue().asDouble());
              } else {
                problem(at + "." + entry.getKey(), "a number", entry.getValue());
              }
            });
    return numbers;
  }

  private @Nullable String text(String at, String mustBe, JsonNode node) {
    if (!node.isValueNode() || node.isNull() || node.asText().isBlank()) {
      problem(at, mustBe, node);
      return null;
    }
    return node.asText();
  }

  private <E extends Enum<E>> E choice(String at, JsonNode node, Class<E> type, E byDefault) {
    if (node.isMissingNode()) {
      return byDefault;
    }
    for (E value : type.getEnumConstants()) {
      if (lower(value).equals(node.asText())) {
        return value;
      }
    }
    problem(
        at,
        "one of "
            + Arrays.stream(type.getEnumConstants())
                .map(MappingReader::lower)
                .collect(Collectors.joining(", ")),
        node);
    return byDefault;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
