package io.tardiff.synthetic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpecs;
import io.tardiff.files.AtomicFile;
import io.tardiff.influence.Guidance;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;

/**
 * A complete set of synthetic windows on a file system, the guidance it was drawn with, and how it
 * was selected from a pool.
 *
 * <pre>{@code
 * SyntheticSet set = SyntheticSet.open("gs://bucket/run/synthetic/mean_shift-0.03");
 * long samples = set.count();
 * List<WindowSpec.Channel> columns = set.spec().channels();
 * }</pre>
 *
 * <p>The directory holds the Avro shards that {@link ReadSynthetic} reads and {@code set.json},
 * which is written last and so marks the set as complete.
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

  /** {@code none} or {@code herding}: how the samples were selected from those that were drawn. */
  public abstract String getSelection();

  /** A set that was not selected. */
  public static SyntheticSet of(String guidanceRule, double guidanceScale, String directory) {
    return of(guidanceRule, guidanceScale, SelectionMethod.NONE.label(), directory);
  }

  public static SyntheticSet of(
      String guidanceRule, double guidanceScale, String selection, String directory) {
    return new AutoValue_SyntheticSet(guidanceRule, guidanceScale, directory, selection);
  }

  /** Whether influence or a selection had any part in the set. */
  public final boolean isTargeted() {
    return getGuidanceScale() != 0 || !getSelection().equals(SelectionMethod.NONE.label());
  }

  /** A name for files and tables, such as {@code none}, {@code mean_shift-0.03-herding}. */
  public final String name() {
    String guidance = Guidance.of(Guidance.Rule.of(getGuidanceRule()), getGuidanceScale()).name();
    return SelectionMethod.of(getSelection()).nameOf(guidance);
  }

  /** The set in a directory; an error that says so where there is none. */
  public static SyntheticSet open(String directory) {
    return field(
        directory,
        json ->
            of(
                json.required("guidance_rule").asText(),
                json.required("guidance_scale").asDouble(),
                json.path("selection").asText(SelectionMethod.NONE.label()),
                directory));
  }

  /** How many samples the finished set holds. */
  public long count() {
    return field(getDirectory(), json -> json.required("samples").asLong());
  }

  /** How many samples were drawn for it, each with a record in the ledger. */
  public long pool() {
    return field(
        getDirectory(), json -> json.path("pool").asLong(json.required("samples").asLong()));
  }

  /** Shape and meaning of the windows: steps, channels, units. */
  public WindowSpec spec() {
    return field(getDirectory(), json -> WindowSpecs.fromJson(json.required("spec")));
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

  /** Marks a set that holds all that was drawn for it as complete. */
  public void finish(WindowSpec spec, long samples) throws IOException {
    finish(spec, samples, samples, new ObjectMapper().createObjectNode());
  }

  /**
   * Marks the set as complete.
   *
   * @param spec what its windows are
   * @param pool samples that were drawn for it
   * @param details what else is to be told of it
   */
  public void finish(WindowSpec spec, long samples, long pool, ObjectNode details)
      throws IOException {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("guidance_rule", getGuidanceRule());
    json.put("guidance_scale", getGuidanceScale());
    json.put("selection", getSelection());
    json.put("samples", samples);
    json.put("pool", pool);
    json.set("spec", WindowSpecs.toJson(spec));
    json.setAll(details);
    AtomicFile.writeText(
        AtomicFile.resolve(getDirectory(), FILE), json.toPrettyString() + System.lineSeparator());
  }
}
