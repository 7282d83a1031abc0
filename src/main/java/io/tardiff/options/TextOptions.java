package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The format of text tables. */
@Description("Source")
public interface TextOptions extends PipelineOptions {
  @Description(
      "Delimiter of the fields of text tables, one character or tab. Default: comma, or as detected"
          + " from the header.")
  @Values(form = "character or tab")
  String getDelimiter();

  void setDelimiter(String delimiter);

  @Description(
      "Decimal mark of the numbers in text tables. Default: a point; numbers with a comma are then"
          + " counted as text.")
  @Values(form = ". or ,")
  String getDecimal();

  void setDecimal(String mark);

  @Description(
      "Format of times in text tables, such as dd.MM.yyyy HH:mm, or iso for ISO 8601; several are"
          + " separated by a vertical bar. Default: iso.")
  @Values(form = "pattern")
  String getTimeFormat();

  void setTimeFormat(String pattern);

  @Description(
      "Character set of text tables, such as windows-1252. Default: that of the byte order mark,"
          + " else UTF-8, with ISO-8859-1 for lines that are not UTF-8.")
  @Values(form = "name")
  String getCharset();

  void setCharset(String name);

  @Description(
      "Words that mean a missing value in text tables, besides NULL, NA, NaN, None, \\N and empty"
          + " cells.")
  @Values(form = "word,word,...", items = Values.Items.WORDS)
  String getNullWords();

  void setNullWords(String words);
}
