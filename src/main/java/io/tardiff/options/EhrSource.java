package io.tardiff.options;

import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.ehr.eicu.Eicu;
import io.tardiff.ehr.fhir.FhirR4;
import io.tardiff.ehr.meds.Meds;
import io.tardiff.ehr.mimic.Mimic3;
import io.tardiff.ehr.mimic.Mimic4;
import io.tardiff.ehr.mimic.ReadMimic;
import io.tardiff.ehr.omop.Omop;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.physionet2012.PhysioNet2012;
import io.tardiff.ehr.ricu.Ricu;
import io.tardiff.ehr.signals.Medformer;
import io.tardiff.ehr.signals.SeriesShape;
import io.tardiff.ehr.signals.TimeSeriesArchive;
import io.tardiff.ehr.table.Tables;
import io.tardiff.ehr.table.TextFormat;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The values of {@code --source}: each has a reader and a vocabulary of its codes. */
public enum EhrSource implements Labelled {
  /** Generates its events from a seed; templates handle it separately. */
  SIMULATED(
      "physionet2012",
      (options, codes, dispositions) -> {
        throw new IllegalStateException("the simulated ICU has no reader");
      }),
  PHYSIONET2012(
      "physionet2012",
      (options, codes, dispositions) ->
          PhysioNet2012.read().from(options.getInput()).withFormat(text(options))),
  MIMIC3(
      "mimic3",
      (options, codes, dispositions) -> mimic(Mimic3.read(), options, codes, dispositions)),
  MIMIC4(
      "mimic4",
      (options, codes, dispositions) -> mimic(Mimic4.read(), options, codes, dispositions)),
  EICU(
      "eicu",
      (options, codes, dispositions) ->
          withCodes(
              Eicu.read()
                  .from(options.getInput())
                  .withFormat(text(options))
                  .withDispositions(dispositions),
              codes,
              Eicu.Read::withCodes)),
  /** Assigns observations to stays by time: many servers refer them to a different encounter. */
  FHIR(
      "fhir",
      (options, codes, dispositions) ->
          withCodes(
              FhirR4.read()
                  .from(options.getInput())
                  .withStaysByTime()
                  .withDispositions(dispositions)
                  .withMaxRecordMegabytes(options.getMaxRecordMegabytes())
                  .withEncounterClasses(Set.copyOf(TextList.words(options.getEncounterClasses()))),
              codes,
              FhirR4.Read::withCodes)),
  OMOP(
      "omop",
      (options, codes, dispositions) ->
          withCodes(
              Omop.read()
                  .from(options.getInput())
                  .withDispositions(dispositions)
                  .withFormat(text(options))
                  .withHospitalVisits(Set.copyOf(TextList.words(options.getHospitalVisits()))),
              codes,
              Omop.Read::withCodes)),
  MEDS(
      "meds_mimic4",
      (options, codes, dispositions) -> {
        Meds.Read read =
            Meds.read().from(options.getInput()).withDispositions(dispositions).withCodes(codes);
        return options.getTaskLabels() == null ? read : read.withLabels(options.getTaskLabels());
      }),
  RICU(
      "ricu",
      (options, codes, dispositions) -> {
        Ricu.Read read =
            withCodes(
                Ricu.read().from(options.getInput()).withFormat(text(options)),
                codes,
                Ricu.Read::withCodes);
        return options.getTimeUnit() == null
            ? read
            : read.withTimeUnit(Ricu.TimeUnit.of(options.getTimeUnit()));
      }),
  TABLES(
      ConceptDictionary.OWN_NAMES,
      (options, codes, dispositions) ->
          withCodes(
              Tables.read()
                  .from(options.getInput())
                  .withMapping(options.getMapping())
                  .withMaxRecordMegabytes(options.getMaxRecordMegabytes())
                  .withFormat(text(options)),
              codes,
              Tables.Read::withCodes)),
  /** Recordings that become windows whole; templates handle them separately. */
  MEDFORMER(ConceptDictionary.OWN_NAMES, (options, codes, dispositions) -> medformer(options)),
  UCR_UEA(ConceptDictionary.OWN_NAMES, (options, codes, dispositions) -> archive(options));

  /** Builds the reader of a source; {@code codes} is null for all codes. */
  private interface Factory {
    PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions);
  }

  private final String vocabulary;
  private final Factory factory;

  EhrSource(String vocabulary, Factory factory) {
    this.vocabulary = vocabulary;
    this.factory = factory;
  }

  public static EhrSource of(SourceOptions options) {
    return Labelled.of(EhrSource.class, "source", options.getSource());
  }

  /** Returns the name of the vocabulary of its codes in the concept dictionary. */
  public String vocabulary() {
    return vocabulary;
  }

  /** Returns the shape of the recordings of a signal data set; null for all other sources. */
  public @Nullable SeriesShape shape(SourceOptions options) {
    return switch (this) {
      case MEDFORMER -> medformer(options).shape();
      case UCR_UEA -> archive(options).shape();
      default -> null;
    };
  }

  /** Whether the source's files are text tables, whose format the options can set. */
  public final boolean isText() {
    return switch (this) {
      case PHYSIONET2012, MIMIC3, MIMIC4, EICU, OMOP, RICU, TABLES -> true;
      case SIMULATED, FHIR, MEDS, MEDFORMER, UCR_UEA -> false;
    };
  }

  /** Whether it has records that are read as a whole. */
  public final boolean hasRecords() {
    return this == FHIR || this == TABLES;
  }

  /** Whether its times are calendar times, not offsets from admission. */
  public final boolean hasTimes() {
    return this != PHYSIONET2012 && this != EICU && this != RICU;
  }

  /** Whether the source is a signal data set. */
  public final boolean isSignals() {
    return this == MEDFORMER || this == UCR_UEA;
  }

  /**
   * Returns the reader, with the outputs of {@link io.tardiff.ehr.EhrTags}.
   *
   * @param codes codes to read events of; null for all
   * @param dispositions meaning of discharge codes and words
   */
  public PTransform<PBegin, PCollectionTuple> reader(
      SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
    return factory.reader(options, codes, dispositions);
  }

  private static ReadMimic mimic(
      ReadMimic read,
      SourceOptions options,
      @Nullable Set<String> codes,
      Dispositions dispositions) {
    return withCodes(
        read.from(options.getInput()).withFormat(text(options)).withDispositions(dispositions),
        codes,
        ReadMimic::withCodes);
  }

  private static Medformer.Read medformer(SourceOptions options) {
    Medformer.Read read = Medformer.read().from(options.getInput());
    return options.getSignalSplits() == null
        ? read
        : read.withSplits(Medformer.Splits.of(options.getSignalSplits()));
  }

  private static TimeSeriesArchive.Read archive(SourceOptions options) {
    return TimeSeriesArchive.read().from(options.getInput());
  }

  private static <T> T withCodes(
      T read, @Nullable Set<String> codes, BiFunction<T, Set<String>, T> withCodes) {
    return codes == null ? read : withCodes.apply(read, codes);
  }

  /** Returns the text format that the options set; they have been validated before. */
  private static TextFormat text(SourceOptions options) {
    return Configurations.text(options, Problems.ofOptions());
  }
}
