package io.tardiff.templates.flink;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.util.VarInt;

/**
 * Decodes the Beam metrics of a Flink job. Flink's REST interface returns them in Beam's binary
 * encoding.
 */
final class FlinkMetrics {
  private static final String COUNTER = "beam:metrics:sum_int64:v1";
  private static final String DISTRIBUTION = "beam:metrics:distribution_int64:v1";
  private static final String GAUGE = "beam:metrics:latest_int64:v1";

  /** The values of one metric, aggregated over all steps. */
  private record Numbers(String type, long count, long sum, long min, long max) {

    Numbers and(Numbers other) {
      return new Numbers(
          type,
          count + other.count,
          sum + other.sum,
          Math.min(min, other.min),
          Math.max(max, other.max));
    }

    @Override
    public String toString() {
      return switch (type) {
        case DISTRIBUTION ->
            String.format(
                Locale.ROOT,
                "count %d, mean %.1f, min %d, max %d",
                count,
                count == 0 ? 0 : (double) sum / count,
                min,
                max);
        case GAUGE -> String.valueOf(max);
        default -> String.valueOf(sum);
      };
    }
  }

  private FlinkMetrics() {}

  /**
   * Returns the values by namespace and name, aggregated over all steps; the largest of gauges,
   * because those of different workers have no order.
   *
   * @param attempted entries with {@code type}, {@code payload} and {@code labels}
   */
  static SortedMap<String, String> of(JsonNode attempted) throws IOException {
    SortedMap<String, Numbers> numbers = new TreeMap<>();
    for (JsonNode entry : attempted) {
      String type = entry.path("type").asText();
      if (!type.equals(COUNTER) && !type.equals(DISTRIBUTION) && !type.equals(GAUGE)) {
        continue;
      }
      String name =
          entry.at("/labels/NAMESPACE").asText() + "/" + entry.at("/labels/NAME").asText();
      numbers.merge(name, decode(type, entry.path("payload").binaryValue()), Numbers::and);
    }
    SortedMap<String, String> values = new TreeMap<>();
    numbers.forEach((name, value) -> values.put(name, value.toString()));
    return values;
  }

  private static Numbers decode(String type, byte[] payload) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(payload);
    long first = VarInt.decodeLong(in);
    return switch (type) {
      case DISTRIBUTION -> {
        long sum = VarInt.decodeLong(in);
        long min = VarInt.decodeLong(in);
        yield new Numbers(type, first, sum, min, VarInt.decodeLong(in));
      }
      case GAUGE -> {
        // The time comes first, then the value.
        long value = VarInt.decodeLong(in);
        yield new Numbers(type, 1, value, value, value);
      }
      default -> new Numbers(type, 1, first, first, first);
    };
  }
}
