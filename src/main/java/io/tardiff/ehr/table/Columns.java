package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Positions of a parser's columns in one file.
 *
 * <p>An exact name takes precedence over one that differs only in case, and a column that is an
 * exact match for one name does not match another: {@code dbp} and {@code DBP} are two columns.
 * Ambiguous names are rejected.
 */
final class Columns {
  private final Map<String, Integer> positions;
  private final Set<String> missing;

  private Columns(Map<String, Integer> positions, Set<String> missing) {
    this.positions = positions;
    this.missing = missing;
  }

  /**
   * Finds the columns by name.
   *
   * @param names column names in file order; empty for unnamed columns
   * @param what the file or table, for messages
   * @throws IllegalArgumentException if a required column is missing or ambiguous
   */
  static Columns of(TableParser parser, List<String> names, String what) {
    Columns columns = find(parser, names, what);
    List<String> missing =
        parser.requiredColumns().stream()
            .filter(column -> !columns.positions.containsKey(column))
            .toList();
    checkMissing(parser, missing, what);
    return columns;
  }

  private static Columns find(TableParser parser, List<String> names, String what) {
    Map<String, Integer> exact = new HashMap<>();
    Map<String, List<Integer>> folded = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isEmpty()) {
        continue;
      }
      checkArgument(
          exact.put(name, i) == null,
          "%s must have distinct column names, has %s twice",
          what,
          name);
      folded.computeIfAbsent(fold(name), unused -> new ArrayList<>()).add(i);
    }
    List<String> declared = declared(parser);
    Set<Integer> claimed = new HashSet<>();
    for (String column : declared) {
      if (exact.containsKey(column)) {
        claimed.add(exact.get(column));
      }
    }
    Map<String, Integer> found = new HashMap<>();
    for (String column : declared) {
      if (exact.containsKey(column)) {
        found.put(column, exact.get(column));
        continue;
      }
      List<Integer> candidates =
          folded.getOrDefault(fold(column), List.of()).stream()
              .filter(i -> !claimed.contains(i))
              .toList();
      checkArgument(
          candidates.size() <= 1,
          "%s must have one column %s, has %s",
          what,
          column,
          String.join(" and ", candidates.stream().map(names::get).toList()));
      if (!candidates.isEmpty()) {
        found.put(column, candidates.get(0));
      }
    }
    Set<Integer> used = new HashSet<>();
    found.forEach(
        (column, position) ->
            checkArgument(
                used.add(position),
                "%s must have one column for each required name, but several names that differ only in"
                    + " case match %s",
                what,
                names.get(position)));
    Set<String> missing = new LinkedHashSet<>(parser.columnsOfAnyFile());
    missing.removeAll(found.keySet());
    return new Columns(found, missing);
  }

  /**
   * Fails if a column is missing from all files of a table.
   *
   * @param files columns of each file
   */
  static void checkTogether(TableParser parser, List<Columns> files, String what) {
    List<String> missing =
        parser.columnsOfAnyFile().stream()
            .filter(column -> files.stream().allMatch(file -> file.missing.contains(column)))
            .toList();
    if (!files.isEmpty()) {
      checkMissing(parser, missing, what);
    }
  }

  private static void checkMissing(TableParser parser, List<String> missing, String what) {
    List<String> all = new ArrayList<>(parser.requiredColumns());
    all.addAll(parser.columnsOfAnyFile());
    checkArgument(
        missing.isEmpty(),
        "%s must have the columns %s, lacks %s",
        what,
        String.join(", ", all),
        String.join(", ", missing));
  }

  private static List<String> declared(TableParser parser) {
    Set<String> declared = new LinkedHashSet<>(parser.requiredColumns());
    declared.addAll(parser.optionalColumns());
    declared.addAll(parser.columnsOfAnyFile());
    return List.copyOf(declared);
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Returns positions by the parser's column names. */
  Map<String, Integer> positions() {
    return positions;
  }

  /** Returns missing columns that other files of the table may have. */
  Set<String> missing() {
    return missing;
  }
}
