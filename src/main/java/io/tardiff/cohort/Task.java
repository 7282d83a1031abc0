package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.ehr.EhrEvent;
import java.io.Serializable;

/**
 * What is to be predicted from a window: the class of a stay, read from one outcome event.
 *
 * <p>The numeric value of the event is the class, 0 to {@code classes - 1}. Where a stay has
 * several outcome events the highest class counts: a death recorded anywhere is a death.
 */
@AutoValue
public abstract class Task implements Serializable {
  public abstract String name();

  /** Code of the {@link EhrEvent} that carries the class. */
  public abstract String outcomeCode();

  /** Number of classes K. */
  public abstract int classes();

  /** Death in hospital (1) or discharge alive (0), by {@link EhrEvent#HOSPITAL_DEATH}. */
  public static Task inHospitalMortality() {
    return of("in_hospital_mortality", EhrEvent.HOSPITAL_DEATH, 2);
  }

  public static Task of(String name, String outcomeCode, int classes) {
    checkArgument(!name.isEmpty(), "name must not be empty");
    checkArgument(!outcomeCode.isEmpty(), "outcomeCode must not be empty");
    checkArgument(classes >= 2, "classes must be at least 2, was %s", classes);
    return new AutoValue_Task(name, outcomeCode, classes);
  }
}
