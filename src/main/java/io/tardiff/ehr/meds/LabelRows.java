package io.tardiff.ehr.meds;

import io.tardiff.ehr.EhrEvent;

/** Which events are rows of a task's labels, and what is in them. */
final class LabelRows {
  private LabelRows() {}

  /** A label of a whole stay has no time, and MEDS no place for it but among the data. */
  static boolean isLabel(EhrEvent event) {
    return event.getCode().equals(EhrEvent.LABEL)
        && event.getTime() != null
        && event.getNumericValue() != null;
  }

  static Object value(EhrEvent event, boolean integer) {
    double value = event.getNumericValue();
    if (integer && value == Math.rint(value)) {
      return (long) value;
    }
    if (!integer && (value == 0 || value == 1)) {
      return value == 1;
    }
    throw new IllegalArgumentException(
        integer
            ? "labels must be whole numbers"
            : "labels must be 0 or 1, unless they are written as integers (withIntegerLabels)");
  }
}
