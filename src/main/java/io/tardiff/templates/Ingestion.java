package io.tardiff.templates;

import io.tardiff.cohort.AtomicFile;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.WriteDeadLetters;
import io.tardiff.ehr.physionet2012.PhysioNet2012;
import io.tardiff.ehr.simulated.SimulatedIcu;
import java.io.IOException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first part of a pipeline: from the source the options name to a cohort. */
final class Ingestion {
  static final String COHORT = "cohort";

  private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);
  private static final String SIMULATED = "simulated";

  private final SourceOptions source;
  private final CohortConfig config;

  private Ingestion(SourceOptions source, CohortConfig config) {
    this.source = source;
    this.config = config;
  }

  static <O extends SourceOptions & CohortOptions> Ingestion of(
      O options, OptionProblems problems) {
    if (options.getSource().equals(SIMULATED)) {
      problems.get("stays", null, () -> SimulatedIcu.of(options.getStays()));
      if (options.getInput() != null) {
        problems.add("--input must be left out where --source is simulated");
      }
    } else if (options.getInput() == null) {
      problems.add("--input=directory is required where --source is %s", options.getSource());
    }
    problems.get(
        "deadLetterThreshold",
        null,
        () -> DeadLetterThreshold.of(options.getDeadLetterThreshold()));
    return new Ingestion(options, CohortSetup.of(options, problems));
  }

  /** Adds ingestion to a pipeline; the cohort's directory comes out when it is complete. */
  PCollection<String> addTo(Pipeline pipeline, RunDirectory run) throws IOException {
    String directory = run.directory(COHORT);
    if (AtomicFile.exists(AtomicFile.resolve(directory, Cohort.FILE))) {
      LOG.info("The cohort of this run is there already and is kept");
      return pipeline.apply("Cohort", Create.of(directory));
    }
    BuildCohort build = BuildCohort.to(directory).withConfig(config);
    if (source.getSource().equals(SIMULATED)) {
      return pipeline
          .apply(
              "Simulate ICU",
              SimulatedIcu.of(source.getStays()).withSeed(source.getSimulationSeed()))
          .apply("Build cohort", build);
    }
    PCollectionTuple read =
        pipeline.apply("Read PhysioNet 2012", PhysioNet2012.read().from(source.getInput()));
    read.get(EhrTags.deadLetters()).apply("Write dead letters", WriteDeadLetters.to(run.path()));
    PCollection<Long> checked =
        read.apply("Check dead letters", DeadLetterThreshold.of(source.getDeadLetterThreshold()));
    return read.get(EhrTags.events()).apply("Build cohort", build.after(checked));
  }
}
