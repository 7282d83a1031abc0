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
import io.tardiff.ehr.signals.Medformer;
import io.tardiff.ehr.signals.SeriesShape;
import io.tardiff.ehr.signals.TimeSeriesArchive;
import io.tardiff.ehr.table.Tables;
import io.tardiff.ehr.table.TextFormat;
import io.tardiff.settings.Labelled;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import java.util.Set;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The values of {@code --source}: each has a reader and the vocabulary of its codes. */
public enum EhrSource implements Labelled {
  /** Has no input and no dead letters, so templates handle it separately. */
  SIMULATED("physionet2012") {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      throw new IllegalStateException("the simulated ICU is not read");
    }
  },
  PHYSIONET2012("physionet2012") {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      return PhysioNet2012.read().from(options.getInput()).withFormat(text(options));
    }
  },
  MIMIC3("mimic3") {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      ReadMimic read =
          Mimic3.read()
              .from(options.getInput())
              .withFormat(text(options))
              .withDispositions(dispositions);
      return codes == null ? read : read.withCodes(codes);
    }
  },
  MIMIC4("mimic4") {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      ReadMimic read =
          Mimic4.read()
              .from(options.getInput())
              .withFormat(text(options))
              .withDispositions(dispositions);
      return codes == null ? read : read.withCodes(codes);
    }
  },
  EICU("eicu") {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      Eicu.Read read =
          Eicu.read()
              .from(options.getInput())
              .withFormat(text(options))
              .withDispositions(dispositions);
      return codes == null ? read : read.withCodes(codes);
    }
  },
  FHIR("fhir") {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      // By time, because many servers link observations to another encounter than that of the stay.
      FhirR4.Read read =
          FhirR4.read()
              .from(options.getInput())
              .withStaysByTime()
              .withDispositions(dispositions)
              .withEncounterClasses(Set.copyOf(TextList.words(options.getEncounterClasses())));
      return codes == null ? read : read.withCodes(codes);
    }
  },
  OMOP("omop") {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      Omop.Read read =
          Omop.read()
              .from(options.getInput())
              .withDispositions(dispositions)
              .withFormat(text(options))
              .withHospitalVisits(Set.copyOf(TextList.words(options.getHospitalVisits())));
      return codes == null ? read : read.withCodes(codes);
    }
  },
  MEDS("meds_mimic4") {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      Meds.Read read = Meds.read().from(options.getInput()).withDispositions(dispositions);
      if (options.getTaskLabels() != null) {
        read = read.withLabels(options.getTaskLabels());
      }
      return codes == null ? read : read.withCodes(codes);
    }
  },
  TABLES(ConceptDictionary.OWN_NAMES) {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      Tables.Read read =
          Tables.read()
              .from(options.getInput())
              .withMapping(options.getMapping())
              .withFormat(text(options));
      return codes == null ? read : read.withCodes(codes);
    }
  },
  /** Recordings, which become windows without being cut, so templates handle them separately. */
  MEDFORMER(ConceptDictionary.OWN_NAMES) {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      return recordings(options);
    }

    private Medformer.Read recordings(SourceOptions options) {
      Medformer.Read read = Medformer.read().from(options.getInput());
      return options.getSignalSplits() == null
          ? read
          : read.withSplits(Medformer.Splits.of(options.getSignalSplits()));
    }

    @Override
    public SeriesShape shape(SourceOptions options) {
      return recordings(options).shape();
    }
  },
  UCR_UEA(ConceptDictionary.OWN_NAMES) {
    @Override
    public PTransform<PBegin, PCollectionTuple> reader(
        SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions) {
      return TimeSeriesArchive.read().from(options.getInput());
    }

    @Override
    public SeriesShape shape(SourceOptions options) {
      return TimeSeriesArchive.read().from(options.getInput()).shape();
    }
  };

  private final String vocabulary;

  EhrSource(String vocabulary) {
    this.vocabulary = vocabulary;
  }

  public static EhrSource of(SourceOptions options) {
    return Labelled.of(EhrSource.class, "source", options.getSource());
  }

  /** Returns the name of the vocabulary of its codes in the concept dictionary. */
  public String vocabulary() {
    return vocabulary;
  }

  /** Returns the shape of the recordings, or null if the source is not a set of recordings. */
  public @Nullable SeriesShape shape(SourceOptions options) {
    return null;
  }

  /** Returns whether the files are text tables, whose format options can set. */
  public final boolean isText() {
    return switch (this) {
      case PHYSIONET2012, MIMIC3, MIMIC4, EICU, OMOP, TABLES -> true;
      case SIMULATED, FHIR, MEDS, MEDFORMER, UCR_UEA -> false;
    };
  }

  /** Returns whether times are dates with times of day, rather than offsets. */
  public final boolean hasTimes() {
    return this != PHYSIONET2012 && this != EICU;
  }

  /** Returns the format of text tables. The options have been checked before. */
  private static TextFormat text(SourceOptions options) {
    return Configurations.text(options, Problems.ofOptions());
  }

  /** Returns whether the source is a set of recordings. */
  public final boolean isSignals() {
    return this == MEDFORMER || this == UCR_UEA;
  }

  /**
   * Returns the reader, with the outputs of {@link io.tardiff.ehr.EhrTags}.
   *
   * @param codes codes of the events to read; null for all
   * @param dispositions how to interpret the codes and words for discharge from hospital
   */
  public abstract PTransform<PBegin, PCollectionTuple> reader(
      SourceOptions options, @Nullable Set<String> codes, Dispositions dispositions);
}
