package io.tardiff.ehr.meds;

import com.google.common.base.CharMatcher;
import io.tardiff.ehr.SplitNames;
import io.tardiff.files.parquet.ParquetRows;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names of splits: those of MEDS, and the ones that other tools use for them. */
final class SplitWords {
  private static final Logger LOG = LoggerFactory.getLogger(Meds.class);

  /** What may be told of a word that is none: a word of this form is no id. */
  private static final CharMatcher LETTERS =
      CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('A', 'Z')).or(CharMatcher.is('_'));

  private static final int MAX_TOLD = 20;

  private SplitWords() {}

  /**
   * Looks at every row, says which words are read as others, and refuses the file where a row has
   * none of them: a subject that is split anew may have been one of the test.
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
          Object word = group.value(split);
          String meant = word == null ? null : SplitNames.of(word.toString());
          if (meant == null || group.value(subject) == null) {
            bad++;
            if (word != null && meant == null) {
              unknown.add(told(word.toString()));
            }
          } else if (!meant.equals(word)) {
            synonyms.add(told(word.toString()) + " as " + meant);
          }
        }
      }
    }
    if (bad > 0) {
      throw new IllegalArgumentException(
          String.format(
              "%s has %d rows without a subject or a split%s; a split is train, tuning or held_out,"
                  + " or one of %s",
              file,
              bad,
              unknown.isEmpty() ? "" : ", such as " + String.join(", ", unknown),
              SplitNames.known().stream()
                  .filter(word -> !MedsColumns.SPLITS.contains(word))
                  .sorted()
                  .collect(Collectors.joining(", "))));
    }
    if (!synonyms.isEmpty()) {
      LOG.warn(
          "The splits of {} are read by other names: {}",
          Printable.of(file),
          Printable.of(String.join(", ", synonyms)));
    }
  }

  private static String told(String word) {
    return word.length() <= MAX_TOLD && LETTERS.matchesAllOf(word) ? word : "(another)";
  }
}
