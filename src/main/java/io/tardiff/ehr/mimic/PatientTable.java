package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.joda.time.Instant;

/**
 * PATIENTS: sex, and birth (MIMIC-III) or age (MIMIC-IV). The date of death is left alone: it comes
 * from the social security register too, and says nothing of a stay.
 */
final class PatientTable extends TableParser {
  private static final long serialVersionUID = 1L;

  private final boolean anchored;

  /**
   * @param anchored whether the table has MIMIC-IV's {@code anchor_age} in place of a date of birth
   */
  PatientTable(boolean anchored) {
    this.anchored = anchored;
  }

  @Override
  public String table() {
    return "PATIENTS";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of("subject_id", "gender", anchored ? "anchor_age" : "dob");
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    EhrEvent.Builder event = EhrEvent.builder().setSubjectId(Cells.required(row, "subject_id"));
    String gender = row.text("gender");
    if (gender != null) {
      if (!gender.equals("F") && !gender.equals("M")) {
        throw new BadRowException("gender is not F or M");
      }
      events.accept(
          event
              .setCode(EhrEvent.GENDER)
              .setNumericValue(gender.equals("M") ? 1.0 : 0.0)
              .build());
    }
    if (anchored) {
      Double age = Cells.number(row, "anchor_age");
      if (age != null) {
        events.accept(event.setCode(EhrEvent.AGE).setNumericValue(age).build());
      }
    } else {
      Instant birth = Cells.time(row, "dob");
      if (birth != null) {
        events.accept(
            event.setCode(EhrEvent.BIRTH).setTime(birth).setNumericValue(null).build());
      }
    }
  }
}
