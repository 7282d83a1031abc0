package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** How text tables are written. */
@Description("Source")
public interface TextOptions extends PipelineOptions {
  @Description(
      "What stands between the fields of text tables, one character or tab; by default a comma, or"
          + " what the header shows.")
  @Values(form = "character or tab")
  String getDelimiter();

  void setDelimiter(String delimiter);

  @Description(
      "Decimal mark of the numbers in text tables; by default a point, and numbers with a comma are"
          + " counted as text.")
  @Values(form = ". or ,")
  String getDecimal();

  void setDecimal(String mark);

  @Description(
      "How text tables write times, such as dd.MM.yyyy HH:mm, or iso for ISO 8601, the default;"
          + " several with a vertical bar between.")
  @Values(form = "pattern")
  String getTimeFormat();

  void setTimeFormat(String pattern);

  @Description(
      "Character set of text tables, such as windows-1252; by default that of the byte order mark,"
          + " else UTF-8, and ISO-8859-1 for lines that are not.")
  @Values(form = "name")
  String getCharset();

  void setCharset(String name);

  @Description(
      "Words of text tables that stand for no value, besides NULL, NA, NaN, None, \\N and empty"
          + " cells.")
  @Values(form = "word,word,...", items = Values.Items.WORDS)
  String getNullWords();

  void setNullWords(String words);
}
