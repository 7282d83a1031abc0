package io.tardiff.templates;

import com.google.common.base.Ascii;
import io.tardiff.ehr.eicu.Eicu;
import io.tardiff.ehr.fhir.FhirR4;
import io.tardiff.ehr.mimic.Mimic3;
import io.tardiff.ehr.mimic.Mimic4;
import io.tardiff.ehr.physionet2012.PhysioNet2012;
import java.util.Arrays;
import java.util.Set;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

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
      return PhysioNet2012.read().from(options.getInput());
    }
  },
  MIMIC3("mimic3") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return Mimic3.read().from(options.getInput()).withCodes(codes);
    }
  },
  MIMIC4("mimic4") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return Mimic4.read().from(options.getInput()).withCodes(codes);
    }
  },
  EICU("eicu") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      return Eicu.read().from(options.getInput()).withCodes(codes);
    }
  },
  FHIR("fhir") {
    @Override
    PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes) {
      // By time, as many servers give observations another encounter than the one of the stay.
      return FhirR4.read().from(options.getInput()).withCodes(codes).withStaysByTime();
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

  /**
   * The reader, with the outputs of {@link io.tardiff.ehr.EhrTags}.
   *
   * @param codes of the events that the cohort wants
   */
  abstract PTransform<PBegin, PCollectionTuple> reader(SourceOptions options, Set<String> codes);
}
