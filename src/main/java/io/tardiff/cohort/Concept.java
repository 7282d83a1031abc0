package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Defines a channel or static covariate independently of any source: its unit, its range, and how
 * several observations within one step are aggregated. The {@link ConceptDictionary} maps the codes
 * of each source to it.
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
 * <p>The range has two levels: a value below {@code outlierLow} or above {@code outlierHigh} is
 * implausible and becomes missing; a value between an outlier bound and the valid bound is clipped
 * to the valid bound.
 */
@AutoValue
public abstract class Concept implements Serializable {

  /** Converts a value to the concept's unit: {@code scale * value + offset}. */
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

  /** A normal value, or null if there is none. */
  public abstract @Nullable Double normal();

  /**
   * Distance of neighbouring values of the scale, such as 1 for points of a score. 0 if every
   * number is possible, null if it is to be learned from the data.
   */
  public abstract @Nullable Double resolution();

  /** Conversions to {@link #unit()} from other units, by unit. */
  public abstract Map<String, Conversion> conversions();

  /**
   * Creates a concept without a normal value or conversions.
   *
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
        "range of concept %s must be four ascending numbers"
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
        null,
        Map.copyOf(conversions));
  }

  /**
   * Returns this concept with a resolution: the distance of neighbouring values, such as 1 for
   * points of a score or 0.1; 0 if every number is possible.
   */
  public final Concept withResolution(double resolution) {
    checkArgument(
        resolution >= 0 && Double.isFinite(resolution),
        "resolution of concept %s must be a finite number of 0 or more, was %s",
        name(),
        resolution);
    return new AutoValue_Concept(
        name(),
        unit(),
        aggregate(),
        outlierLow(),
        validLow(),
        validHigh(),
        outlierHigh(),
        normal(),
        resolution,
        conversions());
  }

  /** Creates a channel without a valid range, for signals. */
  static Concept unbounded(String name, String unit) {
    double most = Float.MAX_VALUE;
    return of(name, unit, Aggregate.MEAN, List.of(-most, -most, most, most));
  }

  final boolean isStatic() {
    return aggregate() == Aggregate.STATIC;
  }

  /** Returns whether a value lies within the outlier range; NaN does not. */
  final boolean isPlausible(double value) {
    return value >= outlierLow() && value <= outlierHigh();
  }

  final double clip(double value) {
    return Math.max(validLow(), Math.min(value, validHigh()));
  }
}
