package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.CloseableIterator;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Json;
import io.tardiff.files.Manifest;
import io.tardiff.files.RowSchema;
import io.tardiff.files.SortedAvroShards;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A finished cohort in a directory, as read by training, generation and evaluation.
 *
 * <pre>{@code
 * Cohort cohort = Cohort.open("gs://bucket/run/cohort");
 * for (String shard : cohort.shards(Split.TRAIN)) {
 *   try (CloseableIterator<EhrWindow> windows = cohort.read(shard)) {
 *     windows.forEachRemaining(window -> labels.add(window.label()));
 *   }
 * }
 * }</pre>
 *
 * <p>It is also passed between transforms: {@link BuildCohort} outputs it once all its files are
 * written, and training takes it as input. To start a pipeline from an existing cohort:
 *
 * <pre>{@code
 * PCollection<Cohort> cohort = pipeline.apply(Create.of(Cohort.open("gs://bucket/run/cohort")));
 * }</pre>
 *
 * <p>The directory holds {@code cohort.json} and the windows as Avro shards ({@code
 * train-00000-of-00008.avro}, {@code tuning-...}, {@code held_out-...}, and {@code unlabelled-...}
 * if it keeps windows without a label), each sorted by window id, and {@code manifest.json}, which
 * is written last and against which every file is checked when it is read. The directory may be
 * moved, because file names are relative to it.
 */
@DefaultSchema(Cohort.InRows.class)
public final class Cohort {
  /** The file that describes the cohort. */
  public static final String FILE = "cohort.json";

  /** Prefix of the files of windows without a label. */
  static final String UNLABELLED = "unlabelled";

  static final int FORMAT = 1;

  private final ArtefactDirectory files;
  private final String content;
  private final CohortJson json;

  /**
   * A row of the attrition table.
   *
   * @param rule the rule that drops stays or windows
   * @param dropped number it drops
   * @param left number left after it
   * @param droppedLabels number dropped per class, of those whose label is known; null if no label
   *     is known
   * @param leftLabels number left per class, likewise
   * @param labelShiftP p-value of the difference between the two label distributions; null if it
   *     cannot be tested
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Attrition(
      @JsonProperty(required = true) String rule,
      long dropped,
      long left,
      @Nullable List<Long> droppedLabels,
      @Nullable List<Long> leftLabels,
      @Nullable Double labelShiftP) {}

  /**
   * Counts of what happened to the values of a channel or static covariate.
   *
   * @param droppedShare share of the values that should have been used but were dropped
   * @param dropped number of dropped values by reason
   * @param others number of values with another fate that is no sign of a problem, such as clipped
   *     or outside the windows
   * @param read number of values read
   */
  public record Values(
      double droppedShare,
      Map<String, Long> dropped,
      Map<String, Long> others,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long read) {}

  /**
   * The valid range of a channel, in clinical units.
   *
   * @param low smallest valid value
   * @param high largest valid value
   */
  public record ValidRange(double low, double high) {}

  private Cohort(ArtefactDirectory files, String content, CohortJson json) {
    this.files = files;
    this.content = content;
    this.json = json;
    json.check();
  }

  private CohortJson.Part part(Split split) {
    return json.splits().get(split.label());
  }

