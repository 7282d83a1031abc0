package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;

/** Parses laboratory results, whose names eICU harmonised across hospitals. */
final class Lab extends TableParser {
  private static final long serialVersionUID = 1L;
  private static final String OFFSET = "labresultoffset";
  private static final String NAME = "labname";
  private static final String RESULT = "labresult";
  private static final String TEXT = "labresulttext";
  private static final String UNIT = "labmeasurenamesystem";

  @Override
  public String table() {
    return "lab";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Observations.STAY, OFFSET, NAME, RESULT);
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(TEXT, UNIT);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    EhrEvent.Builder event = Observations.event(row, OFFSET, Cells.required(row, NAME));
    String text = row.text(TEXT);
    Double result = Cells.number(row, RESULT);
    if (text != null) {
      ChartedValue.set(event, text);
    }
    if (result != null) {
      event.setNumericValue(result);
    } else if (text == null) {
      // Ordered without a result.
      return;
    }
    String unit = row.text(UNIT);
    if (unit != null) {
      event.setUnit(unit);
    }
    events.accept(event.build());
  }
}
