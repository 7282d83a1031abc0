package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.InputFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/**
 * The files of a data set's tables in a directory, found by name without regard to case: {@code
 * CHARTEVENTS.csv}, {@code chartevents.csv.gz}.
 *
 * <pre>{@code
 * TableFiles files = TableFiles.in("/data/mimic3").require("ICUSTAYS", "ADMISSIONS");
 * List<String> stays = files.of("ICUSTAYS");
 * List<String> none = files.of("LABEVENTS"); // empty where the table is not there
 * }</pre>
 */
@Internal
public final class TableFiles {
  private static final int HEADER_LIMIT = 1 << 20;

  private final String directory;
  private final Map<String, List<String>> tables;

  private TableFiles(String directory, Map<String, List<String>> tables) {
    this.directory = directory;
    this.tables = tables;
  }

  /**
   * Lists a directory, and the directories named below it.
   *
   * @param subdirectories such as {@code hosp} and {@code icu}; the directory itself counts always
   */
  public static TableFiles in(String directory, String... subdirectories) {
    checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
    String root = InputFiles.slash(directory);
    List<String> patterns = new ArrayList<>(List.of(root + "*"));
    for (String subdirectory : subdirectories) {
      patterns.add(root + subdirectory + "/*");
    }
    Map<String, List<String>> tables = new LinkedHashMap<>();
    try {
      for (String pattern : patterns) {
        for (Metadata file : InputFiles.match(pattern)) {
          String name = file.resourceId().getFilename();
          if (name != null) {
            tables
                .computeIfAbsent(table(name), unused -> new ArrayList<>())
                .add(file.resourceId().toString());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the input directory " + directory, e);
    }
    tables.values().forEach(files -> files.sort(null));
    return new TableFiles(directory, tables);
  }

  /** {@code CHARTEVENTS.csv.gz} is {@code chartevents}; what is no CSV keeps its ending. */
  private static String table(String file) {
    return file.toLowerCase(Locale.ROOT).replaceFirst("\\.csv(\\.gz)?$", "");
  }

  /**
   * Fails where a table is not there.
   *
   * @throws IllegalArgumentException naming all that are missing
   */
  public TableFiles require(String... names) {
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      if (of(name).isEmpty()) {
        missing.add(name + ".csv[.gz]");
      }
    }
    checkArgument(
        missing.isEmpty(),
        "input must be a directory with %s, was %s: it is missing or has no %s",
        String.join(".csv[.gz], ", names) + ".csv[.gz]",
        directory,
        String.join(", ", missing));
    return this;
  }

  /** The files of a table; none where it is not there. */
  public List<String> of(String table) {
    return tables.getOrDefault(table.toLowerCase(Locale.ROOT), List.of());
  }

  /** The first line of the first file of a pattern, uncompressed, without a byte order mark. */
  static String firstLine(String pattern) {
    try {
      Metadata file = all(pattern).get(0);
      String name = file.resourceId().toString();
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(InputFiles.open(file), StandardCharsets.UTF_8))) {
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c >= 0 && c != '\n' && c != '\r'; c = reader.read()) {
          line.append((char) c);
          checkArgument(line.length() < HEADER_LIMIT, "%s must begin with a header", name);
        }
        checkArgument(!line.isEmpty(), "%s must begin with a header, was empty", name);
        return line.charAt(0) == '\uFEFF' ? line.substring(1) : line.toString();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + pattern, e);
    }
  }

  /** The files of a pattern, which must match one at least. */
  static List<Metadata> all(String pattern) throws IOException {
    List<Metadata> files = InputFiles.match(pattern);
    checkArgument(!files.isEmpty(), "input must name files, but there is no %s", pattern);
    return files;
  }
}
