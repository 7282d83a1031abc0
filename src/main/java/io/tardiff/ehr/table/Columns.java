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
 * Where the columns of one file are that a parser declares.
 *
 * <p>The very name counts first, then one that differs in the case of letters alone and that no
 * declared column has as its very name: {@code dbp} and {@code DBP} are two columns. Where several
 * could be meant nothing is guessed.
 */
final class Columns {
  private final Map<String, Integer> positions;
  private final Set<String> lacking;

  private Columns(Map<String, Integer> positions, Set<String> lacking) {
    this.positions = positions;
    this.lacking = lacking;
  }

  /**
   * Finds the columns by the names of a file.
   *
   * @param names in the order of the file; empty ones are columns without a name
   * @param what the file or the table, as a message names it
   * @throws IllegalArgumentException where a required one is missing, or two could be meant
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
          "%s must have columns of different names, has %s twice",
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
                "%s must have a column for each of those that differ in the case of letters alone,"
                    + " has one for several: %s",
                what,
                names.get(position)));
    Set<String> lacking = new LinkedHashSet<>(parser.columnsOfSomeFile());
    lacking.removeAll(found.keySet());
    return new Columns(found, lacking);
  }

  /**
   * Fails where no file of a table has a column that one at least must have.
   *
   * @param files the columns of each
   */
  static void checkTogether(TableParser parser, List<Columns> files, String what) {
    List<String> missing =
        parser.columnsOfSomeFile().stream()
            .filter(column -> files.stream().allMatch(file -> file.lacking.contains(column)))
            .toList();
    if (!files.isEmpty()) {
      checkMissing(parser, missing, what);
    }
  }

  private static void checkMissing(TableParser parser, List<String> missing, String what) {
    List<String> all = new ArrayList<>(parser.requiredColumns());
    all.addAll(parser.columnsOfSomeFile());
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
    declared.addAll(parser.columnsOfSomeFile());
    return List.copyOf(declared);
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Positions by the names that the parser has for the columns. */
  Map<String, Integer> positions() {
    return positions;
  }

  /** Columns of which other files of the table may have values. */
  Set<String> lacking() {
    return lacking;
  }
}
