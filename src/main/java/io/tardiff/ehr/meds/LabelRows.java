package io.tardiff.ehr.meds;

import io.tardiff.ehr.EhrEvent;

/** Selects the events that are written as labels of a task, and converts their values. */
final class LabelRows {
  private LabelRows() {}

  /**
   * Whether the event is a label with a prediction time; MEDS keeps other labels among the data.
   */
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
            : "labels must be 0 or 1, unless withIntegerLabels is set");
  }
}
