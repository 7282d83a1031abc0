package io.tardiff.ehr;

import com.google.auto.value.AutoValue;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A row or a whole file that could not be read, with the reason. Never contains patient values or
 * identifiers: readers whose files are named after patients report the kind of file as the source.
 */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class DeadLetter {

  @SchemaFieldDescription("File, or kind of file, that the row came from.")
  public abstract String getSource();

  @SchemaFieldDescription("Line within the file, from 1; null if unknown.")
  public abstract @Nullable Long getLine();

  @SchemaFieldDescription(
      "Why it could not be read; one of a small set of reasons, without the value.")
  public abstract String getReason();

  public static DeadLetter of(String source, @Nullable Long line, String reason) {
    return new AutoValue_DeadLetter.Builder()
        .setSource(source)
        .setLine(line)
        .setReason(reason)
        .build();
  }

  /** Lets Beam's schema create the value from a row. */
  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setSource(String source);

    abstract Builder setLine(@Nullable Long line);

    abstract Builder setReason(String reason);

    abstract DeadLetter build();
  }
}
