package io.tardiff.ehr.omop;

import com.google.common.base.Strings;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses {@code measurement} and {@code observation}, which differ only in names. */
final class Findings extends TableParser {
  private static final long serialVersionUID = 1L;
  private static final String NUMBER = "value_as_number";
  private static final String STRING = "value_as_string";
  private static final String VALUE_SOURCE = "value_source_value";
  private static final String VALUE_CONCEPT = "value_as_concept_id";
  private static final String UNIT_SOURCE = "unit_source_value";
  private static final String UNIT_CONCEPT = "unit_concept_id";
  private static final String OPERATOR = "operator_concept_id";

  /** Operators that turn a number into a bound; equality is ignored. */
  private static final Map<String, String> OPERATORS =
      Map.of("4171756", "<", "4171754", "<=", "4172704", ">", "4171755", ">=");

  private final String table;

  private Findings(String table) {
    this.table = table;
  }

  static Findings measurements() {
    return new Findings("measurement");
  }

  static Findings observations() {
    return new Findings("observation");
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Persons.PERSON, table + "_concept_id", table + "_date", NUMBER);
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(
        table + "_datetime",
        table + "_time",
        table + "_source_value",
        STRING,
        VALUE_SOURCE,
        VALUE_CONCEPT,
        UNIT_SOURCE,
        UNIT_CONCEPT,
        OPERATOR);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String person = Ids.required(row, Persons.PERSON);
    String concept = Ids.concept(row, table + "_concept_id");
    String code = concept == null ? row.text(table + "_source_value") : concept;
    if (code == null) {
      throw new BadRowException(table + "_concept_id is 0 and " + table + "_source_value is empty");
    }
    Instant time = Times.end(row, table);
    if (time == null) {
      throw new BadRowException(table + "_date is empty");
    }
    Double number = Cells.number(row, NUMBER);
    String text = text(row, number);
    if (number == null && text == null) {
      // Ordered without a result.
      return;
    }
    events.accept(
        EhrEvent.builder()
            .setSubjectId(person)
            .setTime(time)
            .setCode(code)
            .setNumericValue(number)
            .setTextValue(text)
            .setUnit(unit(row))
            .build());
  }

  private static @Nullable String text(TableRow row, @Nullable Double number) {
    if (number != null) {
      String operator = OPERATORS.get(Strings.nullToEmpty(Ids.optional(row, OPERATOR)));
      return operator == null ? null : operator + row.text(NUMBER);
    }
    String text = row.text(STRING);
    text = text == null ? row.text(VALUE_SOURCE) : text;
    return text == null ? Ids.concept(row, VALUE_CONCEPT) : text;
  }

  private static @Nullable String unit(TableRow row) {
    String concept = Ids.concept(row, UNIT_CONCEPT);
    String standard = concept == null ? null : Units.spelling(concept);
    // The source unit is specific to the hospital, so it only counts if the concept is unknown.
    String source = row.text(UNIT_SOURCE);
    return standard != null ? standard : source != null ? source : concept;
  }
}
