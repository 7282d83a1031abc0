package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.joda.time.Instant;

/** Parses intensive care stays: admission and discharge. */
final class StayParser extends TableParser {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final String stayColumn;

  StayParser(String table, String stayColumn) {
    this.table = table;
    this.stayColumn = stayColumn;
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return List.of("subject_id", stayColumn, "intime", "outtime");
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(AdmissionParser.ADMISSION);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String subject = Cells.requiredId(row, "subject_id");
    String stay = Cells.requiredId(row, stayColumn);
    Instant in = Cells.time(row, "intime");
    Instant out = Cells.time(row, "outtime");
    if (in == null) {
      throw new BadRowException("intime is empty");
    }
    EhrEvent admission =
        EhrEvent.builder()
            .setSubjectId(subject)
            .setStayId(stay)
            .setTime(in)
            .setCode(EhrEvent.ADMISSION)
            .build();
    events.accept(admission);
    String hospitalStay = AdmissionParser.stay(row);
    if (hospitalStay != null) {
      events.accept(
          admission.toBuilder().setCode(EhrEvent.HOSPITAL_STAY).setTextValue(hospitalStay).build());
    }
    if (out != null) {
      // Some stays have no recorded end.
      events.accept(admission.toBuilder().setTime(out).setCode(EhrEvent.DISCHARGE).build());
    }
  }
}
