package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;

/** Parses a table of values charted at the bedside, each with a group and a name. */
final class Charting extends TableParser {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final String offset;
  private final String group;
  private final String name;
  private final String value;

  private Charting(String table, String offset, String group, String name, String value) {
    this.table = table;
    this.offset = offset;
    this.group = group;
    this.name = name;
    this.value = value;
  }

  static Charting nurse() {
    return new Charting(
        "nurseCharting",
        "nursingchartoffset",
        "nursingchartcelltypevallabel",
        "nursingchartcelltypevalname",
        "nursingchartvalue");
  }

  static Charting respiratory() {
    return new Charting(
        "respiratoryCharting",
        "respchartoffset",
        "respcharttypecat",
        "respchartvaluelabel",
        "respchartvalue");
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Observations.STAY, offset, group, name, value);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    EhrEvent.Builder event =
        Observations.event(
            row, offset, Observations.code(Cells.required(row, group), Cells.required(row, name)));
    String text = row.text(value);
    if (text != null) {
      ChartedValue.set(event, text);
      events.accept(event.build());
    }
  }
}
