package io.tardiff.ehr.outcome;

import io.tardiff.ehr.EhrEvent;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a hospital stay ended according to its source: in death, in discharge alive, or unknown for
 * one of several reasons.
 *
 * <p>An {@link EhrEvent#HOSPITAL_DEATH} event stores it: 1 for death, 0 for discharge alive, and
 * for an unknown outcome no number but the reason as its text.
 *
 * <pre>{@code
 * Dispositions dispositions = Dispositions.standard();
 * HospitalOutcome outcome =
 *     HospitalOutcome.of(
 *         List.of(
 *             dispositions.ofCode("http://snomed.info/sct", "371828006"),
 *             dispositions.ofText("Expired")));
 * EhrEvent event = outcome.into(EhrEvent.builder().setSubjectId("7").setStayId("1")).build();
 * }</pre>
 */
public enum HospitalOutcome {
  /** Died during this stay. */
  DIED("died"),
  /** Was discharged alive from this hospital. */
  ALIVE("left alive"),
  /** The source has no disposition, or states that it is unknown. */
  NOT_STATED("not stated"),
  /** The source has a disposition that {@link Dispositions} do not list. */
  UNLISTED("disposition in no list"),
  /** Had not been discharged when the data were extracted or the record was closed. */
  STILL_A_PATIENT("still a patient"),
  /** There is evidence both of death and of survival. */
  CONTRADICTORY("contradictory evidence"),
  /** The stay ends before it begins, so one of its times is wrong. */
  ENDS_BEFORE_IT_BEGINS("discharge before admission");

  private final String label;

  HospitalOutcome(String label) {
    this.label = label;
  }

  /** Returns the label in counts, reports and events. */
  public String label() {
    return label;
  }

  /** Whether the outcome is known: death or discharge alive. */
  public boolean isKnown() {
    return this == DIED || this == ALIVE;
  }

  /**
   * Combines several pieces of evidence about one stay; their order does not matter. Evidence
   * without information is ignored. Any two of death, survival and not yet discharged contradict
   * each other.
   */
  public static HospitalOutcome of(Collection<HospitalOutcome> evidence) {
    Set<HospitalOutcome> all = EnumSet.noneOf(HospitalOutcome.class);
    all.addAll(evidence);
    if (all.contains(ENDS_BEFORE_IT_BEGINS)) {
      return ENDS_BEFORE_IT_BEGINS;
    }
    long claims = all.stream().filter(one -> one.isKnown() || one == STILL_A_PATIENT).count();
    if (claims > 1 || all.contains(CONTRADICTORY)) {
      return CONTRADICTORY;
    }
    for (HospitalOutcome first : new HospitalOutcome[] {DIED, ALIVE, STILL_A_PATIENT, UNLISTED}) {
      if (all.contains(first)) {
        return first;
      }
    }
    return NOT_STATED;
  }

  /** Sets the code, the value and the text of an event to this outcome. */
  public EhrEvent.Builder into(EhrEvent.Builder event) {
    return event
        .setCode(EhrEvent.HOSPITAL_DEATH)
        .setNumericValue(isKnown() ? (Double) (this == DIED ? 1.0 : 0.0) : null)
        .setTextValue(isKnown() ? null : label);
  }

  /**
   * Returns the outcome that an {@link EhrEvent#HOSPITAL_DEATH} event stores.
   *
   * @throws IllegalArgumentException if its number is neither 0 nor 1
   */
  public static HospitalOutcome of(EhrEvent event) {
    Double value = event.getNumericValue();
    if (value != null && !value.isNaN()) {
      if (value != 0 && value != 1) {
        throw new IllegalArgumentException(EhrEvent.HOSPITAL_DEATH + " must be 0 or 1");
      }
      return value == 1 ? DIED : ALIVE;
    }
    return Arrays.stream(values())
        .filter(outcome -> !outcome.isKnown() && outcome.label.equals(event.getTextValue()))
        .findFirst()
        .orElse(NOT_STATED);
  }
}
