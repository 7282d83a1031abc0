package io.tardiff.ehr.outcome;

import io.tardiff.ehr.EhrEvent;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a stay in hospital ended, as far as its source tells: the patient died in it, left it alive,
 * or it is not known, for one of several reasons.
 *
 * <p>An event of {@link EhrEvent#HOSPITAL_DEATH} holds one: 1 for a death, 0 for survival, and
 * where it is not known no number but the reason as its text.
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
  /** Died in this stay. */
  DIED("died"),
  /** Left this hospital alive. */
  ALIVE("left alive"),
  /** The source says nothing, or that it does not know. */
  NOT_STATED("not stated"),
  /** The source says something that no list of {@link Dispositions} has. */
  UNLISTED("disposition in no list"),
  /** Had not left when the data were taken, or when the record was closed. */
  STILL_A_PATIENT("still a patient"),
  /** Evidence of death and of survival. */
  CONTRADICTORY("contradictory evidence"),
  /** The source has the end of the stay before its beginning, so that one of the two is wrong. */
  ENDS_BEFORE_IT_BEGINS("discharge before admission");

  private final String label;

  HospitalOutcome(String label) {
    this.label = label;
  }

  /** In words, for counts and reports. */
  public String label() {
    return label;
  }

  /** Whether it is a death or survival. */
  public boolean isKnown() {
    return this == DIED || this == ALIVE;
  }

  /**
   * What several pieces of evidence of one stay say together, in any order. What says nothing
   * yields to what says something. A death beside survival is a contradiction, and so is either
   * beside a patient who has not left: none of them wins.
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

  /** Makes an event one of this outcome. */
  public EhrEvent.Builder into(EhrEvent.Builder event) {
    return event
        .setCode(EhrEvent.HOSPITAL_DEATH)
        .setNumericValue(isKnown() ? (Double) (this == DIED ? 1.0 : 0.0) : null)
        .setTextValue(isKnown() ? null : label);
  }

  /**
   * The outcome that an event of {@link EhrEvent#HOSPITAL_DEATH} holds.
   *
   * @throws IllegalArgumentException where its number is neither 0 nor 1
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
