package io.tardiff.cohort;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One code of a source that stands for a {@link Concept}, and how its values are to be read. */
@AutoValue
public abstract class SourceCode implements Serializable {
  public abstract String code();

  /** The unit of its values whatever the rows say; null to go by the rows. */
  public abstract @Nullable String unit();

  /** Factor on values that passed the range checks, such as -1 for what was put in, not out. */
  public abstract double scale();

  /**
   * What the code means by itself, such as 1 for {@code GENDER//M}; null to take the row's value.
   */
  public abstract @Nullable Double value();

  /**
   * Whether the code is one part of its group's values, such as the eyes of a coma scale: parts
   * that were observed at one time add up, and count only when all are there.
   */
  public abstract boolean part();

  /** This code as a part. */
  final SourceCode asPart() {
    return new AutoValue_SourceCode(code(), unit(), scale(), value(), true);
  }

  /** A code whose values are taken as they are. */
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
