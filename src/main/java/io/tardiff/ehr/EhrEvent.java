package io.tardiff.ehr;

import com.google.auto.value.AutoValue;
import java.util.Set;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * One thing that was recorded about one patient: the row every EHR source is read into.
 *
 * <p>The columns are a superset of a MEDS event (subject, time, code, numeric value, text value)
 * with the stay and the unit added, so that any source keeps what the cohort needs and a MEDS file
 * can be written from it without loss.
 *
 * <pre>{@code
 * EhrEvent heartRate =
 *     EhrEvent.builder()
 *         .setSubjectId("132539")
 *         .setStayId("132539")
 *         .setTime(admission.plus(Duration.standardMinutes(7)))
 *         .setCode("HR")
 *         .setNumericValue(73.0)
 *         .setUnit("bpm")
 *         .build();
 * }</pre>
 *
 * <p>Sources that only know the time since admission place the admission at the epoch
 * (1970-01-01T00:00Z). A null time marks a static fact such as age or sex.
 *
 * <h2>Stays</h2>
 *
 * An event with a stay belongs to that stay, and to the stay in hospital that it is part of. One
 * without belongs to the subject: a static fact to all its stays, an observation to every window
 * that its time falls into, an outcome with a time to the stay that began last before it, and an
 * admission without a stay opens one that is known by its time.
 */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class EhrEvent {

  /** Admission to the unit: the usual anchor of an observation window. */
  public static final String ADMISSION = "ICU_ADMISSION";

  /** End of the stay in the unit. */
  public static final String DISCHARGE = "ICU_DISCHARGE";

  /** Admission to the hospital. */
  public static final String HOSPITAL_ADMISSION = "HOSPITAL_ADMISSION";

  /** End of the hospital stay. */
  public static final String HOSPITAL_DISCHARGE = "HOSPITAL_DISCHARGE";

  /**
   * Outcome of the hospital stay; the numeric value is 1 for death in hospital, 0 for a patient who
   * left it alive, and null where the source does not tell, with the reason as the text ({@link
   * io.tardiff.ehr.outcome.HospitalOutcome}). Its time is that of death or discharge, null where
   * the source only tells the outcome.
   */
  public static final String HOSPITAL_DEATH = "HOSPITAL_DEATH";

  /**
   * Which stay in hospital a stay is part of: the event's stay is the part, in the unit, and the
   * text the id of the stay in hospital, whose outcome and frames are those of the part too.
   */
  public static final String HOSPITAL_STAY = "HOSPITAL_STAY";

  /** Birth, by the name MEDS gives it: the age at an anchor counts from it. */
  public static final String BIRTH = "MEDS_BIRTH";

  /** Death wherever it happened, by the name MEDS gives it. */
  public static final String DEATH = "MEDS_DEATH";

  /**
   * The subject is known to be alive as the data were taken, so that every stay that had ended was
   * left alive. Never with a time.
   */
  public static final String ALIVE = "ALIVE";

  /**
   * A label that the source itself gives: the numeric value is the class. A time is the prediction
   * time up to and including which data may be used; without one the label is the whole stay's.
   */
  public static final String LABEL = "LABEL";

  /** The split that the source publishes for a subject; the text is a split's label. */
  public static final String SPLIT = "SPLIT";

  /** Static code of the age in years. */
  public static final String AGE = "Age";

  /** Static code of the sex: 0 female, 1 male. */
  public static final String GENDER = "Gender";

  private static final Set<String> RESERVED =
      Set.of(
          ADMISSION,
          DISCHARGE,
          HOSPITAL_ADMISSION,
          HOSPITAL_DISCHARGE,
          HOSPITAL_DEATH,
          HOSPITAL_STAY,
          BIRTH,
          DEATH,
          ALIVE,
          LABEL,
          SPLIT);

  /**
   * Codes with a meaning of their own, which frame a stay or say how it ended: readers always pass
   * them on, and no channel can be made of them, since they would tell the label.
   */
  public static Set<String> reservedCodes() {
    return RESERVED;
  }

  @SchemaFieldDescription("Person; the unit of every split.")
  public abstract String getSubjectId();

  @SchemaFieldDescription("Stay within the person, null where the source has none.")
  public abstract @Nullable String getStayId();

  @SchemaFieldDescription("When it was observed; null for static facts.")
  public abstract @Nullable Instant getTime();

  @SchemaFieldDescription("What was observed, in the vocabulary of the source.")
  public abstract String getCode();

  @SchemaFieldDescription("Value if it is a number.")
  public abstract @Nullable Double getNumericValue();

  @SchemaFieldDescription("Value if it is a text.")
  public abstract @Nullable String getTextValue();

  @SchemaFieldDescription("Unit of the numeric value as the source wrote it.")
  public abstract @Nullable String getUnit();

  public abstract Builder toBuilder();

  public static Builder builder() {
    return new AutoValue_EhrEvent.Builder();
  }

  /** Builder of {@link EhrEvent}; subject and code are required. */
  @AutoValue.Builder
  public abstract static class Builder {
    public abstract Builder setSubjectId(String subjectId);

    public abstract Builder setStayId(@Nullable String stayId);

    public abstract Builder setTime(@Nullable Instant time);

    public abstract Builder setCode(String code);

    public abstract Builder setNumericValue(@Nullable Double value);

    public abstract Builder setTextValue(@Nullable String text);

    public abstract Builder setUnit(@Nullable String unit);

    public abstract EhrEvent build();
  }
}
