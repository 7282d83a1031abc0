package io.tardiff.schematransforms;

import io.tardiff.ehr.table.TextFormat;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Fields that say how text tables are written. */
interface TextFields {
  @Nullable String getDelimiter();

  @Nullable String getDecimal();

  @Nullable String getTimeFormat();

  @Nullable String getCharset();

  @Nullable List<String> getNullWords();

  /** For sources whose times are offsets. */
  static void refuseTimes(TextFields given, Fields fields) {
    if (given.getTimeFormat() != null) {
      fields.add("time_format must be left out: the times of the source are offsets");
    }
  }

  /** What is said, and what is safe to recognise where nothing is. */
  static TextFormat format(TextFields given, Fields fields) {
    TextFormat format = TextFormat.standard();
    format =
        fields.apply(
            "delimiter",
            given.getDelimiter(),
            format,
            (f, word) -> f.withDelimiter(TextFormat.delimiter(word)));
    format =
        fields.apply(
            "decimal",
            given.getDecimal(),
            format,
            (f, mark) -> f.withDecimal(TextFormat.decimalMark(mark)));
    format =
        fields.apply("time_format", given.getTimeFormat(), format, TextFormat::withTimePattern);
    format = fields.apply("charset", given.getCharset(), format, TextFormat::withCharset);
    return fields.apply(
        "null_words",
        given.getNullWords(),
        format,
        (f, words) -> f.withNullWords(Set.copyOf(words)));
  }
}
