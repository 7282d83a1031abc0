package io.tardiff.ehr;

import com.google.auto.value.AutoValue;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;

/**
 * How many rows of a table were read, or what became of some of them, as counted by a reader. Some
 * of many: they are added up by source and what is counted.
 */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class ReadCount {

  /** Rows that were read, whatever became of them. */
  public static final String ROWS = "rows";

  /** Rows that were read and hold nothing: no value, or withdrawn by the source. */
  public static final String WITHOUT_VALUE = "rows without a value";

  /** Lines that are read as ISO 8859-1 since they are not UTF-8. */
  public static final String NOT_UTF_8 = "lines that are not UTF-8, taken for ISO 8859-1";

  @SchemaFieldDescription("Table, or kind of file.")
  public abstract String getSource();

  @SchemaFieldDescription("What is counted; one of a small set, without a value.")
  public abstract String getWhat();

  @SchemaFieldDescription("How many.")
  public abstract long getCount();

  public static ReadCount of(String source, String what, long count) {
    return new AutoValue_ReadCount.Builder()
        .setSource(source)
        .setWhat(what)
        .setCount(count)
        .build();
  }

  /** Beam's schema needs a builder to make the value from a row. */
  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setSource(String source);

    abstract Builder setWhat(String what);

    abstract Builder setCount(long count);

    abstract ReadCount build();
  }
}
