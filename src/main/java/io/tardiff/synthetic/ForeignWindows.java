package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.io.Closer;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Filling;
import io.tardiff.cohort.WindowExport;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.npy.Npy;
import io.tardiff.files.npy.NpyFormatException;
import io.tardiff.files.parquet.ParquetRows;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads windows that another tool wrote in the form of this library's exports; {@link
 * ImportSynthetic} describes it. One window is in memory at a time.
 */
final class ForeignWindows {
  private static final String VALUES = "values.npy";
  private static final String LABELS = "labels.npy";
  private static final String MASK = "mask.npy";
  private static final String STATICS = "statics.npy";
  private static final String PROBABILITIES = "probabilities.npy";
  private static final String PARQUET = ".parquet";

  private static final List<String> IDS = List.of("sample_id", "window_id");
  private static final String SUBJECT = "subject_id";
  private static final String LABEL = "label";
  private static final String STEP = "step";
  private static final String OBSERVED = "_observed";

  /** Share of a channel's values that must be within its valid range. */
  private static final double IN_RANGE = 0.5;

  private final WindowSpec spec;
  private final List<Cohort.ValidRange> ranges;
  private final Optional<Filling> filling;

  /** The columns of soft labels. */
  private final List<String> probabilityColumns;

  ForeignWindows(Cohort cohort) {
    this.spec = cohort.spec();
    this.ranges = cohort.validRanges();
    this.filling = cohort.filling();
    this.probabilityColumns =
        IntStream.range(0, spec.classes()).mapToObj(WindowExport::probability).toList();
  }

  /**
   * Finds sets in a location: a file, a pattern of Parquet files, or a directory that holds a set
   * itself or in its subdirectories. Returns the file or pattern of each set, by name.
   */
  static Map<String, String> find(String location) throws IOException {
    Map<String, String> sets = new HashMap<>();
    if (location.endsWith(PARQUET) || location.endsWith(VALUES)) {
      checkArgument(
          !FileSystems.match(location, EmptyMatchTreatment.ALLOW).metadata().isEmpty(),
          "there is no file %s",
          location);
      String file = AtomicFile.name(location);
      boolean isPattern = file.contains("*") || file.contains("?") || file.contains("[");
      sets.put(isPattern ? nameOf(parent(location)) : nameOf(file), location);
      return sets;
    }
    String root = FileSystems.matchNewResource(location, /* isDirectory= */ true).toString();
    Map<String, Set<String>> byDirectory = new HashMap<>();
    List<String> patterns = new ArrayList<>();
    for (String directory : List.of(root, root + "*/")) {
      patterns.add(directory + "*" + VALUES);
      patterns.add(directory + "*" + PARQUET);
    }
    for (MatchResult found : FileSystems.match(patterns, EmptyMatchTreatment.ALLOW)) {
      for (MatchResult.Metadata file : found.metadata()) {
        byDirectory
            .computeIfAbsent(
                file.resourceId().getCurrentDirectory().toString(), key -> new TreeSet<>())
            .add(file.resourceId().toString());
      }
    }
    byDirectory.forEach(
        (directory, files) -> {
          checkArgument(
              files.size() == 1,
              "%s holds several sets of windows: give one by its file, such as %s",
              directory,
              files.iterator().next());
          sets.put(nameOf(parent(files.iterator().next())), files.iterator().next());
        });
    return sets;
  }

  /** Returns the name of the directory that a file is in. */
  static String parent(String path) {
    return path.contains("/") ? AtomicFile.name(path.substring(0, path.lastIndexOf('/'))) : "";
  }

  /** Returns a name of a set, which is safe in paths, from that of its directory or file. */
  private static String nameOf(String file) {
    String base = file.replaceFirst("[-_.]?" + VALUES + "$|" + PARQUET + "$", "");
    String safe = base.replaceAll("[^A-Za-z0-9._-]+", "_").replaceFirst("^[._]+", "");
    return safe.isEmpty() ? "windows" : safe.substring(0, Math.min(safe.length(), 100));
  }

