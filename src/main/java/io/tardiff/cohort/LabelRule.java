package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.settings.Labelled;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Determines the class of a window. Unless stated otherwise there are two classes, and class 1
 * means that the event happens.
 *
 * <pre>{@code
 * LabelRule stay = LabelRule.lengthOfStay(List.of(Duration.ofDays(3), Duration.ofDays(7)));
 * LabelRule sepsis = LabelRule.event(List.of("SEPSIS"), Duration.ofHours(6), null);
 * }</pre>
 */
@AutoValue
public abstract class LabelRule implements Serializable {

  /** Kinds of rules, with the fields that each takes in a task file. */
  public enum Kind implements Labelled {
    /**
     * Death in hospital: the {@link EhrEvent#HOSPITAL_DEATH} of the stay, or of the hospital stay
     * that it is part of. If the source states no outcome, a {@link EhrEvent#DEATH} within the
     * stay, given as a time or a date, is a death. A stated survival contradicts a time of death
     * within the stay or a date of death before the date of discharge, and a stated death
     * contradicts a time of death more than a day after the stay. A stay without evidence has no
     * outcome and is never assumed to have been survived. A stay that begins after the death is
     * dropped.
     */
    MORTALITY,
    /** The value of the stay's {@code code} event is the class, 0 to {@code classes - 1}. */
    OUTCOME,
    /**
     * The class is the number of thresholds in {@code over} that the length of the stay exceeds.
     */
    LENGTH_OF_STAY,
    /**
     * Class 1 if an event of {@code codes}, with a value of {@code at_least} or more if given,
     * occurs within {@code within} after the prediction time plus gap. Windows of a stay in which
     * it occurred earlier are dropped.
     */
    EVENT;

    static Kind of(String label) {
      return Labelled.of(Kind.class, "rule", label);
    }
  }

  public abstract Kind kind();

  /** Codes of the events that determine the label. */
  public abstract List<String> codes();

  /** Number of classes K. */
  public abstract int classes();

  /** Thresholds of {@link Kind#LENGTH_OF_STAY}, ascending; else empty. */
  public abstract List<Duration> thresholds();

  /** Time in which a {@link Kind#EVENT} must occur; null for other kinds. */
  public abstract @Nullable Duration within();

  /** Smallest value of a {@link Kind#EVENT} that counts; null if any event counts. */
  public abstract @Nullable Double atLeast();

  /** Returns the rule for death in hospital, {@link Kind#MORTALITY}. */
  public static LabelRule mortality() {
    return of(Kind.MORTALITY, List.of(EhrEvent.HOSPITAL_DEATH, EhrEvent.DEATH), 2, List.of());
  }

  /**
   * Returns the rule that takes the class, from 0, from the numeric value of the stay's event of
   * {@code code}.
   */
  public static LabelRule outcome(String code, int classes) {
    checkArgument(!code.isEmpty(), "code must not be empty");
    return of(Kind.OUTCOME, List.of(code), classes, List.of());
  }

  /**
   * Returns the rule whose class is the number of thresholds that the length of the stay exceeds.
   * {@code thresholds} must ascend strictly.
   */
  public static LabelRule lengthOfStay(List<Duration> thresholds) {
    checkArgument(!thresholds.isEmpty(), "over must name at least one threshold");
    for (int i = 1; i < thresholds.size(); i++) {
      checkArgument(
          thresholds.get(i).compareTo(thresholds.get(i - 1)) > 0,
          "over must ascend, was %s",
          thresholds);
    }
    return of(Kind.LENGTH_OF_STAY, List.of(), thresholds.size() + 1, thresholds);
  }

  /**
   * Returns the rule for an event of one of {@code codes} within a time after the prediction time
   * plus the task's gap.
   *
   * @param atLeast smallest numeric value that counts; null if any event counts
   */
  public static LabelRule event(List<String> codes, Duration within, @Nullable Double atLeast) {
    checkArgument(!codes.isEmpty(), "codes must name at least one code");
    checkArgument(
        !within.isNegative() && !within.isZero(), "within must be positive, was %s", within);
    return new AutoValue_LabelRule(Kind.EVENT, List.copyOf(codes), 2, List.of(), within, atLeast);
  }

  private static LabelRule of(
      Kind kind, List<String> codes, int classes, List<Duration> thresholds) {
    checkArgument(classes >= 2, "classes must be at least 2, was %s", classes);
    return new AutoValue_LabelRule(
        kind, List.copyOf(codes), classes, List.copyOf(thresholds), null, null);
  }
}
