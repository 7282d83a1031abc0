package io.tardiff.templates;

import io.tardiff.cohort.Cohort;
import io.tardiff.settings.Problems;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.values.PCollection;

/** Builds a cohort from EHR data. */
final class IngestTemplate implements Template<IngestOptions> {
  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public String summary() {
    return "Read EHR data and build a cohort: labelled windows, split by subject.";
  }

  @Override
  public Class<IngestOptions> optionsType() {
    return IngestOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "--source=simulated --output=out/cohort",
        "--source=physionet2012 --input=data/physionet2012 --output=out/cohort --steps=24",
        "--source=simulated --stays=10000 --channels=HR,MAP,SpO2 --output=out/cohort");
  }

  @Override
  public Job prepare(IngestOptions options, Problems problems) {
    Ingestion ingestion = Ingestion.of(options, problems);
    return new Job() {
      @Override
      public PCollection<?> addTo(Pipeline pipeline, RunDirectory run, PrintStream out)
          throws IOException {
        return ingestion.addTo(pipeline, run);
      }

      @Override
      public void report(RunDirectory run, PipelineResult result, PrintStream out) {
        Cohort cohort = Cohort.open(run.directory(Ingestion.COHORT));
        out.println(CohortTable.of(cohort));
        out.println(ReadingTable.of(cohort));
      }
    };
  }
}
