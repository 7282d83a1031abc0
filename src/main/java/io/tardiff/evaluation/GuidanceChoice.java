package io.tardiff.evaluation;

import com.google.auto.value.AutoValue;
import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Which synthetic set to keep, and why. */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class GuidanceChoice implements Serializable {

  @SchemaFieldDescription("The set to keep.")
  public abstract SyntheticSet getChosen();

  @SchemaFieldDescription("The guided set that is best on tuning, chosen or not; null if none.")
  public abstract @Nullable SyntheticSet getBestGuided();

  @SchemaFieldDescription("Downstream model by whose tuning AUPRC sets were compared.")
  public abstract String getModel();

  @SchemaFieldDescription("Why, in words, with the figures.")
  public abstract String getReason();

  public static GuidanceChoice of(
      SyntheticSet chosen, @Nullable SyntheticSet bestGuided, String model, String reason) {
    return new AutoValue_GuidanceChoice(chosen, bestGuided, model, reason);
  }
}
