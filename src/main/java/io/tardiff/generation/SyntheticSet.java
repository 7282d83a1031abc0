package io.tardiff.generation;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;

/** A complete set of synthetic windows on a file system, and the guidance it was drawn with. */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class SyntheticSet implements Serializable {

  /** {@code none}, {@code mean_shift} or {@code interpolation}. */
  public abstract String getGuidanceRule();

  /** Weight w of the guidance; 0 is the unguided sampler. */
  public abstract double getGuidanceScale();

  /** Directory that holds the Avro shards of the set. */
  public abstract String getDirectory();

  public static SyntheticSet of(String guidanceRule, double guidanceScale, String directory) {
    return new AutoValue_SyntheticSet(guidanceRule, guidanceScale, directory);
  }
}
