package io.tardiff.ehr.meds;

import com.google.common.base.CharMatcher;
import io.tardiff.ehr.SplitNames;
import io.tardiff.files.parquet.ParquetRows;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Validates the file of splits before the pipeline runs. */
final class SplitsFile {
  private static final Logger LOG = LoggerFactory.getLogger(Meds.class);

  /** Unknown split names of this form can be shown, since they cannot be ids. */
  private static final CharMatcher LETTERS =
      CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('A', 'Z')).or(CharMatcher.is('_'));

  private static final int MAX_SHOWN = 20;

  private SplitsFile() {}

  /**
   * Checks every row and logs the synonyms. Rejects the file if any row lacks a valid split,
   * because assigning that subject a new split might move a test subject into training.
   *
   * @throws IllegalArgumentException naming the file
   */
  static void check(String file) throws IOException {
    TreeSet<String> synonyms = new TreeSet<>();
    TreeSet<String> unknown = new TreeSet<>();
    long bad = 0;
    try (ParquetRows rows = ParquetRows.open(file)) {
      for (int g = 0; g < rows.rowGroups(); g++) {
        ParquetRows.Group group = rows.read(g, List.of(MedsColumns.SUBJECT, MedsColumns.SPLIT));
        int split = group.index(MedsColumns.SPLIT);
        int subject = group.index(MedsColumns.SUBJECT);
        while (split >= 0 && subject >= 0 && group.next()) {
          Object name = group.value(split);
          String canonical = name == null ? null : SplitNames.of(name.toString());
          if (canonical == null || group.value(subject) == null) {
            bad++;
            if (name != null && canonical == null) {
              unknown.add(shown(name.toString()));
            }
          } else if (!canonical.equals(name)) {
            synonyms.add(shown(name.toString()) + " as " + canonical);
          }
        }
      }
    }
    if (bad > 0) {
      throw new IllegalArgumentException(
          String.format(
              "%s has %d rows without a subject or a valid split%s; valid are train, tuning, held_out"
                  + " and their synonyms %s",
              file,
              bad,
              unknown.isEmpty() ? "" : " (unknown: " + String.join(", ", unknown) + ")",
              SplitNames.known().stream()
                  .filter(name -> !SplitNames.ALL.contains(name))
                  .sorted()
                  .collect(Collectors.joining(", "))));
    }
    if (!synonyms.isEmpty()) {
      LOG.warn("Mapped synonyms of splits in {}: {}", file, String.join(", ", synonyms));
    }
  }

  private static String shown(String name) {
    return name.length() <= MAX_SHOWN && LETTERS.matchesAllOf(name) ? name : "(not shown)";
  }
}
