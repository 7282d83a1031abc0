package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.joda.time.Instant;

/** Stays in the hospital: when each began and ended, and whether the patient left it alive. */
final class AdmissionParser extends TableParser {
  private static final long serialVersionUID = 1L;

  private static final String FLAG = "hospital_expire_flag";

  private final String table;

  AdmissionParser(String table) {
    this.table = table;
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return List.of("subject_id", "admittime", "dischtime", "deathtime", FLAG);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String subject = Cells.requiredId(row, "subject_id");
    Instant admitted = required(row, "admittime");
    Instant discharged = required(row, "dischtime");
    Instant died = Cells.time(row, "deathtime");
    Double flag = Cells.number(row, FLAG);
    if (flag == null || (flag != 0 && flag != 1)) {
      throw new BadRowException(FLAG + " is not 0 or 1");
    }
    EhrEvent admission =
        EhrEvent.builder()
            .setSubjectId(subject)
            .setTime(admitted)
            .setCode(EhrEvent.HOSPITAL_ADMISSION)
            .build();
    events.accept(admission);
    events.accept(
        admission.toBuilder().setTime(discharged).setCode(EhrEvent.HOSPITAL_DISCHARGE).build());
    events.accept(
        admission.toBuilder()
            .setTime(flag == 1 && died != null ? died : discharged)
            .setCode(EhrEvent.HOSPITAL_DEATH)
            .setNumericValue(flag)
            .build());
  }

  private static Instant required(TableRow row, String column) throws BadRowException {
    Instant time = Cells.time(row, column);
    if (time == null) {
      throw new BadRowException(column + " is empty");
    }
    return time;
  }
}
