package io.tardiff.templates;

import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.BuildSeriesCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.CohortToEvents;
import io.tardiff.cohort.ExportCohort;
import io.tardiff.cohort.Imputation;
import io.tardiff.cohort.Unlabelled;
import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.WriteDeadLetters;
import io.tardiff.ehr.fhir.FhirR4;
import io.tardiff.ehr.omop.Omop;
import io.tardiff.ehr.signals.SeriesTags;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Manifest;
import io.tardiff.options.CohortOptions;
import io.tardiff.options.Configurations;
import io.tardiff.options.EhrSource;
import io.tardiff.options.SourceOptions;
import io.tardiff.settings.Problems;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first part of a pipeline: from a source to a cohort. */
final class Ingestion {
  static final String COHORT = "cohort";

  private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);

  private final EhrSource source;
  private final SourceOptions options;
  private final CohortConfig config;
  private final Exports exports;

  private <O extends SourceOptions & CohortOptions & ExportOptions> Ingestion(
      O options, CohortConfig config) {
    this.source = EhrSource.of(options);
    this.options = options;
    this.config = config;
    this.exports = Exports.of(options);
  }

  static <O extends SourceOptions & CohortOptions & ExportOptions> Ingestion of(
      O options, Problems problems) {
    EhrSource source = EhrSource.of(options);
    if (source == EhrSource.SIMULATED) {
      problems.get("stays", null, () -> SimulatedIcu.of(options.getStays()));
      problems.get(
          "unknownOutcomes",
          null,
          () -> SimulatedIcu.of(1).withUnknownOutcomes(options.getUnknownOutcomes()));
      if (options.getInput() != null) {
        problems.add("--input must not be set if --source is simulated");
      }
    } else if (options.getInput() == null) {
      problems.add("--input=directory is required if --source is %s", options.getSource());
    }
    if ((source == EhrSource.TABLES) != (options.getMapping() != null)) {
      problems.add(
          source == EhrSource.TABLES
              ? "--mapping=file.yaml is required if --source is tables"
              : "--mapping must not be set unless --source is tables");
    }
    if (options.getTaskLabels() != null && source != EhrSource.MEDS) {
      problems.add("--taskLabels must not be set unless --source is meds");
    }
    if (!options.getHospitalVisits().equals(Omop.HOSPITAL_VISITS) && source != EhrSource.OMOP) {
      problems.add("--hospitalVisits must not be set unless --source is omop");
    }
    if (options.getTimeUnit() != null && source != EhrSource.RICU) {
      problems.add("--timeUnit must not be set unless --source is ricu");
    }
    if (!options.getEncounterClasses().equals(FhirR4.ENCOUNTER_CLASSES)
        && source != EhrSource.FHIR) {
      problems.add("--encounterClasses must not be set unless --source is fhir");
    }
    if (options.getSignalSplits() != null && source != EhrSource.MEDFORMER) {
      problems.add("--signalSplits must not be set unless --source is medformer");
    }
    Configurations.checkText(source, options, problems);
    Configurations.checkRecords(source, options, problems);
    problems.get(
        "deadLetterThreshold",
        null,
        () -> DeadLetterThreshold.of(options.getDeadLetterThreshold()));
    CohortConfig config = Configurations.cohort(options, problems);
    if (source.isSignals()) {
      rejectEventOptions(options, problems);
      return new Ingestion(
          options,
          options.getInput() == null
              ? config
              : Configurations.recordings(options, source, problems));
    }
    if (options.getVocabulary() == null) {
      config = problems.check(config.withVocabulary(source.vocabulary()), CohortConfig::checked);
    }
    return new Ingestion(options, config);
  }

  /** Rejects options for building windows from events: recordings are labelled windows already. */
  private static <O extends SourceOptions & CohortOptions> void rejectEventOptions(
      O options, Problems problems) {
    Map<String, Object> ofEvents = new LinkedHashMap<>();
    ofEvents.put("task", options.getTask());
    ofEvents.put("channels", options.getChannels());
    ofEvents.put("concepts", options.getConcepts());
    ofEvents.put("vocabulary", options.getVocabulary());
    ofEvents.put("stepMinutes", options.getStepMinutes());
    ofEvents.forEach(
        (name, value) -> {
          if (value != null) {
            problems.add(
                "--%s must not be set if --source is %s: recordings have their own channels,"
                    + " rate and labels",
                name, options.getSource());
          }
        });
  }

  /**
   * Adds ingestion to a pipeline. Outputs the cohort once it is complete and the dead letters are
   * written.
   */
  PCollection<Cohort> addTo(Pipeline pipeline, RunDirectory run) throws IOException {
    PCollection<Cohort> cohort = cohort(pipeline, run);
    if (exports.meds()) {
      PCollection<String> files =
          cohort
              .apply("Cohort to events", CohortToEvents.create())
              .apply(
                  "Export MEDS",
                  Exports.writeMeds(
                      run.directory(COHORT),
                      "tardiff-beam cohort",
                      config.task().name(),
                      classes()));
      cohort = cohort.apply("After MEDS", Wait.on(files));
    }
    return exports.formats().isEmpty()
        ? cohort
        : cohort.apply("Export cohort", ExportCohort.as(exports.formats()));
  }

  Imputation imputation() {
    return config.imputation();
  }

  Unlabelled unlabelled() {
    return config.unlabelled();
  }

  /** Returns the number of classes. */
  int classes() {
    return config.task().classes();
  }

  private PCollection<Cohort> cohort(Pipeline pipeline, RunDirectory run) throws IOException {
    String directory = run.directory(COHORT);
    Optional<Cohort> kept = kept(directory);
    if (kept.isPresent()) {
      LOG.info("The cohort of this run exists already and is reused");
      return pipeline.apply("Cohort", Create.of(kept.get()));
    }
    BuildCohort build = BuildCohort.to(directory).withConfig(config);
    if (source == EhrSource.SIMULATED) {
      return pipeline
          .apply(
              "Simulate ICU",
              SimulatedIcu.of(options.getStays())
                  .withSeed(options.getSimulationSeed())
                  .withUnknownOutcomes(options.getUnknownOutcomes()))
          .apply("Build cohort", build);
    }
    PCollectionTuple read =
        pipeline.apply(
            "Read " + source.label(),
            source.reader(options, config.codes(), config.dictionary().dispositions()));
    PCollection<String> deadLetters =
        read.get(EhrTags.deadLetters())
            .apply("Write dead letters", WriteDeadLetters.to(run.path()));
    PCollection<Long> checked =
        read.apply("Check dead letters", DeadLetterThreshold.of(options.getDeadLetterThreshold()));
    PCollection<Cohort> cohort =
        source.isSignals()
            ? read.get(SeriesTags.series())
                .apply(
                    "Build cohort",
                    BuildSeriesCohort.to(directory, config).withRead(read).after(checked))
            : read.get(EhrTags.events()).apply("Build cohort", build.withRead(read).after(checked));
    return cohort.apply("Wait for dead letters", Wait.on(deadLetters));
  }

  /** Returns the cohort of an earlier attempt, if it is complete and undamaged. */
  private static Optional<Cohort> kept(String directory) throws IOException {
    if (!AtomicFile.exists(AtomicFile.resolve(directory, Cohort.FILE))
        && !AtomicFile.exists(AtomicFile.resolve(directory, Manifest.FILE))) {
      return Optional.empty();
    }
    try {
      Cohort cohort = Cohort.open(directory);
      if (cohort.files().manifest().isPresent()) {
        // Bytes only: the windows are checked where they are read, not in the launcher.
        cohort.files().verify();
      } else {
        cohort.verify();
      }
      return Optional.of(cohort);
    } catch (DamagedFileException e) {
      LOG.warn("{}. The finished step that wrote it is run again", e.getMessage());
      return Optional.empty();
    }
  }
}
