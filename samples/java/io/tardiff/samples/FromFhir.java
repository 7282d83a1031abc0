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
 * Builds a cohort for death in hospital from FHIR R4 resources in JSON. Here the resources come
 * from text files, one per line; they could equally come from a FHIR store or a queue. To read the
 * files of a bulk export, use {@code FhirR4.read()}.
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
    @Description("Files with one resource per line")
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

  /** Builds a cohort in {@code directory} from resources. */
  static PCollection<Cohort> buildCohort(PCollection<String> resources, String directory) {
    CohortConfig config =
        CohortConfig.defaults()
            .withVocabulary("fhir")
            .withTask(Task.named("hospital_mortality"))
            .withChannels(List.of("HR", "SBP", "DBP"));
    PCollectionTuple read =
        resources.apply(
            "Parse",
            // Many servers link vital signs to another encounter than that of the stay.
            FhirR4.parse().withCodes(config.codes()).withStaysByTime());
    PCollection<Long> checked = read.apply("Check", DeadLetterThreshold.of(0.05));
    return read.get(EhrTags.events())
        .apply("Build cohort", BuildCohort.to(directory).withConfig(config).after(checked));
  }
}
