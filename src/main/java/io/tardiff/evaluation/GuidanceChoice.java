package io.tardiff.evaluation;

import com.google.auto.value.AutoValue;
import io.tardiff.files.RowSchema;
import io.tardiff.influence.Purpose;
import io.tardiff.synthetic.SyntheticSet;
import java.io.Serializable;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The synthetic set to keep, and the reason. */
@AutoValue
@DefaultSchema(GuidanceChoice.InRows.class)
public abstract class GuidanceChoice implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What the sets are for, which decided by which protocol they were compared. */
  public abstract Purpose getPurpose();

  /**
   * Returns the protocol that compares a set with real windows alone for this purpose: TSRTR to
   * augment them, TSTR to replace them.
   */
  public final Protocol protocol() {
    return Protocol.leading(getPurpose());
  }

  /** The set to keep. */
  public abstract SyntheticSet getChosen();

  /** The best set with guidance or selection on tuning, chosen or not; null if there is none. */
  public abstract @Nullable SyntheticSet getBestGuided();

  /** The downstream model whose tuning AUPRC decided. */
  public abstract String getModel();

  /** The reason in words, with the figures. */
  public abstract String getReason();

  public static GuidanceChoice of(
      Purpose purpose,
      SyntheticSet chosen,
      @Nullable SyntheticSet bestGuided,
      String model,
      String reason) {
    return new AutoValue_GuidanceChoice(purpose, chosen, bestGuided, model, reason);
  }

  /** Row schema of a choice, with its sets as rows. */
  @Internal
  public static final class InRows extends RowSchema<GuidanceChoice> {
    private static final long serialVersionUID = 1L;
    private static final SyntheticSet.InRows SETS = new SyntheticSet.InRows();

    public InRows() {
      super(
          GuidanceChoice.class,
          Schema.builder()
              .addStringField("purpose")
              .addRowField("chosen", SETS.schema())
              .addNullableRowField("bestGuided", SETS.schema())
              .addStringField("model")
              .addStringField("reason")
              .build());
    }

    @Override
    public Row toRow(GuidanceChoice choice) {
      SyntheticSet best = choice.getBestGuided();
      return Row.withSchema(schema())
          .addValue(choice.getPurpose().label())
          .addValue(SETS.toRow(choice.getChosen()))
          .addValue(best == null ? null : SETS.toRow(best))
          .addValues(choice.getModel(), choice.getReason())
          .build();
    }

    @Override
    public GuidanceChoice fromRow(Row row) {
      Row best = row.getRow("bestGuided");
      return of(
          Purpose.of(row.getString("purpose")),
          SETS.fromRow(row.getRow("chosen")),
          best == null ? null : SETS.fromRow(best),
          row.getString("model"),
          row.getString("reason"));
    }
  }
}
