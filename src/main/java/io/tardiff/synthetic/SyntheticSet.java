package io.tardiff.synthetic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpecs;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Json;
import io.tardiff.files.RowSchema;
import io.tardiff.influence.Guidance;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A complete set of synthetic windows on a file system, with the guidance it was drawn with and the
 * method by which it was selected from a pool.
 *
 * <pre>{@code
 * SyntheticSet set = SyntheticSet.open("gs://bucket/run/synthetic/mean_shift-0.03");
 * long samples = set.count();
 * List<WindowSpec.Channel> columns = set.spec().channels();
 * }</pre>
 *
 * <p>It is also the element passed between transforms. To use a set of an earlier pipeline, open
 * it:
 *
 * <pre>{@code
 * PCollection<SyntheticSet> sets =
 *     pipeline.apply(Create.of(SyntheticSet.open("gs://bucket/run/synthetic/none")));
 * }</pre>
 *
 * <p>The directory holds the Avro shards that {@link ReadSynthetic} reads and {@code set.json},
 * which is written last and marks the set as complete. It is read only when the set is opened.
 */
@AutoValue
@DefaultSchema(SyntheticSet.InRows.class)
public abstract class SyntheticSet implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The file that marks a directory as a complete synthetic set. */
  public static final String FILE = "set.json";

  /** The directory of the set. */
  public abstract String directory();

  /** The guidance it was drawn with. */
  public abstract Guidance guidance();

  /** How its samples were selected from its pool. */
  public abstract SelectionMethod selection();

  /** The number of samples. */
  public abstract long count();

  /** The number of samples drawn for it, each of which has a ledger record. */
  public abstract long pool();

  /** The steps, channels and units of its windows. */
  public abstract WindowSpec spec();

  /**
   * Returns a set in {@code directory}, which {@link #finish} marks as complete.
   *
   * @param count number of samples
   * @param pool number of samples drawn for it
   */
  @Internal
  public static SyntheticSet of(
      String directory,
      Guidance guidance,
      SelectionMethod selection,
      long count,
      long pool,
      WindowSpec spec) {
    return new AutoValue_SyntheticSet(directory, guidance, selection, count, pool, spec);
  }

  /** Whether the set was guided or selected. */
  public final boolean isTargeted() {
    return guidance().isGuided() || selection() != SelectionMethod.NONE;
  }

  /** Returns its name in files, such as {@code none} or {@code mean_shift-0.03-herding}. */
  public final String name() {
    return selection().nameOf(guidance().name());
  }

  /** Returns its name for people, such as {@code none} or {@code mean_shift 0.03, herding}. */
  public final String title() {
    return selection().titleOf(guidance().title());
  }

  /** The content of {@code set.json}. */
  private record Content(
      @JsonProperty(required = true) String guidanceRule,
      double guidanceScale,
      @JsonProperty(required = true) String selection,
      long samples,
      long pool,
      @JsonProperty(required = true) WindowSpec spec,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable Map<String, Double> embeddingError) {

    /** Sets from before selection was added have neither a pool nor a method. */
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

    SyntheticSet in(String directory) {
      return SyntheticSet.of(
          directory,
          Guidance.of(Guidance.Rule.of(guidanceRule), guidanceScale),
          SelectionMethod.of(selection),
          samples,
          pool,
          spec);
    }
  }

  /**
   * Opens the set in a directory.
   *
   * @throws UncheckedIOException if there is no complete set
   * @throws IllegalStateException if {@code set.json} is damaged or cannot be read
   */
  public static SyntheticSet open(String directory) {
    String path = AtomicFile.resolve(directory, FILE);
    try {
      return Content.of(Json.MAPPER.readTree(AtomicFile.readText(path))).in(directory);
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory + " is not a complete synthetic set: it holds no " + FILE, e);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException(path + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Marks the set as complete, after all shards have been written. */
  @Internal
  public void finish() throws IOException {
    finish(Map.of());
  }

  /**
   * Marks the set as complete.
   *
   * @param embeddingError for each label, the relative distance of a selection from its target
   */
  @Internal
  public void finish(Map<String, Double> embeddingError) throws IOException {
    Content content =
        new Content(
            guidance().rule().label(),
            guidance().scale(),
            selection().label(),
            count(),
            pool(),
            spec(),
            embeddingError);
    AtomicFile.writeText(
        AtomicFile.resolve(directory(), FILE), Json.pretty(content) + System.lineSeparator());
  }

  /** Row schema of a set, with the {@code spec} as JSON. */
  @Internal
  public static final class InRows extends RowSchema<SyntheticSet> {
    private static final long serialVersionUID = 1L;

    public InRows() {
      super(
          SyntheticSet.class,
          Schema.builder()
              .addStringField("directory")
              .addStringField("guidanceRule")
              .addDoubleField("guidanceScale")
              .addStringField("selection")
              .addInt64Field("samples")
              .addInt64Field("pool")
              .addStringField("spec")
              .build());
    }

    @Override
    public Row toRow(SyntheticSet set) {
      return Row.withSchema(schema())
          .addValues(set.directory(), set.guidance().rule().label(), set.guidance().scale())
          .addValues(set.selection().label(), set.count(), set.pool())
          .addValue(WindowSpecs.toJson(set.spec()).toString())
          .build();
    }

    @Override
    public SyntheticSet fromRow(Row row) {
      try {
        return SyntheticSet.of(
            row.getString("directory"),
            Guidance.of(
                Guidance.Rule.of(row.getString("guidanceRule")), row.getDouble("guidanceScale")),
            SelectionMethod.of(row.getString("selection")),
            row.getInt64("samples"),
            row.getInt64("pool"),
            WindowSpecs.fromJson(Json.MAPPER.readTree(row.getString("spec"))));
      } catch (IOException e) {
        throw new UncheckedIOException("spec must be JSON", e);
      }
    }
  }
}