  /**
   * Opens the cohort in a directory of any Beam file system, and checks it against its manifest.
   *
   * @throws UncheckedIOException if there is none; a {@link DamagedFileException} that names the
   *     file if one is missing or damaged
   * @throws IllegalStateException if the directory holds a file that does not belong to it
   */
  public static Cohort open(String directory) {
    try {
      ArtefactDirectory files = ArtefactDirectory.open(directory, Manifest.Kind.COHORT);
      return of(files, files.text(FILE));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory
              + " is not a cohort: it holds no "
              + FILE
              + (isRun(directory)
                  ? "; the cohort of that run is " + AtomicFile.resolve(directory, "cohort")
                  : " (the ingest step writes one)"),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + AtomicFile.resolve(directory, FILE), e);
    }
  }

  /** Creates the cohort in a directory from the content of its {@code cohort.json}. */
  static Cohort of(ArtefactDirectory files, String content) {
    String path = files.resolve(FILE);
    try {
      JsonNode json = Json.MAPPER.readTree(content);
      int format = Json.integer(json, "format");
      checkArgument(format == FORMAT, "field format must be %s, was %s", FORMAT, format);
      return new Cohort(files, content, Json.record(json, CohortJson.class));
    } catch (JsonProcessingException e) {
      throw DamagedFileException.damaged(path, "it is not JSON", e);
    } catch (IllegalArgumentException e) {
      throw DamagedFileException.damaged(path, e.getMessage(), e);
    } catch (NullPointerException e) {
      throw DamagedFileException.damaged(path, "a field is missing", e);
    }
  }

  /**
   * Reads all files and checks that every byte is what was written, that every window passes the
   * checks of {@link #read}, and that the windows have the label counts and {@link #hash} of {@code
   * cohort.json}.
   *
   * @throws DamagedFileException if a file is missing or damaged; the message names it
   * @throws IllegalStateException if the directory holds a file that does not belong to it
   */
  public void verify() {
    try {
      files.verify();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory(), e);
    }
    CohortSummary found = new CohortSummary(spec());
    for (Split split : Split.values()) {
      for (String shard : shards(split)) {
        try (CloseableIterator<EhrWindow> windows = read(shard)) {
          windows.forEachRemaining(found::add);
        }
      }
      if (!Arrays.equals(found.labels[split.ordinal()], part(split).labels())) {
        throw DamagedFileException.damaged(
            files.resolve(FILE),
            "its label counts of " + split.label() + " do not match the windows");
      }
    }
    for (String shard : unlabelledShards()) {
      try (CloseableIterator<EhrWindow> windows = read(shard)) {
        windows.forEachRemaining(found::add);
      }
    }
    if (!found.hash().equals(hash())) {
      throw DamagedFileException.damaged(
          files.resolve(FILE), "its hash does not match the windows");
    }
  }

  /**
   * Reads and checks every byte of some of the {@link #shards}, for callers that use windows before
   * the end of a file, where {@link #read} checks it.
   *
   * @throws DamagedFileException if a file is missing or damaged; the message names it
   */
  @Internal
  public void verify(List<String> shards) {
    files.verify(shards.stream().map(AtomicFile::name).toList());
  }

  /**
   * Returns whether {@code directory} is the output of a template run, which holds its cohort in a
   * subdirectory.
   */
  private static boolean isRun(String directory) {
    try {
      return AtomicFile.exists(AtomicFile.resolve(directory, "cohort/" + FILE));
    } catch (IOException e) {
      return false;
    }
  }

  public String directory() {
    return files.path();
  }

  /** Returns the directory with its manifest. */
  @Internal
  public ArtefactDirectory files() {
    return files;
  }

  /** Returns the name of the task; null if an early version built the cohort. */
  @Internal
  public @Nullable String task() {
    JsonNode task = json.config().task();
    return task == null ? null : task.path("name").textValue();
  }

  /** Shape, channels and classes of the windows. */
  public WindowSpec spec() {
    return json.spec();
  }

  /** The normaliser, fitted on the train split only. */
  public Normaliser normaliser() {
    return json.normaliser();
  }

  /** The scale on which each channel is recorded, {@code [channels]}. */
  @Internal
  public List<ChannelScale> scales() {
    return ChannelScale.orContinuous(json.scales(), spec().channels().size());
  }

  /**
   * What train windows, with a label or without, say of each static covariate, in the order of
   * {@link WindowSpec#statics()}; empty if an early version built the cohort.
   */
  @Internal
  public Optional<List<StaticCovariate>> staticCovariates() {
    return spec().statics().isEmpty()
        ? Optional.of(List.of())
        : Optional.ofNullable(json.statics()).map(List::copyOf);
  }

  /**
   * Hash of all windows: their SHA-256 hashes added modulo 2^256, as 64 hexadecimal digits. It does
   * not depend on the order of the windows or the number of files.
   */
  public String hash() {
    return json.hash();
  }

  /** Number of windows in a split. */
  public long count(Split split) {
    return part(split).windows();
  }

  /** Number of windows in some of the {@link #shards}. */
  @Internal
  public long count(List<String> shards) {
    return shards.stream().mapToLong(shard -> json.shard(AtomicFile.name(shard)).windows()).sum();
  }

  /** Number of windows of train subjects without a label, which are in no split. */
  public long unlabelled() {
    return json.unlabelled() == null ? 0 : json.unlabelled().windows();
  }

  /** Number of windows without a label that were dropped, by reason; see {@link Unlabelled}. */
  public Map<String, Long> unlabelledDropped() {
    return json.unlabelled() == null
        ? Map.of()
        : Collections.unmodifiableMap(json.unlabelled().dropped());
  }

  /** Windows per class in a split: {@code [classes]}. */
  public long[] labelCounts(Split split) {
    return part(split).labels().clone();
  }

  /** Share of a split's steps that have an observation, by channel. */
  public Map<String, Double> coverage(Split split) {
    return Collections.unmodifiableMap(part(split).coverage());
  }

  /** The attrition table, in the order in which the rules are applied. */
  public List<Attrition> attrition() {
    return List.copyOf(json.attrition());
  }

  /**
   * Warnings of a possible selection bias by label: rules that drop one class significantly more
   * often than another, and deaths recovered from the time of death while survivors without a
   * stated outcome are dropped.
   */
  public List<String> warnings() {
    return json.warnings() == null ? List.of() : List.copyOf(json.warnings());
  }

  /** Counts of the reader by table: rows, dead letters, and dead letters by reason. */
  public Map<String, Map<String, Long>> read() {
    return json.read() == null ? Map.of() : Collections.unmodifiableMap(json.read());
  }

  /** Counts of what happened to the values, by channel and static covariate. */
  public Map<String, Values> values() {
    return json.values() == null ? Map.of() : Collections.unmodifiableMap(json.values());
  }

  /** Share of dropped values above which a channel gets a warning, from 0 to 1. */
  public double droppedWarning() {
    Double warning = json.config().droppedWarning();
    return warning == null ? 1 : warning;
  }

  /** The valid range of each channel, in the order of the channels. */
  public List<ValidRange> validRanges() {
    return json.config().channels().stream()
        .map(channel -> new ValidRange(channel.validLow(), channel.validHigh()))
        .toList();
  }

  /**
   * Checks that a split holds windows of every class, without which no model can be fitted to it or
   * scored on it.
   *
   * @throws IllegalArgumentException if a class is missing, naming the split and what may help
   */
  public void checkEveryClass(Split split) {
    long[] counts = part(split).labels();
    for (int k = 0; k < counts.length; k++) {
      checkArgument(
          counts[k] > 0,
          "the %s split of %s must hold windows of every class, held none of class %s among %s:"
              + " more stays, another split seed or a stratified split may help",
          split.label(),
          directory(),
          k,
          count(split));
    }
  }

  /**
   * Returns whether windows may hold gaps, as NaN. True for a cohort built with {@link
   * Imputation#NONE}, which the networks of this library cannot use.
   */
  public boolean hasGaps() {
    return Imputation.NONE.label().equals(json.config().imputation());
  }

  /**
   * How the gaps of its windows were filled; empty if they were not, or if an early version built
   * the cohort and did not say how.
   */
  @Internal
  public Optional<Filling> filling() {
    List<CohortJson.Variable> channels = json.config().channels();
    if (json.config().imputation() == null
        || hasGaps()
        || channels.stream().anyMatch(channel -> channel.fillValue() == null)) {
      return Optional.empty();
    }
    return Optional.of(
        new Filling(
            Imputation.of(json.config().imputation()),
            channels.stream().map(CohortJson.Variable::fillValue).toList()));
  }

  /** Whether all values of the train split were observed, so that there are no masks to learn. */
  @Internal
  public boolean isFullyObserved() {
    return part(Split.TRAIN).coverage().values().stream().allMatch(share -> share == 1);
  }

  /** Full paths of a split's files, in a stable order. */
  public List<String> shards(Split split) {
    return names(split).stream().map(files::resolve).toList();
  }

  /**
   * Full paths of the files of windows without a label, in a stable order; empty if there is none.
   * Their windows have the split train and the label {@link EhrWindow#UNLABELLED}.
   */
  public List<String> unlabelledShards() {
    return json.unlabelled() == null
        ? List.of()
        : json.unlabelled().shards().stream()
            .map(CohortJson.File::file)
            .map(files::resolve)
            .toList();
  }

  /** Full paths of all files that a denoiser learns from: the train split and the unlabelled. */
  @Internal
  public List<String> denoiserShards() {
    List<String> shards = new ArrayList<>(shards(Split.TRAIN));
    shards.addAll(unlabelledShards());
    return shards;
  }

  private List<String> names(Split split) {
    return part(split).shards().stream().map(CohortJson.File::file).toList();
  }

  /**
   * Streams the windows of one of {@link #shards} or {@link #unlabelledShards} in window-id order.
   * Each window is checked: its length, number of static covariates and split, a valid label, and
   * finite values unless the cohort has gaps.
   *
   * @throws DamagedFileException if the file is not what was written or a window is invalid; thrown
   *     at the end of the file at the latest
   * @throws UncheckedIOException if the file is missing
   */
  public CloseableIterator<EhrWindow> read(String shard) {
    String name = AtomicFile.name(shard);
    CohortJson.Declared declared = json.shard(name);
    return SortedAvroShards.read(
        files, name, declared.windows(), new WindowCheck(spec(), declared, hasGaps())::parse);
  }

  /** Reads all windows of a split, sorted by window id. The split must fit in memory. */
  public List<EhrWindow> readAll(Split split) {
    return readAll(shards(split));
  }

  /** Reads all windows of some of the {@link #shards}, sorted by window id. */
  @Internal
  public List<EhrWindow> readAll(List<String> shards) {
    List<EhrWindow> windows = new ArrayList<>();
    for (String shard : shards) {
      try (CloseableIterator<EhrWindow> records = read(shard)) {
        records.forEachRemaining(windows::add);
      }
    }
    windows.sort(Comparator.comparing(EhrWindow::windowId));
    return windows;
  }

  /** Formats the attrition table and the size, prevalence and coverage of each split as text. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-44s %9s %9s%n", "Stays", "dropped", "left"));
    for (Attrition row : json.attrition()) {
      text.append(
          String.format(Locale.ROOT, "  %-42s %9d %9d%n", row.rule(), row.dropped(), row.left()));
    }
    text.append(describeUnlabelled());
    warnings().forEach(warning -> text.append(String.format("%nWarning: %s%n", warning)));
    text.append(String.format(Locale.ROOT, "%n%-44s", "Split"));
    for (Split split : Split.values()) {
      text.append(String.format(Locale.ROOT, " %9s", split.label()));
    }
    text.append(String.format(Locale.ROOT, "%n  %-42s", "windows"));
    for (Split split : Split.values()) {
      text.append(String.format(Locale.ROOT, " %9d", count(split)));
    }
    for (int label = 1; label < spec().classes(); label++) {
      text.append(String.format(Locale.ROOT, "%n  %-42s", "class " + label));
      for (Split split : Split.values()) {
        text.append(
            String.format(
                Locale.ROOT,
                " %7.2f %%",
                100.0 * part(split).labels()[label] / Math.max(1, count(split))));
      }
    }
    for (WindowSpec.Channel channel : spec().channels()) {
      text.append(
          String.format(
              Locale.ROOT, "%n  %-42s", channel.name() + " observed (" + channel.unit() + ")"));
      for (Split split : Split.values()) {
        double coverage = part(split).coverage().getOrDefault(channel.name(), 0.0);
        text.append(String.format(Locale.ROOT, " %7.2f %%", 100 * coverage));
      }
    }
    return text.append(String.format(Locale.ROOT, "%n%nCohort %s%n", hash())).toString();
  }

  /** Formats what became of windows without a label as text; empty if none was kept. */
  @Internal
  public String describeUnlabelled() {
    if (json.unlabelled() == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT, "%n%,d windows without a label train the denoiser only%n", unlabelled()));
    unlabelledDropped()
        .forEach(
            (reason, count) ->
                text.append(
                    String.format(
                        Locale.ROOT, "%,d without a label dropped: %s%n", count, reason)));
    return text.toString();
  }

  /** Two cohorts are equal if directory and content of {@code cohort.json} are. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cohort cohort
        && files.equals(cohort.files)
        && content.equals(cohort.content);
  }

  @Override
  public int hashCode() {
    return Objects.hash(files, content);
  }

  @Override
  public String toString() {
    return "Cohort " + hash() + " in " + directory();
  }

  /**
   * Encodes a cohort as a row: {@code directory}, {@code hash}, the {@code content} of {@code
   * cohort.json} and the {@code manifest}, empty if there is none.
   */
  @Internal
  public static final class InRows extends RowSchema<Cohort> {
    private static final long serialVersionUID = 1L;

    public InRows() {
      super(
          Cohort.class,
          Schema.builder()
              .addStringField("directory")
              .addStringField("hash")
              .addStringField("content")
              .addStringField("manifest")
              .build());
    }

    @Override
    public Row toRow(Cohort cohort) {
      return Row.withSchema(schema())
          .addValues(cohort.directory(), cohort.hash(), cohort.content, cohort.files.manifestText())
          .build();
    }

    @Override
    public Cohort fromRow(Row row) {
      return of(
          ArtefactDirectory.parse(
              row.getString("directory"), Manifest.Kind.COHORT, row.getString("manifest")),
          row.getString("content"));
    }
  }
}
