package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** lab, intakeOutput and nurseCharting: a row is one value of one thing at one time. */
final class LongParser extends TableParser {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final String offset;
  private final List<String> code;
  private final String value;
  private final @Nullable String unit;
  private final boolean text;

  /**
   * @param offset column of the minutes since admission
   * @param code columns that name the thing; several are joined by a bar
   * @param value column of the value
   * @param unit column of the unit, null where the table has none
   * @param text whether values may be texts, which become text values
   */
  LongParser(
      String table,
      String offset,
      List<String> code,
      String value,
      @Nullable String unit,
      boolean text) {
    this.table = table;
    this.offset = offset;
    this.code = code;
    this.value = value;
    this.unit = unit;
    this.text = text;
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    List<String> columns = new ArrayList<>(List.of("patientunitstayid", offset));
    columns.addAll(code);
    columns.add(value);
    return columns;
  }

  @Override
  public List<String> optionalColumns() {
    return unit == null ? List.of() : List.of(unit);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    if (row.text(value) == null) {
      return;
    }
    Instant time = StayParser.offset(row, offset);
    if (time == null) {
      throw new BadRowException(offset + " is empty");
    }
    List<String> names = new ArrayList<>();
    for (String column : code) {
      names.add(Cells.required(row, column));
    }
    EhrEvent.Builder event =
        Eicu.observation(
                Cells.required(row, "patientunitstayid"),
                time,
                names.stream().collect(Collectors.joining("|")))
            .setUnit(unit == null ? null : row.text(unit));
    Double number;
    try {
      number = Cells.number(row, value);
    } catch (BadRowException e) {
      if (!text) {
        throw e;
      }
      number = null;
    }
    events.accept(
        number == null
            ? event.setTextValue(row.text(value)).build()
            : event.setNumericValue(number).build());
  }
}
