package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.Cohort;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

  ForeignWindows(Cohort cohort) {
    this.spec = cohort.spec();
    this.ranges = cohort.validRanges();
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
      try (NpyPair arrays = new NpyPair(file)) {
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
    return count;
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
      try (NpyPair arrays = new NpyPair(file)) {
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

  private SyntheticWindow window(String file, long id, float[] values, double label) {
    checkArgument(
        label == Math.rint(label) && label >= 0 && label < spec.classes(),
        "%s: the label of window %s (from 0) must be a whole number from 0 to %s",
        file,
        id,
        spec.classes() - 1);
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
    return new SyntheticWindow(id, (int) label, values);
  }

  /** The arrays of values and labels. */
  private final class NpyPair implements AutoCloseable {
    private final String valuesFile;
    private final String labelsFile;
    private final Npy.Reader values;
    private final Npy.Reader labels;
    private final long count;

    NpyPair(String file) throws IOException {
      valuesFile = file;
      labelsFile = file.substring(0, file.length() - VALUES.length()) + LABELS;
      checkArgument(
          AtomicFile.exists(labelsFile),
          "%s needs %s beside it, an array of one label per window",
          valuesFile,
          AtomicFile.name(labelsFile));
      values = open(valuesFile);
      try {
        labels = open(labelsFile);
      } catch (IOException | RuntimeException e) {
        values.close();
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
      checkArgument(count > 0, "%s holds no windows", valuesFile);
    }

    void read(Consumer<SyntheticWindow> sink) throws IOException {
      double[] label = new double[1];
      for (long id = 0; id < count; id++) {
        float[] window = new float[spec.size()];
        checkComplete(values.read(window), valuesFile, id);
        checkComplete(labels.read(label), labelsFile, id);
        sink.accept(window(valuesFile, id, window, label[0]));
      }
      checkEnd(values, valuesFile);
      checkEnd(labels, labelsFile);
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
      try {
        values.close();
      } finally {
        labels.close();
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
    channels.forEach(channel -> there.remove(channel + OBSERVED));
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
    List<String> columns = new ArrayList<>(List.of(idColumn, LABEL, STEP));
    spec.channels().forEach(channel -> columns.add(channel.name()));
    int width = spec.channels().size();
    long id = firstId;
    int step = 0;
    float[] values = new float[spec.size()];
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
        }
        if (++step == spec.steps()) {
          sink.accept(window(file, id++, values, label));
          values = new float[spec.size()];
          step = 0;
        }
      }
    }
    checkArgument(step == 0, "%s: its last window has %s of %s steps", file, step, spec.steps());
    return id;
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
    private long steps;

    void add(SyntheticWindow window) {
      for (int i = 0; i < window.values().length; i++) {
        Cohort.ValidRange range = ranges.get(i % inside.length);
        float value = window.values()[i];
        inside[i % inside.length] += value >= range.low() && value <= range.high() ? 1 : 0;
      }
      steps += spec.steps();
    }

    void check(String file) {
      for (int c = 0; c < inside.length; c++) {
        WindowSpec.Channel channel = spec.channels().get(c);
        if (inside[c] < IN_RANGE * steps) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "%s: %.0f %% of the values of %s are in its valid range, from %s to %s %s: values"
                      + " must be in clinical units, and the channels of an array in the order %s",
                  file,
                  100.0 * inside[c] / steps,
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
