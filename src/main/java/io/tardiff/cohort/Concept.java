package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What one channel, or one static covariate, means, whatever the source: unit, range, and how
 * several observations of one step become one number. The codes it has in a source are the business
 * of the {@link ConceptDictionary}.
 *
 * <pre>{@code
 * Concept pressure =
 *     Concept.of("CVP", "mmHg", Aggregate.MEAN, List.of(-20.0, -10.0, 50.0, 60.0));
 * CohortConfig config =
 *     CohortConfig.defaults()
 *         .withDictionary(ConceptDictionary.standard().with(pressure))
 *         .withChannels(List.of("HR", "CVP"));
 * }</pre>
 *
 * <p>The range has two levels: a value below {@code outlierLow} or above {@code outlierHigh} cannot
 * have been measured and becomes missing; one between an outlier bound and the valid bound is
 * clipped to the valid bound.
 */
@AutoValue
public abstract class Concept implements Serializable {

  /** Value in the concept's unit = {@code scale * value + offset}. */
  public record Conversion(double scale, double offset) implements Serializable {
    static final Conversion NONE = new Conversion(1, 0);

    double apply(double value) {
      return scale * value + offset;
    }
  }

  public abstract String name();

  public abstract String unit();

  public abstract Aggregate aggregate();

  public abstract double outlierLow();

  public abstract double validLow();

  public abstract double validHigh();

  public abstract double outlierHigh();

  /** A usual value, null where there is none. */
  public abstract @Nullable Double normal();

  /** Other units that can be turned into {@link #unit()}. */
  public abstract Map<String, Conversion> conversions();

  /**
   * @param range outlier low, valid low, valid high, outlier high
   */
  public static Concept of(String name, String unit, Aggregate aggregate, List<Double> range) {
    return of(name, unit, aggregate, range, null, Map.of());
  }

  public static Concept of(
      String name,
      String unit,
      Aggregate aggregate,
      List<Double> range,
      @Nullable Double normal,
      Map<String, Conversion> conversions) {
    checkArgument(!name.isEmpty(), "name must not be empty");
    checkArgument(
        range.size() == 4
            && range.get(0) <= range.get(1)
            && range.get(1) < range.get(2)
            && range.get(2) <= range.get(3),
        "range of concept %s must be four numbers that rise"
            + " (outlier_low <= valid_low < valid_high <= outlier_high), was %s",
        name,
        range);
    return new AutoValue_Concept(
        name,
        unit,
        aggregate,
        range.get(0),
        range.get(1),
        range.get(2),
        range.get(3),
        normal,
        Map.copyOf(conversions));
  }

  /** A channel of any values, as signals have them. */
  static Concept unbounded(String name, String unit) {
    double most = Float.MAX_VALUE;
    return of(name, unit, Aggregate.MEAN, List.of(-most, -most, most, most));
  }

  final boolean isStatic() {
    return aggregate() == Aggregate.STATIC;
  }

  /** Whether a value can have been measured at all; NaN cannot. */
  final boolean isPlausible(double value) {
    return value >= outlierLow() && value <= outlierHigh();
  }

  final double clip(double value) {
    return Math.max(validLow(), Math.min(value, validHigh()));
  }
}
