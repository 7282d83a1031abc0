package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.Salvage;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;

/** Parses a wide table of vital signs: one event per non-empty cell, coded by its column. */
final class Vitals extends TableParser {
  private static final long serialVersionUID = 1L;
  private static final String OFFSET = "observationoffset";

  private final String table;
  private final List<String> values;

  private Vitals(String table, List<String> values) {
    this.table = table;
    this.values = values;
  }

  static Vitals periodic() {
    return new Vitals(
        "vitalPeriodic",
        List.of(
            "temperature",
            "sao2",
            "heartrate",
            "respiration",
            "cvp",
            "etco2",
            "systemicsystolic",
            "systemicdiastolic",
            "systemicmean",
            "pasystolic",
            "padiastolic",
            "pamean",
            "st1",
            "st2",
            "st3",
            "icp"));
  }

  static Vitals aperiodic() {
    return new Vitals(
        "vitalAperiodic",
        List.of(
            "noninvasivesystolic",
            "noninvasivediastolic",
            "noninvasivemean",
            "paop",
            "cardiacoutput",
            "cardiacinput",
            "svr",
            "svri",
            "pvr",
            "pvri"));
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Observations.STAY, OFFSET);
  }

  @Override
  public List<String> optionalColumns() {
    return values;
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    EhrEvent template = Observations.event(row, OFFSET, table).build();
    Salvage salvage = new Salvage();
    for (String column : values) {
      salvage.read(
          () -> {
            Double value = Cells.number(row, column);
            if (value != null) {
              events.accept(template.toBuilder().setCode(column).setNumericValue(value).build());
            }
          });
    }
    salvage.finish();
  }
}
