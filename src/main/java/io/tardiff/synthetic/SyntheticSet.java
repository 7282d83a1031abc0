package io.tardiff.synthetic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Json;
import io.tardiff.influence.Guidance;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.checkerframework.checker.nullness.qual.Nullable;

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

  /** {@code set.json}. */
  private record Content(
      @JsonProperty(required = true) String guidanceRule,
      double guidanceScale,
      @JsonProperty(required = true) String selection,
      long samples,
      long pool,
      @JsonProperty(required = true) WindowSpec spec,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable Map<String, Double> embeddingError) {

    /** Sets of before selection have neither a pool nor a method. */
    static Content of(JsonNode json) {
      ObjectNode complete = json.deepCopy();
      if (!complete.has("pool")) {
        complete.set("pool", complete.path("samples"));
      }
      if (!complete.has("selection")) {
        complete.put("selection", SelectionMethod.NONE.label());
      }
      return Json.record(complete, Content.class);
    }
  }

  /** The set in a directory; an error that says so where there is none. */
  public static SyntheticSet open(String directory) {
    Content content = content(directory);
    return of(content.guidanceRule(), content.guidanceScale(), content.selection(), directory);
  }

  /** How many samples the finished set holds. */
  public long count() {
    return content(getDirectory()).samples();
  }

  /** How many samples were drawn for it, each with a record in the ledger. */
  public long pool() {
    return content(getDirectory()).pool();
  }

  /** Shape and meaning of the windows: steps, channels, units. */
  public WindowSpec spec() {
    return content(getDirectory()).spec();
  }

  private static Content content(String directory) {
    String path = AtomicFile.resolve(directory, FILE);
    try {
      return Content.of(Json.MAPPER.readTree(AtomicFile.readText(path)));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory + " is not a complete synthetic set: it holds no " + FILE, e);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(path + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Marks a set that holds all that was drawn for it as complete. */
  public void finish(WindowSpec spec, long samples) throws IOException {
    finish(spec, samples, samples, Map.of());
  }

  /**
   * Marks the set as complete.
   *
   * @param spec what its windows are
   * @param pool samples that were drawn for it
   * @param embeddingError by label, how far a selection is from its target
   */
  public void finish(WindowSpec spec, long samples, long pool, Map<String, Double> embeddingError)
      throws IOException {
    AtomicFile.writeText(
        AtomicFile.resolve(getDirectory(), FILE),
        Json.pretty(
                new Content(
                    getGuidanceRule(),
                    getGuidanceScale(),
                    getSelection(),
                    samples,
                    pool,
                    spec,
                    embeddingError))
            + System.lineSeparator());
  }
}
