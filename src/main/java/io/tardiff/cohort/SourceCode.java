package io.tardiff.cohort;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A code that represents a {@link Concept} in a source, and how its values are interpreted. */
@AutoValue
public abstract class SourceCode implements Serializable {
  public abstract String code();

  /** Unit of its values, overriding that of the rows; null to use the unit of each row. */
  public abstract @Nullable String unit();

  /** Factor applied to values after the range checks, such as -1 for fluid put in. */
  public abstract double scale();

  /**
   * Value that the code itself represents, such as 1 for {@code GENDER//M}; null to use the row's
   * value.
   */
  public abstract @Nullable Double value();

  /**
   * Whether the code is one part of a sum, such as the eye score of the Glasgow coma scale. Parts
   * observed at the same time are added up; incomplete sums are ignored.
   */
  public abstract boolean part();

  /** Returns this code as part of a sum. */
  final SourceCode asPart() {
    return new AutoValue_SourceCode(code(), unit(), scale(), value(), true);
  }

  /** Creates a code whose values are used as they are. */
  public static SourceCode of(String code) {
    return of(code, null, 1, null);
  }

  public static SourceCode of(
      String code, @Nullable String unit, double scale, @Nullable Double value) {
    if (code.isEmpty()) {
      throw new IllegalArgumentException("code must not be empty");
    }
    return new AutoValue_SourceCode(code, unit, scale, value, false);
  }
}
