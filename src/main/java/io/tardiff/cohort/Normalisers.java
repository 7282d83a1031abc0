package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.tardiff.files.Json;
import java.util.Arrays;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The JSON form of a {@link Normaliser}, used in {@code cohort.json} and {@code model.json}.
 *
 * <pre>{@code
 * {"method": "z_score", "shift": [85.1, ...], "scale": [18.2, ...], "min": [...], "max": [...]}
 * {"method": "quantile", "values": [[30.0, ...], ...], "scores": [[-3.1, ...], ...]}
 * }</pre>
 *
 * <p>A normaliser read back computes the same values, bit for bit.
 */
@Internal
public final class Normalisers {

  private Normalisers() {}

  /** For records that hold a normaliser. */
  static final class ToJson extends StdConverter<Normaliser, JsonNode> {
    @Override
    public JsonNode convert(Normaliser normaliser) {
      return toJson(normaliser);
    }
  }

  /** For records that hold a normaliser. */
  static final class FromJson extends StdConverter<JsonNode, Normaliser> {
    @Override
    public Normaliser convert(JsonNode json) {
      return fromJson(json);
    }
  }

  /** Converts a normaliser to JSON. */
  public static ObjectNode toJson(Normaliser normaliser) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    if (normaliser instanceof AffineNormaliser affine) {
      json.put("method", affine.method());
      json.set("shift", Json.of(affine.shift()));
      json.set("scale", Json.of(affine.scale()));
      json.set("min", Json.of(affine.min()));
      json.set("max", Json.of(affine.max()));
    } else if (normaliser instanceof QuantileNormaliser quantile) {
      json.put("method", NormalisationMethod.QUANTILE.label());
      json.set("values", matrix(quantile.values()));
      json.set("scores", matrix(quantile.scores()));
    } else {
      throw new IllegalArgumentException(
          "normaliser must be that of a cohort, was a " + normaliser.getClass().getName());
    }
    return json;
  }

  /**
   * Converts JSON to a normaliser.
   *
   * @throws IllegalArgumentException if a field is missing or invalid, naming it
   */
  public static Normaliser fromJson(JsonNode json) {
    NormalisationMethod method = NormalisationMethod.of(Json.text(json, "method"));
    if (method == NormalisationMethod.QUANTILE) {
      double[][] values = matrix(json, "values");
      double[][] scores = matrix(json, "scores");
      checkArgument(
          values.length == scores.length, "fields values and scores must have the same shape");
      for (int c = 0; c < values.length; c++) {
        checkArgument(
            values[c].length == scores[c].length && values[c].length >= 2,
            "fields values and scores must hold at least two knots per channel");
        checkRising(values[c], "values");
        checkRising(scores[c], "scores");
      }
      return new QuantileNormaliser(values, scores);
    }
    double[] shift = Json.doubles(json, "shift");
    double[] scale = Json.doubles(json, "scale");
    double[] min = Json.doubles(json, "min");
    double[] max = Json.doubles(json, "max");
    checkArgument(
        shift.length == scale.length && shift.length == min.length && shift.length == max.length,
        "fields shift, scale, min and max must have the same length");
    checkArgument(
        Arrays.stream(scale).allMatch(s -> s > 0 && Double.isFinite(s)),
        "field scale must hold positive numbers only");
    return new AffineNormaliser(method.label(), shift, scale, min, max);
  }

  private static void checkRising(double[] knots, String field) {
    for (int i = 1; i < knots.length; i++) {
      checkArgument(knots[i] > knots[i - 1], "field %s must ascend strictly", field);
    }
  }

  private static ArrayNode matrix(double[][] rows) {
    ArrayNode array = Json.MAPPER.createArrayNode();
    for (double[] row : rows) {
      array.add(Json.of(row));
    }
    return array;
  }

  private static double[][] matrix(JsonNode json, String name) {
    JsonNode rows = Json.array(json, name);
    double[][] matrix = new double[rows.size()][];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = Json.doubles(name, rows.get(i));
    }
    return matrix;
  }
}
