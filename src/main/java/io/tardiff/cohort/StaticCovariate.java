package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What train windows, with a label or without, say of a static covariate, so that synthetic windows
 * can carry it as well.
 *
 * <p>A covariate is categorical if its values are at most {@value StaticCounts#MAX_CATEGORIES}
 * different whole numbers, such as 0 and 1 for sex or the codes of a type of admission. All others
 * are numeric and have a scale, like channels.
 *
 * <pre>{@code
 * StaticCovariate height = cohort.staticCovariates().orElseThrow().get(2);
 * height.round(171.6f);   // 172, if it is recorded in whole cm
 * }</pre>
 *
 * @param name name in {@link WindowSpec#statics()}
 * @param known share of the train windows that know it; 0 if none does, and then the rest says
 *     nothing
 * @param categories the values of a categorical covariate, ascending; null if it is numeric
 * @param mean mean of the known values
 * @param standardDeviation their population standard deviation, 1 if all are the same
 * @param scale resolution, smallest and largest known value
 */
@Internal
public record StaticCovariate(
    @JsonProperty(required = true) String name,
    double known,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Double> categories,
    double mean,
    double standardDeviation,
    @JsonProperty(required = true) ChannelScale scale)
    implements Serializable {

  /** Number of different values up to which whole numbers are categories. */
  public static final int MAX_CATEGORIES = 8;

  public StaticCovariate {
    checkArgument(known >= 0 && known <= 1, "known must be from 0 to 1, was %s", known);
    checkArgument(
        Double.isFinite(mean) && Double.isFinite(standardDeviation) && standardDeviation > 0,
        "mean must be finite and standard_deviation finite and above 0, were %s and %s",
        mean,
        standardDeviation);
    checkArgument(
        categories == null || (!categories.isEmpty() && categories.size() <= MAX_CATEGORIES),
        "categories must be 1 to %s, were %s",
        MAX_CATEGORIES,
        categories == null ? 0 : categories.size());
    categories = categories == null ? null : List.copyOf(categories);
  }

  public boolean isCategorical() {
    return categories != null;
  }

  /** Whether some train windows know it and others do not. */
  public boolean isSometimesMissing() {
    return known > 0 && known < 1;
  }

  /** Returns the nearest value on the scale of a numeric covariate and in its range. */
  public float round(double value) {
    double rounded =
        scale.resolution() == 0 ? value : ChannelScale.nearest(value, scale.resolution());
    return (float) Math.max(scale.low(), Math.min(rounded, scale.high()));
  }
}
