package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.joda.time.Instant;

/** ICUSTAYS: a row is a stay in a unit. */
final class StayTable extends TableParser {
  private static final long serialVersionUID = 1L;

  private final String stayId;

  /**
   * @param stayId the column that names the stay: {@code icustay_id} or {@code stay_id}
   */
  StayTable(String stayId) {
    this.stayId = stayId;
  }

  @Override
  public String table() {
    return "ICUSTAYS";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of("subject_id", stayId, "intime", "outtime");
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    EhrEvent.Builder event =
        EhrEvent.builder()
            .setSubjectId(Cells.required(row, "subject_id"))
            .setStayId(Cells.required(row, stayId));
    Instant in = Cells.time(row, "intime");
    Instant out = Cells.time(row, "outtime");
    if (in != null) {
      events.accept(event.setCode(EhrEvent.ADMISSION).setTime(in).build());
    }
    if (out != null) {
      if (in != null && out.isBefore(in)) {
        throw new BadRowException("outtime is before intime");
      }
      events.accept(event.setCode(EhrEvent.DISCHARGE).setTime(out).build());
    }
  }
}
