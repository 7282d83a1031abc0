package io.tardiff.files;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;

/** A file written by {@link SortedAvroShards}. */
@Internal
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class Shard implements Serializable {
  public abstract String getPath();

  /** Number of records in the file. */
  public abstract long getCount();

  public static Shard of(String path, long count) {
    checkArgument(count >= 0, "count must not be negative, was %s", count);
    return new AutoValue_Shard.Builder().setPath(path).setCount(count).build();
  }

  /** Beam's schema needs a builder to create the value from a row. */
  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setPath(String path);

    abstract Builder setCount(long count);

    abstract Shard build();
  }
}
