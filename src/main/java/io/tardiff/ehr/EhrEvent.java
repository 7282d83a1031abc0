package io.tardiff.ehr;

import com.google.auto.value.AutoValue;
import java.util.Set;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * One recorded fact about one patient, the common row format of all EHR sources.
 *
 * <p>The columns are those of a MEDS event (subject, time, code, numeric value, text value) plus
 * the stay and the unit, so events can be written as MEDS without loss.
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
 * <p>Sources that record only the time since admission place the admission at the epoch
 * (1970-01-01T00:00Z). A null time marks a static fact such as age or sex.
 *
 * <h2>Stays</h2>
 *
 * An event with a stay belongs to that stay and to the hospital stay that contains it. An event
 * without one belongs to the subject: a static fact applies to all of the subject's stays, an
 * observation to every window that contains its time, and an outcome with a time to the last stay
 * that began before it. An admission without a stay opens a new stay, identified by its time.
 */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class EhrEvent {

  /** Admission to the unit, the usual anchor of an observation window. */
  public static final String ADMISSION = "ICU_ADMISSION";

  /** End of the stay in the unit. */
  public static final String DISCHARGE = "ICU_DISCHARGE";

  /** Admission to the hospital. */
  public static final String HOSPITAL_ADMISSION = "HOSPITAL_ADMISSION";

  /** End of the hospital stay. */
  public static final String HOSPITAL_DISCHARGE = "HOSPITAL_DISCHARGE";

  /**
   * Outcome of the hospital stay. The numeric value is 1 for death in hospital and 0 for discharge
   * alive; it is null for an unknown outcome, and the text is then the reason ({@link
   * io.tardiff.ehr.outcome.HospitalOutcome}). The time is that of death or discharge, null if the
   * source does not record it.
   */
  public static final String HOSPITAL_DEATH = "HOSPITAL_DEATH";

  /**
   * Links a unit stay to its hospital stay: the event's stay is the unit stay, the text is the id
   * of the hospital stay. The unit stay inherits the outcome, admission and discharge of the
   * hospital stay.
   */
  public static final String HOSPITAL_STAY = "HOSPITAL_STAY";

  /** Birth, under its MEDS name; ages are computed from it. */
  public static final String BIRTH = "MEDS_BIRTH";

  /** Death, in hospital or elsewhere, under its MEDS name. */
  public static final String DEATH = "MEDS_DEATH";

  /**
   * The subject was alive when the data were extracted, so every completed stay ended in discharge
   * alive. Has no time.
   */
  public static final String ALIVE = "ALIVE";

  /**
   * Label provided by the source; the numeric value is the class. The time is the prediction time:
   * data up to and including it may be used. Without a time, the label applies to the whole stay.
   */
  public static final String LABEL = "LABEL";

  /** Published split of a subject; the text is the name of the split. */
  public static final String SPLIT = "SPLIT";

  /** Age in years, a static fact. */
  public static final String AGE = "Age";

  /** Sex, a static fact: 0 female, 1 male. */
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
   * Returns the codes with a predefined meaning, which delimit a stay or give its outcome. Readers
   * always emit them, and they cannot be channels because that would leak the label.
   */
  public static Set<String> reservedCodes() {
    return RESERVED;
  }

  @SchemaFieldDescription("Patient; splits never separate the events of a subject.")
  public abstract String getSubjectId();

  @SchemaFieldDescription("Stay of the patient; null if the source has none.")
  public abstract @Nullable String getStayId();

  @SchemaFieldDescription("Time of the observation; null for static facts.")
  public abstract @Nullable Instant getTime();

  @SchemaFieldDescription("What was observed, as a code of the source.")
  public abstract String getCode();

  @SchemaFieldDescription("Numeric value, if any.")
  public abstract @Nullable Double getNumericValue();

  @SchemaFieldDescription("Text value, if any.")
  public abstract @Nullable String getTextValue();

  @SchemaFieldDescription("Unit of the numeric value, as written in the source.")
  public abstract @Nullable String getUnit();

  public abstract Builder toBuilder();

  public static Builder builder() {
    return new AutoValue_EhrEvent.Builder();
  }

  /** Builder of {@link EhrEvent}. Subject and code are required. */
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
