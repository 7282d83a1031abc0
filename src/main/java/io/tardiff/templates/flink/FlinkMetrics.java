package io.tardiff.templates.flink;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.util.VarInt;

/**
 * The Beam metrics of a Flink job in words. Flink's REST interface shows them as Beam encodes them,
 * with numbers as bytes.
 */
final class FlinkMetrics {
  private static final String COUNTER = "beam:metrics:sum_int64:v1";
  private static final String DISTRIBUTION = "beam:metrics:distribution_int64:v1";
  private static final String GAUGE = "beam:metrics:latest_int64:v1";

  /** All steps' numbers of one metric. */
  private record Numbers(String type, long count, long sum, long least, long most) {

    Numbers and(Numbers other) {
      return new Numbers(
          type,
          count + other.count,
          sum + other.sum,
          Math.min(least, other.least),
          Math.max(most, other.most));
    }

    @Override
    public String toString() {
      return switch (type) {
        case DISTRIBUTION ->
            String.format(
                Locale.ROOT,
                "count %d, mean %.1f, least %d, most %d",
                count,
                count == 0 ? 0 : (double) sum / count,
                least,
                most);
        case GAUGE -> String.valueOf(most);
        default -> String.valueOf(sum);
      };
    }
  }

  private FlinkMetrics() {}

  /**
   * Namespace and name to value, over all steps that have it; of gauges the largest, as those of
   * different workers have no order.
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
        long least = VarInt.decodeLong(in);
        yield new Numbers(type, first, sum, least, VarInt.decodeLong(in));
      }
      case GAUGE -> {
        // The time comes first.
        long value = VarInt.decodeLong(in);
        yield new Numbers(type, 1, value, value, value);
      }
      default -> new Numbers(type, 1, first, first, first);
    };
  }
}
