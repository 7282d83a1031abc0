package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.table.BadRowException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * A series in one resource: values at a fixed interval, with interleaved dimensions.
 *
 * @param samples samples in order, without those that the device could not measure
 * @param missing number of samples that it could not measure
 */
record SampledData(List<Sample> samples, int missing) {

  /**
   * One sample.
   *
   * @param dimension dimension from 0
   * @param value value in the unit of the origin, with a comparator if it is a limit
   */
  record Sample(Instant time, int dimension, Value value) {}

  /** A minute at 1.6 kHz; bounds the events of one line. */
  static final int MAX_SAMPLES = 100_000;

  private static final int MAX_DIMENSIONS = 64;
  private static final double MAX_PERIOD_MILLIS = 366 * 24 * 3600 * 1000.0;

  /**
   * Parses sampled data that begin at {@code start}.
   *
   * @return null if there are no data
   */
  static @Nullable SampledData of(JsonNode data, Instant start) throws BadRowException {
    String text = data.path("data").textValue();
    if (text == null || text.isBlank()) {
      return null;
    }
    double origin = Numbers.required(data.path("origin").path("value"), "SampledData.origin");
    double period = Numbers.required(data.path("period"), "SampledData.period");
    if (!(period > 0 && period <= MAX_PERIOD_MILLIS)) {
      throw new BadRowException("SampledData.period is out of range");
    }
    double dimensions = Numbers.required(data.path("dimensions"), "SampledData.dimensions");
    if (!(dimensions >= 1 && dimensions <= MAX_DIMENSIONS) || dimensions != Math.rint(dimensions)) {
      throw new BadRowException("SampledData.dimensions is out of range");
    }
    Double configuredFactor = Numbers.optional(data.path("factor"), "SampledData.factor");
    double factor = configuredFactor == null ? 1 : configuredFactor;
    Double lower = Numbers.optional(data.path("lowerLimit"), "SampledData.lowerLimit");
    Double upper = Numbers.optional(data.path("upperLimit"), "SampledData.upperLimit");
    String unit = Value.unit(data.path("origin"));

    List<Sample> samples = new ArrayList<>();
    int missing = 0;
    int index = 0;
    for (StringTokenizer tokens = new StringTokenizer(text); tokens.hasMoreTokens(); index++) {
      if (index == MAX_SAMPLES) {
        throw new BadRowException("SampledData has too many values");
      }
      String token = tokens.nextToken();
      Value value =
          switch (token) {
            case "E" -> null;
            case "L" -> lower == null ? null : new Value(lower, "<", unit);
            case "U" -> upper == null ? null : new Value(upper, ">", unit);
            default -> new Value(scaled(token, origin, factor), null, unit);
          };
      if (value == null) {
        missing++;
        continue;
      }
      int dimension = index % (int) dimensions;
      Instant time = start.plus(Math.round(index / (int) dimensions * period));
      samples.add(new Sample(time, dimension, value));
    }
    return new SampledData(samples, missing);
  }

  private static double scaled(String token, double origin, double factor) throws BadRowException {
    double value;
    try {
      value = origin + factor * Double.parseDouble(token);
    } catch (NumberFormatException e) {
      throw new BadRowException("SampledData.data is not a list of numbers, E, L and U");
    }
    if (!Double.isFinite(value)) {
      throw new BadRowException("SampledData.data is not finite");
    }
    return value;
  }
}
