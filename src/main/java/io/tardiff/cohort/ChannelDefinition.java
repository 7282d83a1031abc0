package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.List;

/**
 * What one channel, or one static covariate, is made of.
 *
 * <p>The range has two levels: a value below {@code outlierLow} or above {@code outlierHigh} cannot
 * have been measured and becomes missing; one between an outlier bound and the valid bound is
 * clipped to the valid bound.
 */
@AutoValue
public abstract class ChannelDefinition implements Serializable {
  public abstract String name();

  public abstract String unit();

  public abstract Aggregate aggregate();

  /** Source codes in order of preference: the first that was observed in a step is used. */
  public abstract List<String> codes();

  public abstract double outlierLow();

  public abstract double validLow();

  public abstract double validHigh();

  public abstract double outlierHigh();

  public static ChannelDefinition of(
      String name,
      String unit,
      Aggregate aggregate,
      List<String> codes,
      double outlierLow,
      double validLow,
      double validHigh,
      double outlierHigh) {
    checkArgument(!name.isEmpty(), "name must not be empty");
    checkArgument(
        !codes.isEmpty() && codes.stream().noneMatch(String::isEmpty),
        "codes of channel %s must name at least one source code",
        name);
    checkArgument(
        outlierLow <= validLow && validLow < validHigh && validHigh <= outlierHigh,
        "range of channel %s must rise (outlier_low <= valid_low < valid_high <= outlier_high),"
            + " was %s, %s, %s, %s",
        name,
        outlierLow,
        validLow,
        validHigh,
        outlierHigh);
    return new AutoValue_ChannelDefinition(
        name, unit, aggregate, List.copyOf(codes), outlierLow, validLow, validHigh, outlierHigh);
  }

  /** Whether a value can have been measured at all. */
  final boolean isPlausible(double value) {
    return value >= outlierLow() && value <= outlierHigh();
  }

  final double clip(double value) {
    return Math.max(validLow(), Math.min(value, validHigh()));
  }
}
