package io.tardiff.ehr.signals;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.primitives.Doubles;
import io.tardiff.files.Bounds;
import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Parses the lines of UCR and UEA archive files. */
final class ArchiveFormat {
  private static final Splitter COMMA = Splitter.on(',').trimResults();
  private static final Splitter COLON = Splitter.on(':').trimResults();
  private static final Splitter TAB = Splitter.on('\t').trimResults();
  private static final Splitter BLANK = Splitter.on(Pattern.compile("\\s+")).omitEmptyStrings();

  private ArchiveFormat() {}

  /**
   * Shape of the series.
   *
   * @param channels number of channels
   * @param steps number of time steps
   */
  record Shape(int channels, int steps) implements Serializable {}

  /**
   * A data line split into its parts.
   *
   * @param label class as written
   * @param channels values of each channel as written
   */
  record Row(String label, List<String> channels) {}

  /**
   * Header of a file.
   *
   * @param classes declared classes in their order; null if none
   * @param problem why the file cannot be read; null if it can
   */
  record Header(@Nullable List<String> classes, @Nullable String problem) {}

  /** A row that cannot be read; the message is the reason for the dead letter. */
  static final class BadSeriesException extends Exception {
    private static final long serialVersionUID = 1L;

    BadSeriesException(String reason) {
      super(reason, null, false, false);
    }
  }

  static boolean isComment(String line) {
    return line.isBlank() || line.startsWith("#") || line.startsWith("%");
  }

  static boolean isTag(String line) {
    return line.startsWith("@");
  }

  /** Parses the tags of a header and ignores irrelevant ones. */
  static Header header(List<String> tags) {
    List<String> classes = null;
    String problem = null;
    for (String tag : tags) {
      List<String> words = BLANK.splitToList(tag);
      boolean isTrue = words.size() > 1 && words.get(1).equalsIgnoreCase("true");
      switch (words.get(0).toLowerCase(Locale.ROOT)) {
        case "@timestamps" ->
            problem = isTrue ? "has time stamps, which are not supported" : problem;
        case "@equallength" ->
            problem = isTrue ? problem : "has series of different lengths, which are not supported";
        case "@targetlabel" -> problem = isTrue ? "is a regression set without classes" : problem;
        case "@classlabel" -> {
          if (!isTrue) {
            problem = "has no classes";
          } else if (words.size() > 2) {
            classes = words.subList(2, words.size()).stream().map(ArchiveFormat::key).toList();
          }
        }
        default -> {}
      }
    }
    if (classes != null && classes.stream().distinct().count() < classes.size()) {
      problem = "declares a class twice";
    }
    return new Header(classes, problem);
  }

  /** Normalises a class: different spellings of a number (1, 1.0, 1e0) are the same class. */
  static String key(String label) {
    Double number = Doubles.tryParse(label);
    return number == null || !Double.isFinite(number) ? label : Double.toString(number + 0.0);
  }

  /** Sorts classes as numbers if all are numbers, else as text. */
  static List<String> order(Collection<String> keys) {
    boolean numbers = keys.stream().allMatch(key -> Doubles.tryParse(key) != null);
    return keys.stream()
        .distinct()
        .sorted(
            numbers ? Comparator.comparingDouble(Double::parseDouble) : Comparator.naturalOrder())
        .toList();
  }

  static Row row(String line, TimeSeriesArchive.Format format) throws BadSeriesException {
    if (format == TimeSeriesArchive.Format.TSV) {
      int tab = line.indexOf('\t');
      if (tab < 1) {
        throw new BadSeriesException("row is not a class followed by values");
      }
      return new Row(line.substring(0, tab).trim(), List.of(line.substring(tab + 1)));
    }
    if (CharMatcher.is(':').countIn(line) > Bounds.RECORDING_CHANNELS) {
      throw new BadSeriesException(
          "series has more than " + Bounds.RECORDING_CHANNELS + " channels");
    }
    List<String> parts = COLON.splitToList(line);
    String label = parts.get(parts.size() - 1);
    if (parts.size() < 2 || label.isEmpty()) {
      throw new BadSeriesException("row is not values followed by a class");
    }
    return new Row(label, parts.subList(0, parts.size() - 1));
  }

  private static int steps(String channel, TimeSeriesArchive.Format format) {
    char delimiter = format == TimeSeriesArchive.Format.TSV ? '\t' : ',';
    return CharMatcher.is(delimiter).countIn(channel) + 1;
  }

  /** Returns the shape of the data set, which its first row determines. */
  static Shape shape(Row row, TimeSeriesArchive.Format format) throws BadSeriesException {
    int steps = steps(row.channels().get(0), format);
    if (steps > Bounds.RECORDING_VALUES / row.channels().size()) {
      throw new BadSeriesException("series has more than " + Bounds.RECORDING_VALUES + " values");
    }
    return new Shape(row.channels().size(), steps);
  }

  /** Returns the values, {@code [steps, channels]} row-major. */
  static float[] values(Row row, TimeSeriesArchive.Format format, Shape shape)
      throws BadSeriesException {
    if (row.channels().size() != shape.channels()) {
      throw new BadSeriesException("series has a different number of channels than the first one");
    }
    for (String channel : row.channels()) {
      if (steps(channel, format) != shape.steps()) {
        throw new BadSeriesException("series has a different length than the first one");
      }
    }
    Splitter splitter = format == TimeSeriesArchive.Format.TSV ? TAB : COMMA;
    float[] values = new float[shape.steps() * shape.channels()];
    for (int c = 0; c < shape.channels(); c++) {
      int at = c;
      // Parse lazily: a list of strings takes many times the memory of the line.
      for (String text : splitter.split(row.channels().get(c))) {
        values[at] = value(text);
        at += shape.channels();
      }
    }
    return values;
  }

  private static float value(String text) throws BadSeriesException {
    if (text.equals("?") || text.equalsIgnoreCase("NaN")) {
      return Float.NaN;
    }
    float value;
    try {
      value = Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new BadSeriesException("value is not a number");
    }
    if (!Float.isFinite(value)) {
      throw new BadSeriesException("value is not finite");
    }
    return value;
  }
}
