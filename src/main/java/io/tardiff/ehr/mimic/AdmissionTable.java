package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.joda.time.Instant;

/** ADMISSIONS: a row is a stay in the hospital, with how it ended. */
final class AdmissionTable extends TableParser {
  private static final long serialVersionUID = 1L;

  @Override
  public String table() {
    return "ADMISSIONS";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of("subject_id", "admittime", "dischtime", "deathtime", "hospital_expire_flag");
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    EhrEvent.Builder event = EhrEvent.builder().setSubjectId(Cells.required(row, "subject_id"));
    Instant admitted = Cells.time(row, "admittime");
    Instant discharged = Cells.time(row, "dischtime");
    Instant died = Cells.time(row, "deathtime");
    String expired = Cells.required(row, "hospital_expire_flag");
    if (!expired.equals("0") && !expired.equals("1")) {
      throw new BadRowException("hospital_expire_flag is not 0 or 1");
    }
    if (admitted != null) {
      events.accept(event.setCode(EhrEvent.HOSPITAL_ADMISSION).setTime(admitted).build());
    }
    if (discharged != null) {
      events.accept(event.setCode(EhrEvent.HOSPITAL_DISCHARGE).setTime(discharged).build());
    }
    boolean death = expired.equals("1");
    Instant end = death && died != null ? died : discharged;
    if (end == null) {
      throw new BadRowException("neither dischtime nor deathtime says when the stay ended");
    }
    events.accept(
        event
            .setCode(EhrEvent.HOSPITAL_DEATH)
            .setTime(end)
            .setNumericValue(death ? 1.0 : 0.0)
            .build());
    if (death) {
      events.accept(event.setCode(EhrEvent.DEATH).setNumericValue(null).build());
    }
  }
}
