package io.tardiff.ehr;

import com.google.auto.value.AutoValue;
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
 */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class EhrEvent {

  /** Admission to the unit: the usual anchor of an observation window. */
  public static final String ADMISSION = "ICU_ADMISSION";

  /** Outcome of the hospital stay; the numeric value is 1 for death in hospital, else 0. */
  public static final String HOSPITAL_DEATH = "HOSPITAL_DEATH";

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