  /** Checks what the headers of the files of a set say, and returns the number of windows. */
  long check(String file) throws IOException {
    if (isNpy(file)) {
      try (NpyArrays arrays = new NpyArrays(file)) {
        return arrays.count;
      }
    }
    long count = 0;
    for (String part : parts(file)) {
      try (ParquetRows rows = ParquetRows.open(part)) {
        checkColumns(part, rows);
        checkArgument(
            rows.rows() % spec.steps() == 0,
            "%s must have %s rows (steps) for each window, had %s rows",
            part,
            spec.steps(),
            rows.rows());
        count += rows.rows() / spec.steps();
      }
    }
    checkArgument(count > 0, "%s holds no windows", file);
    isMasked(file);
    hasStatics(file);
    hasProbabilities(file);
    return count;
  }

  /** Whether a set has masks, by the headers of its files. */
  boolean isMasked(String file) throws IOException {
    return isNpy(file)
        ? AtomicFile.exists(beside(file, MASK))
        : have(file, "masks", this::isMasked);
  }

  /** Whether a set has static covariates, by the headers of its files. */
  boolean hasStatics(String file) throws IOException {
    return isNpy(file)
        ? !spec.statics().isEmpty() && AtomicFile.exists(beside(file, STATICS))
        : have(file, "static covariates", this::hasStatics);
  }

  /** Whether a set has soft labels, by the headers of its files. */
  boolean hasProbabilities(String file) throws IOException {
    return isNpy(file)
        ? AtomicFile.exists(beside(file, PROBABILITIES))
        : have(file, "soft labels", this::hasProbabilities);
  }

  /** Whether all Parquet files of a set have something; fails if only some do. */
  private static boolean have(String file, String what, Predicate<ParquetRows> has)
      throws IOException {
    List<String> parts = parts(file);
    int having = 0;
    for (String part : parts) {
      try (ParquetRows rows = ParquetRows.open(part)) {
        having += has.test(rows) ? 1 : 0;
      }
    }
    checkArgument(
        having == 0 || having == parts.size(),
        "%s has %s in %s of %s files: all must have them, or none",
        file,
        what,
        having,
        parts.size());
    return having > 0;
  }

  /** Streams the windows, numbered from 0 in their order. */
  void read(String file, Consumer<SyntheticWindow> sink) throws IOException {
    RangeCheck units = new RangeCheck();
    Consumer<SyntheticWindow> checked =
        window -> {
          units.add(window);
          sink.accept(window);
        };
    if (isNpy(file)) {
      try (NpyArrays arrays = new NpyArrays(file)) {
        arrays.read(checked);
      }
    } else {
      long id = 0;
      for (String part : parts(file)) {
        try (ParquetRows rows = ParquetRows.open(part)) {
          id = readParquet(part, rows, id, checked);
        }
      }
      checkArgument(id > 0, "%s holds no windows", file);
    }
    units.check(file);
  }

  private static boolean isNpy(String file) {
    return file.endsWith(VALUES);
  }

  private static List<String> parts(String pattern) throws IOException {
    return FileSystems.match(pattern, EmptyMatchTreatment.DISALLOW).metadata().stream()
        .map(file -> file.resourceId().toString())
        .sorted()
        .toList();
  }

