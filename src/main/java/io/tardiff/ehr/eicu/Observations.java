package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;

/** What the rows of the observation tables have in common. */
final class Observations {
  static final String STAY = "patientunitstayid";

  /** Between the group and the name of a code, as in MEDS. */
  private static final String SEPARATOR = "//";

  private Observations() {}

  /**
   * An event at the time of a row. The tables name the stay alone: it stands in for the subject
   * until {@link FindSubjects} has found that.
   */
  static EhrEvent.Builder event(TableRow row, String offset, String code) throws BadRowException {
    String stay = Cells.requiredId(row, STAY);
    return EhrEvent.builder()
        .setSubjectId(stay)
        .setStayId(stay)
        .setTime(Offsets.required(row, offset))
        .setCode(code);
  }

  /** A name that says too little, or means different things, without its group. */
  static String code(String group, String name) {
    return group + SEPARATOR + name;
  }
}
