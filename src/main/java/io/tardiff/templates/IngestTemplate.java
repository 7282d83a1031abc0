package io.tardiff.templates;

import io.tardiff.cohort.Cohort;
import java.util.List;
import org.apache.beam.sdk.Pipeline;

/** EHR in, a cohort out. */
final class IngestTemplate implements Template<IngestOptions> {
  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public String summary() {
    return "Read EHR and make a cohort of them: labelled windows, split by subject.";
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
  public Job prepare(IngestOptions options, OptionProblems problems) {
    Ingestion ingestion = Ingestion.of(options, problems);
    return (run, out) -> {
      Pipeline pipeline = Pipeline.create(options);
      ingestion.addTo(pipeline, run);
      Pipelines.run(pipeline);
      out.println(CohortTable.of(Cohort.open(run.directory(Ingestion.COHORT))));
    };
  }
}
