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
 * How the class of a window is found: of two classes, unless said otherwise, 1 is that it happens.
 *
 * <pre>{@code
 * LabelRule stay = LabelRule.lengthOfStay(List.of(Duration.ofDays(3), Duration.ofDays(7)));
 * LabelRule sepsis = LabelRule.event(List.of("SEPSIS"), Duration.ofHours(6), null);
 * }</pre>
 */
@AutoValue
public abstract class LabelRule implements Serializable {

  /** Kinds of rules, with the fields of a task file that each takes. */
  public enum Kind implements Labelled {
    /**
     * Death in hospital: the {@link EhrEvent#HOSPITAL_DEATH} of the stay, or of the stay in
     * hospital that it is part of. Where nothing is stated, a {@link EhrEvent#DEATH} within the
     * stay, by the clock or by the day, is a death; beside a stated survival, before the day of
     * discharge or by the clock, it is a contradiction, and so is a stated death more than a day
     * before the time of death. A stay that no evidence settles has no outcome: nothing says that
     * it was survived. One that begins after the death is left out.
     */
    MORTALITY,
    /** The stay's event of {@code code}, whose value is the class, 0 to {@code classes - 1}. */
    OUTCOME,
    /** The length of the stay: the class is the number of thresholds in {@code over} it exceeds. */
    LENGTH_OF_STAY,
    /**
     * 1 where an event of {@code codes}, of a value of {@code at_least} where that is given, comes
     * within {@code within} after the prediction time and gap. Windows of a stay where it has come
     * before are left out.
     */
    EVENT;

    static Kind of(String label) {
      return Labelled.of(Kind.class, "rule", label);
    }
  }

  public abstract Kind kind();

  /** Codes of the events that tell the label. */
  public abstract List<String> codes();

  /** Number of classes K. */
  public abstract int classes();

  /** Of {@link Kind#LENGTH_OF_STAY}. */
  public abstract List<Duration> thresholds();

  /** Of {@link Kind#EVENT}. */
  public abstract @Nullable Duration within();

  /** Of {@link Kind#EVENT}; null where any event counts. */
  public abstract @Nullable Double atLeast();

  /** Death in hospital. */
  public static LabelRule mortality() {
    return of(Kind.MORTALITY, List.of(EhrEvent.HOSPITAL_DEATH, EhrEvent.DEATH), 2, List.of());
  }

  /** The numeric value of the stay's event of that code is the class, from 0. */
  public static LabelRule outcome(String code, int classes) {
    checkArgument(!code.isEmpty(), "code must not be empty");
    return of(Kind.OUTCOME, List.of(code), classes, List.of());
  }

  /** As many thresholds as the stay is longer than, at most all of them. */
  public static LabelRule lengthOfStay(List<Duration> thresholds) {
    checkArgument(!thresholds.isEmpty(), "over must name at least one threshold");
    for (int i = 1; i < thresholds.size(); i++) {
      checkArgument(
          thresholds.get(i).compareTo(thresholds.get(i - 1)) > 0,
          "over must rise, was %s",
          thresholds);
    }
    return of(Kind.LENGTH_OF_STAY, List.of(), thresholds.size() + 1, thresholds);
  }

  /**
   * An event of one of the codes within so long after the prediction time and the task's gap.
   *
   * @param atLeast least numeric value that counts; null where any event does
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
