package io.tardiff.ehr;

import com.google.auto.value.AutoValue;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;

/**
 * Number of rows of a table that a reader read, or that met some condition. These are partial
 * counts, to be summed by source and counted quantity.
 */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class ReadCount {

  /** All rows read. */
  public static final String ROWS = "rows";

  /** Rows that were read but gave no event: without a value, or withdrawn by the source. */
  public static final String WITHOUT_VALUE = "rows without a value";

  /** Lines read as ISO 8859-1 because they are not valid UTF-8. */
  public static final String NOT_UTF_8 = "lines that are not UTF-8, taken for ISO 8859-1";

  @SchemaFieldDescription("Table, or kind of file.")
  public abstract String getSource();

  @SchemaFieldDescription("What is counted; one of a small set, without patient values.")
  public abstract String getWhat();

  @SchemaFieldDescription("Number of rows.")
  public abstract long getCount();

  public static ReadCount of(String source, String what, long count) {
    return new AutoValue_ReadCount.Builder()
        .setSource(source)
        .setWhat(what)
        .setCount(count)
        .build();
  }

  /** Lets Beam's schema create the value from a row. */
  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setSource(String source);

    abstract Builder setWhat(String what);

    abstract Builder setCount(long count);

    abstract ReadCount build();
  }
}
