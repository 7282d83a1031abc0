package io.tardiff.schematransforms;

import com.google.auto.value.AutoValue;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.schemas.AutoValueSchema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Fields of every reader of files, and of the parsers: which events are made. */
abstract class SourceConfiguration extends ReadConfiguration implements EventFields {
  private static final String NARROW =
      " With any of task, concepts, channels and vocabulary, only those events are made that"
          + " build_cohort wants with the same; all otherwise.";

  @Override
  @SchemaFieldDescription("Task of the cohort to come, by name or as a YAML file." + NARROW)
  public abstract @Nullable String getTask();

  @Override
  @SchemaFieldDescription("YAML file of concepts and source codes of the cohort to come." + NARROW)
  public abstract @Nullable String getConcepts();

  @Override
  @SchemaFieldDescription("Channels of the cohort to come." + NARROW)
  public abstract @Nullable List<String> getChannels();

  @Override
  @SchemaFieldDescription("Vocabulary of the codes, where it is not the source's own." + NARROW)
  public abstract @Nullable String getVocabulary();

  /** Codes of the events wanted, null for all. */
  final @Nullable Set<String> codes(String vocabulary, Fields fields) {
    Set<String> codes = EventFields.config(this, vocabulary, fields).codes();
    boolean all =
        getTask() == null
            && getConcepts() == null
            && getChannels() == null
            && getVocabulary() == null;
    return all ? null : codes;
  }

  /** Of a directory of files. */
  abstract static class OfFiles extends SourceConfiguration {
    @SchemaFieldDescription("Directory of the source's files, on any Beam file system.")
    public abstract String getInput();
  }

  /** Of a directory of text tables. */
  abstract static class OfText extends OfFiles implements TextFields {
    @Override
    @SchemaFieldDescription(
        "What stands between the fields, one character or tab; a comma, or what the header shows,"
            + " where it is left out.")
    public abstract @Nullable String getDelimiter();

    @Override
    @SchemaFieldDescription(
        "Decimal mark, . or a comma; a point where it is left out, and numbers with a comma are"
            + " counted as texts.")
    public abstract @Nullable String getDecimal();

    @Override
    @SchemaFieldDescription(
        "How times are written, such as dd.MM.yyyy HH:mm; several with a vertical bar between, iso for ISO 8601,"
            + " which it is where it is left out.")
    public abstract @Nullable String getTimeFormat();

    @Override
    @SchemaFieldDescription(
        "Character set, such as windows-1252; by the byte order mark, else UTF-8, and ISO-8859-1 for"
            + " lines that are not, where it is left out.")
    public abstract @Nullable String getCharset();

    @Override
    @SchemaFieldDescription(
        "Words that stand for no value, besides NULL, NA, NaN, None, \\N and empty cells.")
    public abstract @Nullable List<String> getNullWords();
  }

  /** Of text tables that need no more. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Delimited extends OfText {}

  /** Of a source that needs no more. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Plain extends OfFiles {}

  /** PhysioNet 2012 has few codes: all are read. */
  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class PhysioNet2012 extends ReadConfiguration implements TextFields {
    @SchemaFieldDescription("Directory of the source's files, on any Beam file system.")
    public abstract String getInput();

    @Override
    @SchemaFieldDescription(
        "What stands between the fields, one character or tab; a comma, or what the header shows,"
            + " where it is left out.")
    public abstract @Nullable String getDelimiter();

    @Override
    @SchemaFieldDescription(
        "Decimal mark, . or a comma; a point where it is left out, and numbers with a comma are"
            + " counted as texts.")
    public abstract @Nullable String getDecimal();

    @Override
    @SchemaFieldDescription(
        "How times are written, such as dd.MM.yyyy HH:mm; several with a vertical bar between, iso for ISO 8601,"
            + " which it is where it is left out.")
    public abstract @Nullable String getTimeFormat();

    @Override
    @SchemaFieldDescription(
        "Character set, such as windows-1252; by the byte order mark, else UTF-8, and ISO-8859-1 for"
            + " lines that are not, where it is left out.")
    public abstract @Nullable String getCharset();

    @Override
    @SchemaFieldDescription(
        "Words that stand for no value, besides NULL, NA, NaN, None, \\N and empty cells.")
    public abstract @Nullable List<String> getNullWords();
  }

  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Simulated {
    @SchemaFieldDescription("Stays of the simulated cohort; 4000 where it is left out.")
    public abstract @Nullable Integer getStays();

    @SchemaFieldDescription("Seed of the simulated cohort; 0 where it is left out.")
    public abstract @Nullable Long getSimulationSeed();
  }

  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Omop extends OfText {
    @SchemaFieldDescription(
        "Concepts of visits that are stays in hospital; 9201, 262 and 8717 where it is left out."
            + " MIMIC-IV in OMOP has most of them as 8870.")
    public abstract @Nullable List<String> getHospitalVisits();
  }

  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Meds extends OfFiles {
    @SchemaFieldDescription(
        "Labels: a task in the folder labels, or another directory; the only task there is where it"
            + " is left out.")
    public abstract @Nullable String getTaskLabels();
  }

  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Tables extends OfText {
    @SchemaFieldDescription("YAML file that says what the columns of your tables are.")
    public abstract String getMapping();
  }

  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Table extends SourceConfiguration {
    @SchemaFieldDescription("YAML file that says what the columns of your tables are.")
    public abstract String getMapping();

    @SchemaFieldDescription("Which of the tables of the mapping the rows are from, by its name.")
    public abstract String getTable();
  }

  @AutoValue
  @DefaultSchema(AutoValueSchema.class)
  abstract static class Fhir extends SourceConfiguration {}
}
