package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.ehr.EhrEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Builds a cohort on a file system: windows of every stay, split by subject, with the normaliser
 * and the attrition table.
 *
 * <pre>{@code
 * PCollection<String> directory =
 *     events.apply(BuildCohort.to("gs://bucket/run/cohort").withConfig(CohortConfig.builder().build()));
 * // later, or in a DoFn that receives the directory:
 * Cohort cohort = Cohort.open(directory);
 * }</pre>
 *
 * <p>The directory comes out once, when all its files are there; {@code cohort.json} is the last of
 * them. The same events give the same bytes in whatever order they arrive, on any runner.
 *
 * <p>Stays are dropped, and counted, where they have no admission time, no outcome, or no
 * observation in the window. The run fails with one message where no stay is left, a channel is
 * never observed in the train split, or the train split has stays of one class only.
 */
public final class BuildCohort extends PTransform<PCollection<EhrEvent>, PCollection<String>> {
  private static final long serialVersionUID = 1L;

  private final String directory;
  private final CohortConfig config;
  private final transient @Nullable PCollection<?> signal;

  private BuildCohort(String directory, CohortConfig config, @Nullable PCollection<?> signal) {
    this.directory = directory;
    this.config = config;
    this.signal = signal;
  }

  /** Builds a cohort of the default {@link CohortConfig} in {@code directory}. */
  public static BuildCohort to(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new BuildCohort(directory, CohortConfig.builder().build(), null);
  }

  public BuildCohort withConfig(CohortConfig config) {
    return new BuildCohort(directory, config, signal);
  }

  /**
   * Writes {@code cohort.json} only when {@code signal} is complete, such as the check that not too
   * many rows were bad: a run that fails there leaves no cohort behind.
   */
  public BuildCohort after(PCollection<?> signal) {
    return new BuildCohort(directory, config, signal);
  }

  @Override
  public PCollection<String> expand(PCollection<EhrEvent> events) {
    Extraction extraction = Extraction.of(events, config);
    PCollectionView<CohortSummary> summary =
        extraction
            .windows()
            .apply(
                "Summarise windows",
                Combine.globally(new CohortSummary.Fn(config.spec())).asSingletonView());
    PCollectionView<List<Shard>> shards =
        extraction
            .windows()
            .apply(
                "Write windows",
                SortedAvroShards.<EhrWindow>write(directory, WindowAvro.SCHEMA_JSON)
                    .withPrefix(window -> window.split().label())
                    .withNumShards(config.numShards())
                    .withId(EhrWindow::windowId)
                    .withFormat(WindowAvro::toRecord))
            .apply("Shards", View.asList());
    PCollectionView<Map<String, Long>> counts = extraction.counts().apply("Counts", View.asMap());
    PCollection<String> seed = events.getPipeline().apply("Directory", Create.of(directory));
    if (signal != null) {
      seed = seed.apply("Await", Wait.on(signal));
    }
    return seed.apply(
        "Write cohort file",
        ParDo.of(new WriteFn(config, summary, shards, counts, extraction.medians()))
            .withSideInputs(summary, shards, counts, extraction.medians()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("directory", directory).withLabel("Cohort directory"));
    config.populateDisplayData(builder);
  }

  private static final class WriteFn extends DoFn<String, String> {
    private final CohortConfig config;
    private final PCollectionView<CohortSummary> summaryView;
    private final PCollectionView<List<Shard>> shardsView;
    private final PCollectionView<Map<String, Long>> countsView;
    private final PCollectionView<List<Double>> mediansView;

    WriteFn(
        CohortConfig config,
        PCollectionView<CohortSummary> summaryView,
        PCollectionView<List<Shard>> shardsView,
        PCollectionView<Map<String, Long>> countsView,
        PCollectionView<List<Double>> mediansView) {
      this.config = config;
      this.summaryView = summaryView;
      this.shardsView = shardsView;
      this.countsView = countsView;
      this.mediansView = mediansView;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      CohortSummary summary = context.sideInput(summaryView);
      Map<String, Long> counts = new TreeMap<>(context.sideInput(countsView));
      CohortFile file = new CohortFile(config, counts);
      file.checkUsable(summary);
      ObjectNode json =
          file.json(summary, context.sideInput(shardsView), context.sideInput(mediansView));
      AtomicFile.writeText(
          AtomicFile.resolve(context.element(), Cohort.FILE),
          Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
      context.output(context.element());
    }
  }
}
