package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;

/** Shared parsing of the observation tables. */
final class Observations {
  static final String STAY = "patientunitstayid";

  /** Separates the group and the name in a code, as in MEDS. */
  private static final String SEPARATOR = "//";

  private Observations() {}

  /**
   * Returns an event at the time of a row. The tables only name the stay, which stands in for the
   * subject until {@link FindSubjects} replaces it.
   */
  static EhrEvent.Builder event(TableRow row, String offset, String code) throws BadRowException {
    String stay = Cells.requiredId(row, STAY);
    return EhrEvent.builder()
        .setSubjectId(stay)
        .setStayId(stay)
        .setTime(Offsets.required(row, offset))
        .setCode(code);
  }

  /** Qualifies a name that is ambiguous without its group. */
  static String code(String group, String name) {
    return group + SEPARATOR + name;
  }
}
