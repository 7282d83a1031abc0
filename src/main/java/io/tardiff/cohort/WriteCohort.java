package io.tardiff.cohort;

import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Json;
import io.tardiff.files.Manifest;
import io.tardiff.files.Shard;
import io.tardiff.files.SortedAvroShards;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes extracted windows as a cohort: the shards, then {@code cohort.json} and the manifest. */
final class WriteCohort {
  private WriteCohort() {}

  /** Returns the cohort, which is output once all its files are written. */
  static PCollection<Cohort> of(
      Extraction extraction,
      String directory,
      CohortConfig config,
      @Nullable PCollection<?> signal) {
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
                    .withPrefix(
                        window -> window.isLabelled() ? window.split().label() : Cohort.UNLABELLED)
                    .withNumShards(config.numShards())
                    .withId(EhrWindow::windowId)
                    .withFormat(WindowAvro::toRecord))
            .apply("Shards", View.asList());
    PCollectionView<Map<String, Long>> counts = extraction.counts();
    PCollection<String> seed =
        extraction.windows().getPipeline().apply("Directory", Create.of(directory));
    if (signal != null) {
      seed = seed.apply("Await", Wait.on(signal));
    }
    return seed.apply(
        "Write cohort file",
        ParDo.of(new WriteFn(config, summary, shards, counts, extraction.fills()))
            .withSideInputs(summary, shards, counts, extraction.fills()));
  }

  private static final class WriteFn extends DoFn<String, Cohort> {
    private final CohortConfig config;
    private final PCollectionView<CohortSummary> summaryView;
    private final PCollectionView<List<Shard>> shardsView;
    private final PCollectionView<Map<String, Long>> countsView;
    private final PCollectionView<List<Double>> fillsView;

    WriteFn(
        CohortConfig config,
        PCollectionView<CohortSummary> summaryView,
        PCollectionView<List<Shard>> shardsView,
        PCollectionView<Map<String, Long>> countsView,
        PCollectionView<List<Double>> fillsView) {
      this.config = config;
      this.summaryView = summaryView;
      this.shardsView = shardsView;
      this.countsView = countsView;
      this.fillsView = fillsView;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      CohortSummary summary = context.sideInput(summaryView);
      Map<String, Long> counts = new TreeMap<>(context.sideInput(countsView));
      CohortFile file = new CohortFile(config, counts);
      file.checkUsable(summary);
      List<Shard> shards = context.sideInput(shardsView);
      CohortJson json = file.json(summary, shards, context.sideInput(fillsView));
      String content = Json.pretty(json) + "\n";
      List<Manifest.Entry> files = new ArrayList<>();
      shards.forEach(shard -> files.add(shard.entry()));
      files.add(
          Manifest.Entry.writeText(AtomicFile.resolve(context.element(), Cohort.FILE), content));
      context.output(
          Cohort.of(
              ArtefactDirectory.finish(
                  context.element(), Manifest.Kind.COHORT, /* madeFrom= */ List.of(), files),
              content));
    }
  }
}
