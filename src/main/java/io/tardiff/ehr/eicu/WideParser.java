package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.joda.time.Instant;

/**
 * vitalPeriodic and vitalAperiodic: a row has a column for each vital sign; the column is the code.
 */
final class WideParser extends TableParser {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final List<String> columns;

  WideParser(String table, List<String> columns) {
    this.table = table;
    this.columns = columns;
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return List.of("patientunitstayid", "observationoffset");
  }

  @Override
  public List<String> optionalColumns() {
    return columns;
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    Instant time = StayParser.offset(row, "observationoffset");
    if (time == null) {
      throw new BadRowException("observationoffset is empty");
    }
    String stay = Cells.required(row, "patientunitstayid");
    for (String column : columns) {
      Double value = Cells.number(row, column);
      if (value != null) {
        events.accept(Eicu.observation(stay, time, column).setNumericValue(value).build());
      }
    }
  }
}
