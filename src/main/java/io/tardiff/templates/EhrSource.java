package io.tardiff.templates;

import com.google.common.base.Ascii;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.ehr.eicu.Eicu;
import io.tardiff.ehr.fhir.FhirR4;
import io.tardiff.ehr.meds.Meds;
import io.tardiff.ehr.mimic.Mimic3;
import io.tardiff.ehr.mimic.Mimic4;
import io.tardiff.ehr.omop.Omop;
import io.tardiff.ehr.physionet2012.PhysioNet2012;
import io.tardiff.ehr.signals.Medformer;
import io.tardiff.ehr.signals.SeriesShape;
import io.tardiff.ehr.signals.TimeSeriesArchive;
import io.tardiff.ehr.table.Tables;
import io.tardiff.ehr.table.TextFormat;
import java.util.Arrays;
import java.util.Set;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The words of {@code --source}: each a reader, and the vocabulary of its codes. */
enum EhrSource {
  /** Needs no input and makes no dead letters: {@link Ingestion} treats it apart. */
  SIMULATED("physionet2012") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      throw new IllegalStateException("the simulated ICU is not read");
    }
  },
  PHYSIONET2012("physionet2012") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return PhysioNet2012.read().from(options.getInput()).withFormat(text(options));
    }
  },
  MIMIC3("mimic3") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return Mimic3.read().from(options.getInput()).withFormat(text(options)).withCodes(codes);
    }
  },
  MIMIC4("mimic4") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return Mimic4.read().from(options.getInput()).withFormat(text(options)).withCodes(codes);
    }
  },
  EICU("eicu") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return Eicu.read().from(options.getInput()).withFormat(text(options)).withCodes(codes);
    }
  },
  FHIR("fhir") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      // By time, as many servers give observations another encounter than the one of the stay.
      return FhirR4.read().from(options.getInput()).withCodes(codes).withStaysByTime();
    }
  },
  OMOP("omop") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      Omop.Read read =
          Omop.read().from(options.getInput()).withFormat(text(options)).withCodes(codes);
      return options.getHospitalVisits() == null
          ? read
          : read.withHospitalVisits(Set.copyOf(ValueList.words(options.getHospitalVisits())));
    }
  },
  MEDS("meds_mimic4") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      Meds.Read read = Meds.read().from(options.getInput()).withCodes(codes);
      return options.getTaskLabels() == null ? read : read.withLabels(options.getTaskLabels());
    }
  },
  TABLES(ConceptDictionary.OWN_NAMES) {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return Tables.read()
          .from(options.getInput())
          .withMapping(options.getMapping())
          .withFormat(text(options))
          .withCodes(codes);
    }
  },
  /** Recordings, which become windows without being cut: {@link Ingestion} treats them apart. */
  MEDFORMER(ConceptDictionary.OWN_NAMES) {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return recordings(options);
    }

    private Medformer.Read recordings(SourceOptions options) {
      Medformer.Read read = Medformer.read().from(options.getInput());
      return options.getSignalSplits() == null
          ? read
          : read.withSplits(Medformer.Splits.valueOf(Ascii.toUpperCase(options.getSignalSplits())));
    }

    @Override
    SeriesShape shape(SourceOptions options) {
      return recordings(options).shape();
    }
  },
  UCR_UEA(ConceptDictionary.OWN_NAMES) {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return TimeSeriesArchive.read().from(options.getInput());
    }

    @Override
    SeriesShape shape(SourceOptions options) {
      return TimeSeriesArchive.read().from(options.getInput()).shape();
    }
  };

  private final String vocabulary;

  EhrSource(String vocabulary) {
    this.vocabulary = vocabulary;
  }

  static EhrSource of(SourceOptions options) {
    return Arrays.stream(values())
        .filter(source -> source.label().equals(options.getSource()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("must be a source, was " + options.getSource()));
  }

  String label() {
    return Ascii.toLowerCase(name());
  }

  /** Name of the vocabulary of its codes in the concept dictionary. */
  String vocabulary() {
    return vocabulary;
  }

  /** Shape of the recordings of a set of signals; null for all other sources. */
  @Nullable SeriesShape shape(SourceOptions options) {
    return null;
  }

  /** Whether the source's files are tables of text, whose format can be said. */
  final boolean isText() {
    return switch (this) {
      case PHYSIONET2012, MIMIC3, MIMIC4, EICU, OMOP, TABLES -> true;
      case SIMULATED, FHIR, MEDS, MEDFORMER, UCR_UEA -> false;
    };
  }

  /** Whether its times are dates and times of day. */
  final boolean hasTimes() {
    return this != PHYSIONET2012 && this != EICU;
  }

  /** How the options say that text tables are written. */
  static TextFormat text(SourceOptions options) {
    return text(options, new OptionProblems());
  }

  /** The same, and what is wrong with it. */
  static TextFormat text(SourceOptions options, OptionProblems problems) {
    TextFormat format = TextFormat.standard();
    if (options.getDelimiter() != null) {
      format =
          problems.apply(
              "delimiter",
              format,
              f -> f.withDelimiter(TextFormat.delimiter(options.getDelimiter())));
    }
    if (options.getDecimal() != null) {
      format =
          problems.apply(
              "decimal", format, f -> f.withDecimal(TextFormat.decimalMark(options.getDecimal())));
    }
    if (options.getTimeFormat() != null) {
      format =
          problems.apply("timeFormat", format, f -> f.withTimePattern(options.getTimeFormat()));
    }
    if (options.getCharset() != null) {
      format = problems.apply("charset", format, f -> f.withCharset(options.getCharset()));
    }
    return options.getNullWords() == null
        ? format
        : format.withNullWords(Set.copyOf(ValueList.words(options.getNullWords())));
  }

  /** Whether the source is a set of signals. */
  final boolean isSignals() {
    return this == MEDFORMER || this == UCR_UEA;
  }

  /**
   * The reader, with the outputs of {@link io.tardiff.ehr.EhrTags}.
   *
   * @param codes of the events that the cohort wants
   */
  abstract PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes);
}
