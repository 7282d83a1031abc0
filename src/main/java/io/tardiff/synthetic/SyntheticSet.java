package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpecs;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Json;
import io.tardiff.files.Manifest;
import io.tardiff.files.RowSchema;
import io.tardiff.influence.Guidance;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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
 * <p>The directory holds the Avro shards that {@link ReadSynthetic} reads, {@code set.json}, which
 * is read when the set is opened and not again, and {@code manifest.json}, which is written last,
 * marks the set as complete, and is what every file is checked against when it is read.
 */
@AutoValue
@DefaultSchema(SyntheticSet.InRows.class)
public abstract class SyntheticSet implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The file that describes the set. */
  public static final String FILE = "set.json";

  /** Names that are safe in paths. */
  private static final Pattern ORIGIN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

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

  /** Whether its windows say which values were observed. In a set without masks, all are. */
  public abstract boolean isMasked();

  /** Whether its windows have static covariates, those of the spec. */
  public abstract boolean hasStatics();

  /** Whether its windows have soft labels, {@link SyntheticWindow#probabilities}. */
  public abstract boolean hasProbabilities();

  /**
   * How its soft labels were made; null for sets without soft labels, and for sets made elsewhere.
   */
  public abstract @Nullable SoftLabels softLabels();

  /**
   * The name of a set that another tool made ({@link ImportSynthetic}); null if this library made
   * it. A set made elsewhere has no ledger, and its guidance and selection are {@code none}.
   */
  public abstract @Nullable String origin();

  /**
   * The settings of the sampler, as JSON, with which its samples can be drawn again; null for sets
   * made elsewhere or by an earlier version.
   */
  @Internal
  public abstract @Nullable String sampler();

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
    return new AutoValue_SyntheticSet.Builder()
        .directory(directory)
        .guidance(guidance)
        .selection(selection)
        .count(count)
        .pool(pool)
        .spec(spec)
        .isMasked(false)
        .hasStatics(false)
        .hasProbabilities(false)
        .build();
  }

  /**
   * Returns a set of windows made elsewhere, which {@link #finish} marks as complete.
   *
   * @param origin its name, of letters, digits and {@code . _ -}
   * @param count number of windows
   */
  @Internal
  public static SyntheticSet madeElsewhere(
      String directory, String origin, long count, WindowSpec spec) {
    checkArgument(
        ORIGIN.matcher(origin).matches(),
        "the name of a set made elsewhere must be 1 to 100 letters, digits, dots, underscores or"
            + " hyphens and not start with a dot");
    return of(directory, Guidance.none(), SelectionMethod.NONE, count, count, spec).toBuilder()
        .origin(origin)
        .build();
  }

  abstract Builder toBuilder();

  /** Returns this set with the settings of its sampler. */
  @Internal
  public final SyntheticSet withSampler(@Nullable String json) {
    return toBuilder().sampler(json).build();
  }

  /** Returns this set with masks, or without. */
  @Internal
  public final SyntheticSet withMasks(boolean masked) {
    return toBuilder().isMasked(masked).build();
  }

  /** Returns this set with static covariates, or without. */
  @Internal
  public final SyntheticSet withStatics(boolean statics) {
    return toBuilder().hasStatics(statics).build();
  }

  /** Returns this set with soft labels of unknown origin, or without. */
  @Internal
  public final SyntheticSet withProbabilities(boolean probabilities) {
    return toBuilder().hasProbabilities(probabilities).softLabels(null).build();
  }

  /** Returns this set with soft labels of a teacher; without soft labels if null. */
  @Internal
  public final SyntheticSet withSoftLabels(@Nullable SoftLabels labels) {
    return toBuilder().hasProbabilities(labels != null).softLabels(labels).build();
  }

  /** Whether another tool made it. */
  public final boolean isMadeElsewhere() {
    return origin() != null;
  }

  /** Whether the set was guided or selected. */
  public final boolean isTargeted() {
    return guidance().isGuided() || selection() != SelectionMethod.NONE;
  }

  /** Returns its name in files, such as {@code none} or {@code mean_shift-0.03-herding}. */
  public final String name() {
    return isMadeElsewhere() ? origin() : selection().nameOf(guidance().name());
  }

  /**
   * Returns its name for people, such as {@code none}, {@code mean_shift 0.03, herding} or {@code
   * timevae (made elsewhere)}.
   */
  public final String title() {
    return isMadeElsewhere() ? titleElsewhere(origin()) : selection().titleOf(guidance().title());
  }

  /** Returns the name for people of a set made elsewhere. */
  @Internal
  public static String titleElsewhere(String origin) {
    return origin + " (made elsewhere)";
  }

  /** The content of {@code set.json}. */
  private record Content(
      @JsonProperty(required = true) String guidanceRule,
      double guidanceScale,
      @JsonProperty(required = true) String selection,
      long samples,
      long pool,
      @JsonProperty(required = true) WindowSpec spec,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean masked,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean statics,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean probabilities,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SoftLabels softLabels,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String origin,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode sampler,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable Map<String, Double> embeddingError) {

    /** Sets from before selection was added have neither a pool nor a method. */
    static Content of(JsonNode json) {
      checkArgument(json.isObject(), "it must be a JSON object");
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
      checkArgument(samples >= 0, "field samples must not be negative, was %s", samples);
      checkArgument(pool >= samples, "field pool must be at least samples, was %s", pool);
      if (origin != null) {
        return madeElsewhere(directory, origin, samples, spec)
            .withMasks(Boolean.TRUE.equals(masked))
            .withStatics(Boolean.TRUE.equals(statics))
            .withProbabilities(Boolean.TRUE.equals(probabilities));
      }
      checkArgument(
          Boolean.TRUE.equals(probabilities) == (softLabels != null),
          "fields probabilities and soft_labels must both be there, or neither");
      if (softLabels != null) {
        softLabels.check(spec.classes());
      }
      return SyntheticSet.of(
              directory,
              Guidance.of(Guidance.Rule.of(guidanceRule), guidanceScale),
              SelectionMethod.of(selection),
              samples,
              pool,
              spec)
          .withMasks(Boolean.TRUE.equals(masked))
          .withStatics(Boolean.TRUE.equals(statics))
          .withSoftLabels(softLabels)
          .withSampler(sampler == null ? null : sampler.toString());
    }
  }

  /**
   * Opens the set in a directory and checks it against its manifest. Samples are checked when they
   * are read.
   *
   * @throws UncheckedIOException if there is none; a {@link DamagedFileException} that names the
   *     file if one is missing or damaged
   * @throws IllegalStateException if the directory holds a file that does not belong to it
   */
  public static SyntheticSet open(String directory) {
    String path = AtomicFile.resolve(directory, FILE);
    try {
      String text = ArtefactDirectory.open(directory, Manifest.Kind.SYNTHETIC_SET).text(FILE);
      return Content.of(Json.MAPPER.readTree(text)).in(directory);
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory + " is not a complete synthetic set: it holds no " + FILE, e);
    } catch (JsonProcessingException e) {
      throw DamagedFileException.damaged(path, "it is not JSON", e);
    } catch (IllegalArgumentException e) {
      throw DamagedFileException.damaged(path, e.getMessage(), e);
    } catch (NullPointerException | ClassCastException e) {
      throw DamagedFileException.damaged(path, "a field is missing", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /**
   * Reads all files and checks that every byte is what was written and that every sample and ledger
   * record is valid.
   *
   * @throws DamagedFileException if a file is missing or damaged; the message names it
   * @throws IllegalStateException if the directory holds a file that does not belong to it
   */
  public final void verify() {
    try {
      files().verify();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory(), e);
    }
    SyntheticWindows.verify(this);
  }

  /** Returns the directory with its manifest. */
  @Internal
  public final ArtefactDirectory files() {
    try {
      return ArtefactDirectory.open(directory(), Manifest.Kind.SYNTHETIC_SET);
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory() + " is not a complete synthetic set: it holds no " + FILE, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory(), e);
    }
  }

  /**
   * Marks the set as complete.
   *
   * @param written entries of its files, which are already written
   * @param madeFrom what it was made from, directly or indirectly
   * @param embeddingError distance of a selection from its target, by label; empty without one
   */
  @Internal
  public final void finish(
      Collection<Manifest.Entry> written,
      Collection<Manifest.Source> madeFrom,
      Map<String, Double> embeddingError)
      throws IOException {
    Content content =
        new Content(
            guidance().rule().label(),
            guidance().scale(),
            selection().label(),
            count(),
            pool(),
            spec(),
            isMasked() ? true : null,
            hasStatics() ? true : null,
            hasProbabilities() ? true : null,
            softLabels(),
            origin(),
            sampler() == null ? null : Json.MAPPER.readTree(sampler()),
            embeddingError);
    List<Manifest.Entry> files = new ArrayList<>(written);
    files.add(
        Manifest.Entry.writeText(
            AtomicFile.resolve(directory(), FILE), Json.pretty(content) + System.lineSeparator()));
    ArtefactDirectory.finish(directory(), Manifest.Kind.SYNTHETIC_SET, madeFrom, files);
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder directory(String directory);

    abstract Builder guidance(Guidance guidance);

    abstract Builder selection(SelectionMethod selection);

    abstract Builder count(long count);

    abstract Builder pool(long pool);

    abstract Builder spec(WindowSpec spec);

    abstract Builder isMasked(boolean masked);

    abstract Builder hasStatics(boolean statics);

    abstract Builder hasProbabilities(boolean probabilities);

    abstract Builder softLabels(@Nullable SoftLabels labels);

    abstract Builder origin(@Nullable String origin);

    abstract Builder sampler(@Nullable String json);

    abstract SyntheticSet build();
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
              .addBooleanField("masked")
              .addBooleanField("statics")
              .addBooleanField("probabilities")
              .addNullableStringField("softLabels")
              .addNullableStringField("origin")
              .addNullableStringField("sampler")
              .build());
    }

    @Override
    public Row toRow(SyntheticSet set) {
      return Row.withSchema(schema())
          .addValues(set.directory(), set.guidance().rule().label(), set.guidance().scale())
          .addValues(set.selection().label(), set.count(), set.pool())
          .addValues(WindowSpecs.toJson(set.spec()).toString(), set.isMasked(), set.hasStatics())
          .addValues(
              set.hasProbabilities(),
              set.softLabels() == null
                  ? null
                  : Json.RECORDS.valueToTree(set.softLabels()).toString())
          .addValues(set.origin(), set.sampler())
          .build();
    }

    @Override
    public SyntheticSet fromRow(Row row) {
      String directory = row.getString("directory");
      long samples = row.getInt64("samples");
      try {
        WindowSpec spec = WindowSpecs.fromJson(Json.MAPPER.readTree(row.getString("spec")));
        if (row.getString("origin") != null) {
          return madeElsewhere(directory, row.getString("origin"), samples, spec)
              .withMasks(row.getBoolean("masked"))
              .withStatics(row.getBoolean("statics"))
              .withProbabilities(row.getBoolean("probabilities"));
        }
        String softLabels = row.getString("softLabels");
        return SyntheticSet.of(
                directory,
                Guidance.of(
                    Guidance.Rule.of(row.getString("guidanceRule")),
                    row.getDouble("guidanceScale")),
                SelectionMethod.of(row.getString("selection")),
                samples,
                row.getInt64("pool"),
                spec)
            .withMasks(row.getBoolean("masked"))
            .withStatics(row.getBoolean("statics"))
            .withSoftLabels(
                softLabels == null
                    ? null
                    : Json.record(Json.MAPPER.readTree(softLabels), SoftLabels.class))
            .withSampler(row.getString("sampler"));
      } catch (IOException e) {
        throw new UncheckedIOException("spec must be JSON", e);
      }
    }
  }
}
