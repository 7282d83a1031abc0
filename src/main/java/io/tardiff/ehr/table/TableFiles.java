package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.InputFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/**
 * Finds the files of tables in a directory by case-insensitive name: {@code CHARTEVENTS.csv},
 * {@code chartevents.csv.gz}, {@code chartevents.parquet}, or shards such as {@code
 * chartevents-000000000000.csv}.
 *
 * <pre>{@code
 * TableFiles files = TableFiles.in("/data/mimic3").require("ICUSTAYS", "ADMISSIONS");
 * List<String> stays = files.of("ICUSTAYS");
 * List<String> none = files.of("LABEVENTS"); // empty if there is no such table
 * }</pre>
 */
@Internal
public final class TableFiles {

  /** File name endings. */
  private static final String ENDING = "\\.([ct]sv(\\.gz|\\.bz2|\\.zst)?|parquet|avro)$";

  /**
   * Shard names of BigQuery ({@code -000000000000}; the hyphen is part of the user's pattern) and
   * Beam ({@code -00003-of-00010}, before or after the file name ending).
   */
  private static final Pattern SHARD =
      Pattern.compile(
          "(?<table>.+?)(?:[-_](?<number>\\d{5,12})(?:-of-(?<total>\\d{5}))?|(?<bare>\\d{12}))");

  private final String directory;
  private final Map<String, List<String>> tables;

  private TableFiles(String directory, Map<String, List<String>> tables) {
    this.directory = directory;
    this.tables = tables;
  }

  /**
   * Lists a directory and its given subdirectories.
   *
   * @param subdirectories subdirectories such as {@code hosp} and {@code icu}
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

  /**
   * Returns the table of a file: {@code chartevents} for {@code CHARTEVENTS.csv.gz} and {@code
   * chartevents-000000000000.csv}. Other files keep their ending.
   */
  private static String table(String file) {
    Matcher shard = SHARD.matcher(withoutEnding(file));
    return shard.matches() ? withoutEnding(shard.group("table")) : withoutEnding(file);
  }

  private static String withoutEnding(String file) {
    return file.toLowerCase(Locale.ROOT).replaceFirst(ENDING, "");
  }

  private static Integer number(Matcher shard) {
    String number = shard.group("number");
    return Integer.valueOf(number == null ? shard.group("bare") : number);
  }

  /** Fails if a shard is missing or a file is present twice (compressed and uncompressed). */
  private void checkComplete(String table, List<String> files) {
    Set<Integer> numbers = new TreeSet<>();
    int unsharded = 0;
    int total = -1;
    for (String file : files) {
      String name = file.substring(file.lastIndexOf('/') + 1);
      Matcher shard = SHARD.matcher(withoutEnding(name));
      if (!shard.matches()) {
        unsharded++;
      } else {
        checkArgument(
            numbers.add(number(shard)),
            "input must have one file of each shard of table %s, has %s",
            table,
            String.join(", ", files));
        total = shard.group("total") == null ? total : Integer.parseInt(shard.group("total"));
      }
    }
    checkArgument(
        unsharded == 0 || (unsharded == 1 && numbers.isEmpty()),
        "input must have one file of table %s, or its shards, has %s",
        table,
        String.join(", ", files));
    if (numbers.isEmpty()) {
      return;
    }
    int first = numbers.iterator().next();
    int count = Math.max(total, numbers.size());
    for (int number = first; number < first + count; number++) {
      checkArgument(
          first <= 1 && numbers.contains(number),
          "input must have all shards of table %s, lacks number %s",
          table,
          first > 1 ? 0 : number);
    }
  }

  /**
   * Requires these tables.
   *
   * @throws IllegalArgumentException naming all missing tables
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

  /**
   * Returns the files of a table; empty if there is no such table.
   *
   * @throws IllegalArgumentException if a shard is missing or a file is present twice
   */
  public List<String> of(String table) {
    List<String> files = tables.getOrDefault(table.toLowerCase(Locale.ROOT), List.of());
    checkComplete(table, files);
    return files;
  }

  /** Whether there are files of a table and the first is Parquet, by its content. */
  public boolean isParquet(String table) {
    List<String> files = of(table);
    try {
      return !files.isEmpty() && FileFormat.of(all(files.get(0))) == FileFormat.PARQUET;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Returns the files that match a pattern, at least one. */
  static List<Metadata> all(String pattern) throws IOException {
    List<Metadata> files = InputFiles.match(pattern);
    checkArgument(
        !files.isEmpty(), "input must match at least one file, but there is no %s", pattern);
    return files;
  }
}
