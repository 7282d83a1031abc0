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

  /** Size of the file. */
  public abstract long getBytes();

  /** Hash of the file. */
  public abstract String getSha256();

  static Shard of(String path, long count, Manifest.Entry written) {
    checkArgument(count >= 0, "count must not be negative, was %s", count);
    return new AutoValue_Shard.Builder()
        .setPath(path)
        .setCount(count)
        .setBytes(written.bytes())
        .setSha256(written.sha256())
        .build();
  }

  /** The file in the manifest of its directory. */
  public Manifest.Entry entry() {
    return new Manifest.Entry(AtomicFile.name(getPath()), getBytes(), getSha256());
  }

  /** Beam's schema needs a builder to create the value from a row. */
  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setPath(String path);

    abstract Builder setCount(long count);

    abstract Builder setBytes(long bytes);

    abstract Builder setSha256(String sha256);

    abstract Shard build();
  }
}
