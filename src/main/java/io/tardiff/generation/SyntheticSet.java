package io.tardiff.generation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import io.tardiff.cohort.AtomicFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;

/**
 * A complete set of synthetic windows on a file system, and the guidance it was drawn with.
 *
 * <p>The directory holds the Avro shards {@link SyntheticWindows} reads and {@code set.json}, which
 * is written last and so marks the set as complete.
 */
@AutoValue
@DefaultSchema(AutoValueSchema.class)
public abstract class SyntheticSet implements Serializable {
  /** The file that makes a directory a synthetic set. */
  public static final String FILE = "set.json";

  /** {@code none}, {@code mean_shift} or {@code interpolation}. */
  public abstract String getGuidanceRule();

  /** Weight w of the guidance; 0 is the unguided sampler. */
  public abstract double getGuidanceScale();

  /** Directory that holds the Avro shards of the set. */
  public abstract String getDirectory();

  public static SyntheticSet of(String guidanceRule, double guidanceScale, String directory) {
    return new AutoValue_SyntheticSet(guidanceRule, guidanceScale, directory);
  }

  /** The set in a directory; an error that says so where there is none. */
  public static SyntheticSet open(String directory) {
    return field(
        directory,
        json ->
            of(
                json.required("guidance_rule").asText(),
                json.required("guidance_scale").asDouble(),
                directory));
  }

  /** How many samples the finished set holds. */
  public long count() {
    return field(getDirectory(), json -> json.required("samples").asLong());
  }

  private static <V> V field(String directory, Function<JsonNode, V> read) {
    String path = AtomicFile.resolve(directory, FILE);
    try {
      return read.apply(new ObjectMapper().readTree(AtomicFile.readText(path)));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory + " is not a complete synthetic set: it holds no " + FILE, e);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(path + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Marks the set as complete. */
  void finish(long samples) throws IOException {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("guidance_rule", getGuidanceRule());
    json.put("guidance_scale", getGuidanceScale());
    json.put("samples", samples);
    AtomicFile.writeText(
        AtomicFile.resolve(getDirectory(), FILE), json.toPrettyString() + System.lineSeparator());
  }
}
