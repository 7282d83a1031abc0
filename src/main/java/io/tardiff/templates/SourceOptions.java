package io.tardiff.templates;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** Where EHR come from. */
@Description("Source")
public interface SourceOptions extends PipelineOptions {
  @Description(
      "Where the EHR come from: a simulated ICU, or a directory in the layout of the PhysioNet"
          + " Challenge 2012, MIMIC-III, MIMIC-IV, eICU, MEDS, FHIR R4 bulk export or OMOP; tables"
          + " of your own by a mapping; or a set of recordings in the layout of Medformer or of the UCR and UEA archives.")
  @Validation.Required
  @Values(constantsOf = EhrSource.class)
  String getSource();

  void setSource(String source);

  @Description("Directory of the source's files; needed unless the source is simulated.")
  @Values(form = "directory")
  String getInput();

  void setInput(String input);

  @Description(
      "File that says what the columns of your tables are; needed where the source is tables.")
  @Values(form = "file.yaml")
  String getMapping();

  void setMapping(String file);

  @Description(
      "Labels of a MEDS source: a task in its folder labels, or another directory; the only task"
          + " there is where it is left out.")
  @Values(form = "task or directory")
  String getTaskLabels();

  void setTaskLabels(String labels);

  @Description(
      "Vocabulary of the codes, where it is not the one that comes with the source; --concepts can"
          + " bring one.")
  @Values(form = "name")
  String getVocabulary();

  void setVocabulary(String name);

  @Description(
      "Published split of the subjects of a Medformer set; by --split where it is left out.")
  @Values({"apava", "tdbrain", "adftd", "ptb"})
  String getSignalSplits();

  void setSignalSplits(String splits);

  @Description(
      "Concepts of an OMOP source's visits that are stays in hospital; 9201,262,8717 where they are"
          + " left out. MIMIC-IV in OMOP has most of them as 8870.")
  @Values(form = "id,id,...")
  String getHospitalVisits();

  void setHospitalVisits(String concepts);

  @Description(
      "What stands between the fields of text tables, one character or tab; a comma, or what the"
          + " header shows, where it is left out.")
  @Values(form = "character or tab")
  String getDelimiter();

  void setDelimiter(String delimiter);

  @Description(
      "Decimal mark of the numbers in text tables; a point where it is left out, and numbers with a"
          + " comma are counted as texts.")
  @Values(form = ". or ,")
  String getDecimal();

  void setDecimal(String mark);

  @Description(
      "How text tables write times, such as dd.MM.yyyy HH:mm; several with a vertical bar between, iso for ISO"
          + " 8601, which it is where it is left out.")
  @Values(form = "pattern")
  String getTimeFormat();

  void setTimeFormat(String pattern);

  @Description(
      "Character set of text tables, such as windows-1252; by the byte order mark, else UTF-8, and"
          + " ISO-8859-1 for lines that are not, where it is left out.")
  @Values(form = "name")
  String getCharset();

  void setCharset(String name);

  @Description(
      "Words of text tables that stand for no value, besides NULL, NA, NaN, None, \\N and empty"
          + " cells.")
  @Values(form = "word,word,...")
  String getNullWords();

  void setNullWords(String words);

  @Description("Samples per second of a set of recordings.")
  @Default.Double(256)
  Double getSamplingRate();

  void setSamplingRate(Double rate);

  @Description("Stays of the simulated cohort.")
  @Default.Integer(4000)
  Integer getStays();

  void setStays(Integer stays);

  @Description("Seed of the simulated cohort, so that it can stay while --seed changes.")
  @Default.Long(0)
  Long getSimulationSeed();

  void setSimulationSeed(Long seed);

  @Description(
      "Largest share of the rows read that may be malformed, 0 to 1. Malformed rows go to the"
          + " dead-letter output with the reason; a larger share fails the run.")
  @Default.Double(0.01)
  Double getDeadLetterThreshold();

  void setDeadLetterThreshold(Double threshold);
}