  /**
   * @param mask null if the set has none
   * @param statics empty if the set has none
   * @param probabilities empty if the set has none
   */
  private SyntheticWindow window(
      String file,
      long id,
      float[] values,
      boolean @Nullable [] mask,
      float[] statics,
      float[] probabilities,
      double label) {
    checkArgument(
        label == Math.rint(label) && label >= 0 && label < spec.classes(),
        "%s: the label of window %s (from 0) must be a whole number from 0 to %s",
        file,
        id,
        spec.classes() - 1);
    if (mask != null) {
      filling
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      file
                          + " has masks, but the cohort does not say how its gaps were filled:"
                          + " build it again"))
          .fill(values, mask);
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            String.format(
                "%s: values must be finite, window %d (from 0) was not at step %d of %s",
                file,
                id,
                i / spec.channels().size(),
                spec.channels().get(i % spec.channels().size()).name()));
      }
    }
    for (int i = 0; i < statics.length; i++) {
      checkArgument(
          !Float.isInfinite(statics[i]),
          "%s: static covariates must be finite, or NaN if unknown; %s of window %s (from 0) is not",
          file,
          spec.statics().get(i),
          id);
    }
    checkArgument(
        probabilities.length == 0 || SyntheticWindows.isDistribution(probabilities),
        "%s: the probabilities of window %s (from 0) must be from 0 to 1 and add up to 1",
        file,
        id);
    return new SyntheticWindow(
        id,
        (int) label,
        values,
        mask == null ? new SyntheticWindow(id, (int) label, values).mask() : mask,
        statics,
        probabilities);
  }

  /**
   * The arrays of values and labels, and of masks, static covariates and soft labels if there are
   * any.
   */
  private final class NpyArrays implements AutoCloseable {
    private final String valuesFile;
    private final String labelsFile;
    private final String maskFile;
    private final String staticsFile;
    private final String probabilitiesFile;
    private final Npy.Reader values;
    private final Npy.Reader labels;
    private final Npy.@Nullable Reader mask;
    private final Npy.@Nullable Reader statics;
    private final Npy.@Nullable Reader probabilities;
    private final long count;

    NpyArrays(String file) throws IOException {
      valuesFile = file;
      labelsFile = beside(file, LABELS);
      checkArgument(
          AtomicFile.exists(labelsFile),
          "%s needs %s beside it, an array of one label per window",
          valuesFile,
          AtomicFile.name(labelsFile));
      maskFile = beside(file, MASK);
      staticsFile = beside(file, STATICS);
      probabilitiesFile = beside(file, PROBABILITIES);
      Closer opened = Closer.create();
      try {
        values = opened.register(open(valuesFile));
        labels = opened.register(open(labelsFile));
        mask = isMasked(file) ? opened.register(open(maskFile)) : null;
        statics = hasStatics(file) ? opened.register(open(staticsFile)) : null;
        probabilities = hasProbabilities(file) ? opened.register(open(probabilitiesFile)) : null;
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
      count = values.rank() == 0 ? 0 : values.dimension(0);
      try {
        checkShapes();
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    private void checkShapes() {
      checkArgument(
          values.rank() == 3
              && values.dimension(1) == spec.steps()
              && values.dimension(2) == spec.channels().size(),
          "%s must be an array of [windows, %s steps, %s channels] like the cohort's windows, was"
              + " %s",
          valuesFile,
          spec.steps(),
          spec.channels().size(),
          shape(values));
      checkArgument(
          isFloat(values.type()),
          "%s must hold floats, held %s",
          valuesFile,
          values.type().name().toLowerCase(Locale.ROOT));
      checkArgument(
          labels.rank() == 1 && labels.dimension(0) == count,
          "%s must be an array of [%s] like the number of windows in %s, was %s",
          labelsFile,
          count,
          AtomicFile.name(valuesFile),
          shape(labels));
      checkArgument(
          mask == null || shape(mask).equals(shape(values)),
          "%s must be an array of %s like %s, was %s",
          maskFile,
          shape(values),
          AtomicFile.name(valuesFile),
          mask == null ? "" : shape(mask));
      checkArgument(
          statics == null
              || shape(statics).equals(List.of(count, (long) spec.statics().size()).toString()),
          "%s must be an array of [%s, %s static covariates] like the number of windows in %s, was"
              + " %s",
          staticsFile,
          count,
          spec.statics().size(),
          AtomicFile.name(valuesFile),
          statics == null ? "" : shape(statics));
      checkArgument(
          probabilities == null
              || shape(probabilities).equals(List.of(count, (long) spec.classes()).toString()),
          "%s must be an array of [%s, %s classes] like the number of windows in %s, was %s",
          probabilitiesFile,
          count,
          spec.classes(),
          AtomicFile.name(valuesFile),
          probabilities == null ? "" : shape(probabilities));
      checkArgument(
          probabilities == null || isFloat(probabilities.type()),
          "%s must hold floats",
          probabilitiesFile);
      checkArgument(count > 0, "%s holds no windows", valuesFile);
    }

    void read(Consumer<SyntheticWindow> sink) throws IOException {
      double[] label = new double[1];
      float[] observed = new float[spec.size()];
      for (long id = 0; id < count; id++) {
        float[] window = new float[spec.size()];
        checkComplete(values.read(window), valuesFile, id);
        checkComplete(labels.read(label), labelsFile, id);
        boolean[] windowMask = null;
        if (mask != null) {
          checkComplete(mask.read(observed), maskFile, id);
          windowMask = new boolean[observed.length];
          for (int i = 0; i < observed.length; i++) {
            windowMask[i] = isObserved(maskFile, id, observed[i]);
          }
        }
        float[] covariates = new float[statics == null ? 0 : spec.statics().size()];
        if (statics != null) {
          checkComplete(statics.read(covariates), staticsFile, id);
        }
        float[] soft = new float[probabilities == null ? 0 : spec.classes()];
        if (probabilities != null) {
          checkComplete(probabilities.read(soft), probabilitiesFile, id);
        }
        sink.accept(window(valuesFile, id, window, windowMask, covariates, soft, label[0]));
      }
      checkEnd(values, valuesFile);
      checkEnd(labels, labelsFile);
      if (mask != null) {
        checkEnd(mask, maskFile);
      }
      if (statics != null) {
        checkEnd(statics, staticsFile);
      }
      if (probabilities != null) {
        checkEnd(probabilities, probabilitiesFile);
      }
    }

    private void checkComplete(boolean read, String file, long id) {
      checkArgument(read, "%s is truncated: it ends within window %s of %s", file, id, count);
    }

    private void checkEnd(Npy.Reader reader, String file) throws IOException {
      checkArgument(
          !reader.hasMore(), "%s has data behind the array that its header declares", file);
    }

    @Override
    public void close() throws IOException {
      try (Npy.Reader first = values;
          Npy.Reader second = labels;
          Npy.Reader third = mask;
          Npy.Reader fourth = statics;
          Npy.Reader fifth = probabilities) {
        // Closes all of them, whichever fails.
      }
    }
  }

  private static Npy.Reader open(String file) throws IOException {
    try {
      return Npy.reader(AtomicFile.open(file));
    } catch (NpyFormatException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static boolean isFloat(Npy.Type type) {
    return type == Npy.Type.FLOAT16 || type == Npy.Type.FLOAT32 || type == Npy.Type.FLOAT64;
  }

  private static String shape(Npy.Reader reader) {
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < reader.rank(); i++) {
      shape.add(reader.dimension(i));
    }
    return shape.toString();
  }

  /** Checks that a file has exactly the columns of an export; returns that of the window's id. */
  private String checkColumns(String file, ParquetRows rows) throws IOException {
    Set<String> there = new HashSet<>(rows.columns());
    List<String> ids = IDS.stream().filter(there::contains).toList();
    checkArgument(
        ids.size() == 1, "%s must have one of the columns %s", file, String.join(" and ", IDS));
    List<String> channels = spec.channels().stream().map(WindowSpec.Channel::name).toList();
    List<String> required = new ArrayList<>(List.of(LABEL, STEP));
    required.addAll(channels);
    for (String column : required) {
      rows.checkReadable(column);
    }
    List<String> missing = required.stream().filter(name -> !there.contains(name)).toList();
    checkArgument(missing.isEmpty(), "%s lacks the columns %s", file, String.join(", ", missing));
    there.removeAll(required);
    there.removeAll(ids);
    there.remove(SUBJECT);
    List<String> masks = channels.stream().map(channel -> channel + OBSERVED).toList();
    if (masks.stream().anyMatch(there::contains)) {
      List<String> lacking = masks.stream().filter(name -> !there.contains(name)).toList();
      checkArgument(
          lacking.isEmpty(),
          "%s has masks of some channels only: it lacks the columns %s",
          file,
          String.join(", ", lacking));
      required.addAll(masks);
      for (String column : masks) {
        rows.checkReadable(column);
      }
      there.removeAll(masks);
    }
    if (hasStatics(rows)) {
      List<String> lacking = spec.statics().stream().filter(name -> !there.contains(name)).toList();
      checkArgument(
          lacking.isEmpty(),
          "%s has some of the static covariates only: it lacks the columns %s",
          file,
          String.join(", ", lacking));
      required.addAll(spec.statics());
      for (String column : spec.statics()) {
        rows.checkReadable(column);
      }
      there.removeAll(spec.statics());
    }
    if (hasProbabilities(rows)) {
      List<String> lacking =
          probabilityColumns.stream().filter(name -> !there.contains(name)).toList();
      checkArgument(
          lacking.isEmpty(),
          "%s has the probabilities of some of the classes only: it lacks the columns %s",
          file,
          String.join(", ", lacking));
      required.addAll(probabilityColumns);
      for (String column : probabilityColumns) {
        rows.checkReadable(column);
      }
      there.removeAll(probabilityColumns);
    }
    checkArgument(
        there.isEmpty(),
        "%s has columns that are not of the cohort: %s; drop them",
        file,
        there.stream().sorted().map(Printable::of).collect(Collectors.joining(", ")));
    for (String column : required) {
      Class<?> type = rows.type(column);
      checkArgument(
          type == Long.class || type == Double.class,
          "%s: column %s must hold numbers",
          file,
          column);
    }
    return ids.get(0);
  }

  private long readParquet(
      String file, ParquetRows rows, long firstId, Consumer<SyntheticWindow> sink)
      throws IOException {
    String idColumn = checkColumns(file, rows);
    boolean isMasked = isMasked(rows);
    List<String> columns = new ArrayList<>(List.of(idColumn, LABEL, STEP));
    spec.channels().forEach(channel -> columns.add(channel.name()));
    if (isMasked) {
      spec.channels().forEach(channel -> columns.add(channel.name() + OBSERVED));
    }
    int firstStatic = columns.size();
    int covariates = hasStatics(rows) ? spec.statics().size() : 0;
    columns.addAll(spec.statics().subList(0, covariates));
    int firstProbability = columns.size();
    int outputs = hasProbabilities(rows) ? spec.classes() : 0;
    columns.addAll(probabilityColumns.subList(0, outputs));
    float[] soft = new float[outputs];
    int width = spec.channels().size();
    float[] statics = new float[covariates];
    long id = firstId;
    int step = 0;
    float[] values = new float[spec.size()];
    boolean[] mask = new boolean[spec.size()];
    @Nullable Object window = null;
    double label = 0;
    for (int group = 0; group < rows.rowGroups(); group++) {
      ParquetRows.Group row = rows.read(group, columns);
      int[] at = columns.stream().mapToInt(row::index).toArray();
      while (row.next()) {
        if (step == 0) {
          window = row.value(at[0]);
          label = number(row.value(at[1]));
          checkArgument(window != null, "%s: window %s (from 0) has no %s", file, id, idColumn);
        }
        checkArgument(
            Objects.equals(window, row.value(at[0]))
                && label == number(row.value(at[1]))
                && number(row.value(at[2])) == step,
            "%s: window %s (from 0) must have %s rows in the order of their steps, one after the"
                + " other, with one %s and label; its row of step %s has not",
            file,
            id,
            spec.steps(),
            idColumn,
            step);
        for (int c = 0; c < width; c++) {
          values[step * width + c] = (float) number(row.value(at[3 + c]));
          mask[step * width + c] =
              !isMasked || isObserved(file, id, number(row.value(at[3 + width + c])));
        }
        for (int i = 0; i < covariates; i++) {
          float value = (float) number(row.value(at[firstStatic + i]));
          checkArgument(
              step == 0 || Float.compare(value, statics[i]) == 0,
              "%s: static covariate %s of window %s (from 0) must be the same in all of its rows",
              file,
              spec.statics().get(i),
              id);
          statics[i] = value;
        }
        for (int i = 0; i < outputs; i++) {
          float value = (float) number(row.value(at[firstProbability + i]));
          checkArgument(
              step == 0 || Float.compare(value, soft[i]) == 0,
              "%s: the probabilities of window %s (from 0) must be the same in all of its rows",
              file,
              id);
          soft[i] = value;
        }
        if (++step == spec.steps()) {
          sink.accept(
              window(
                  file,
                  id++,
                  values,
                  isMasked ? mask : null,
                  statics.clone(),
                  soft.clone(),
                  label));
          values = new float[spec.size()];
          mask = new boolean[spec.size()];
          step = 0;
        }
      }
    }
    checkArgument(step == 0, "%s: its last window has %s of %s steps", file, step, spec.steps());
    return id;
  }

  /** Whether a file has a mask of every channel, given that its columns were checked. */
  private boolean isMasked(ParquetRows rows) {
    return rows.columns().contains(spec.channels().get(0).name() + OBSERVED);
  }

  /** Whether a file has static covariates. */
  private boolean hasStatics(ParquetRows rows) {
    return spec.statics().stream().anyMatch(rows.columns()::contains);
  }

  /** Whether a file has soft labels. */
  private boolean hasProbabilities(ParquetRows rows) {
    List<String> others = new ArrayList<>(spec.statics());
    spec.channels().forEach(channel -> others.add(channel.name()));
    return probabilityColumns.stream()
        .filter(column -> !others.contains(column))
        .anyMatch(rows.columns()::contains);
  }

  private static boolean isObserved(String file, long id, double number) {
    checkArgument(
        number == 0 || number == 1,
        "%s: masks must hold 0 or 1, that of window %s (from 0) does not",
        file,
        id);
    return number == 1;
  }

  /** Returns another file of the set of a file of values. */
  private static String beside(String valuesFile, String name) {
    return valuesFile.substring(0, valuesFile.length() - VALUES.length()) + name;
  }

  /** Returns a number; a missing one is NaN, which the checks of a window reject. */
  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /**
   * Whether the values of each channel can be in clinical units: normalised values and channels in
   * another order are mostly outside of the valid ranges.
   */
  private final class RangeCheck {
    private final long[] inside = new long[spec.channels().size()];
    private final long[] observed = new long[inside.length];

    void add(SyntheticWindow window) {
      for (int i = 0; i < window.values().length; i++) {
        Cohort.ValidRange range = ranges.get(i % inside.length);
        float value = window.values()[i];
        if (window.mask()[i]) {
          inside[i % inside.length] += value >= range.low() && value <= range.high() ? 1 : 0;
          observed[i % inside.length]++;
        }
      }
    }

    void check(String file) {
      for (int c = 0; c < inside.length; c++) {
        WindowSpec.Channel channel = spec.channels().get(c);
        if (inside[c] < IN_RANGE * observed[c]) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "%s: %.0f %% of the values of %s are in its valid range, from %s to %s %s: values"
                      + " must be in clinical units, and the channels of an array in the order %s",
                  file,
                  100.0 * inside[c] / observed[c],
                  channel.name(),
                  ranges.get(c).low(),
                  ranges.get(c).high(),
                  channel.unit(),
                  Arrays.toString(
                      spec.channels().stream().map(WindowSpec.Channel::name).toArray())));
        }
      }
    }
  }
}
