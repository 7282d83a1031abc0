package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Checks the columns of a table before anything runs. */
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
}
