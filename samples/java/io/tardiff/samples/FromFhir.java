package io.tardiff.samples;

import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.Task;
import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.fhir.FhirR4;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.Validation.Required;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * From FHIR R4 resources that a pipeline has as JSON to a cohort: death in hospital, from the first
 * day. Here they come from text files, one resource a line; they could as well come from a FHIR
 * store or a queue. {@code FhirR4.read()} reads the files of a bulk export by itself.
 *
 * <pre>
 * mvn -q test-compile exec:java@sample -Dsample=FromFhir \
 *   -Dexec.args="--resources=data/fhir/*.ndjson --output=target/from-fhir"
 * </pre>
 */
public final class FromFhir {
  private FromFhir() {}

  /** Options of this program. */
  public interface Options extends PipelineOptions {
    @Description("Files of resources, one a line")
    @Required
    String getResources();

    void setResources(String pattern);

    @Description("Directory for the cohort")
    @Required
    String getOutput();

    void setOutput(String directory);
  }

  public static void main(String[] args) {
    Options options = PipelineOptionsFactory.fromArgs(args).withValidation().as(Options.class);
    Pipeline pipeline = Pipeline.create(options);
    PCollection<String> resources =
        pipeline.apply("Resources", TextIO.read().from(options.getResources()));
    buildCohort(resources, options.getOutput());
    pipeline.run().waitUntilFinish();
  }

  /** Adds the way from resources to a cohort. */
  static PCollection<Cohort> buildCohort(PCollection<String> resources, String directory) {
    CohortConfig config =
        CohortConfig.defaults()
            .withVocabulary("fhir")
            .withTask(Task.named("hospital_mortality"))
            .withChannels(List.of("HR", "SBP", "DBP"));
    PCollectionTuple read =
        resources.apply(
            "Parse",
            // Many servers give vital signs another encounter than the one of the stay.
            FhirR4.parse().withCodes(config.codes()).withStaysByTime());
    PCollection<Long> checked = read.apply("Check", DeadLetterThreshold.of(0.05));
    return read.get(EhrTags.events())
        .apply("Build cohort", BuildCohort.to(directory).withConfig(config).after(checked));
  }
}
