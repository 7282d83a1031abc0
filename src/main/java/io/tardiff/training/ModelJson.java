package io.tardiff.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;

/** Tables of numbers as JSON, and back. */
final class ModelJson {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private ModelJson() {}

  static ArrayNode of(double[][] rows) {
    ArrayNode json = MAPPER.createArrayNode();
    for (double[] row : rows) {
      ArrayNode inner = json.addArray();
      for (double value : row) {
        inner.add(value);
      }
    }
    return json;
  }

  static double[][] rows(JsonNode json) {
    double[][] rows = new double[json.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[json.get(i).size()];
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = json.get(i).get(j).asDouble();
      }
    }
    return rows;
  }
}
