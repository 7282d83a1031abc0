package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The columns of a table, before anything runs. */
final class Columns {
  private Columns() {}

  /**
   * @param there names in lower case
   * @param what the table, as a message names it
   */
  static void check(TableParser parser, Set<String> there, String what) {
    List<String> missing =
        parser.requiredColumns().stream()
            .filter(column -> !there.contains(column.toLowerCase(Locale.ROOT)))
            .toList();
    checkArgument(
        missing.isEmpty(),
        "%s must have the columns %s, lacks %s",
        what,
        String.join(", ", parser.requiredColumns()),
        String.join(", ", missing));
  }

  /**
   * Where the columns are that a parser declares, by the names it has for them: found once, so that
   * no row has to mind the case of letters.
   *
   * @param there positions by names in lower case
   * @param what the table, as a message names it
   * @throws IllegalArgumentException where a required one is missing
   */
  static <T> Map<String, T> of(TableParser parser, Map<String, T> there, String what) {
    check(parser, there.keySet(), what);
    List<String> declared = new ArrayList<>(parser.requiredColumns());
    declared.addAll(parser.optionalColumns());
    Map<String, T> found = new HashMap<>();
    for (String column : declared) {
      T position = there.get(column.toLowerCase(Locale.ROOT));
      if (position != null) {
        found.put(column, position);
      }
    }
    return found;
  }
}
