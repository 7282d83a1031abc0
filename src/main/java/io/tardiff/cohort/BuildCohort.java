package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Builds a cohort on a file system: windows of every stay, split by subject, with the normaliser
 * and the attrition table.
 *
 * <pre>{@code
 * CohortConfig config = CohortConfig.defaults().withChannels(List.of("HR", "SBP", "RR"));
 * PCollection<Cohort> cohort =
 *     events.apply("Build cohort", BuildCohort.to("gs://bucket/run/cohort").withConfig(config));
 *
 * // When the pipeline is done, or where the next one begins:
 * Cohort built = Cohort.open("gs://bucket/run/cohort");
 * }</pre>
 *
 * <p>The cohort comes out once, when all its files are there; {@code manifest.json} is the last of
 * them. The same events give the same bytes in whatever order they arrive, on any runner.
 *
 * <p>Stays are dropped, and counted, where they have no admission time, no outcome, or no
 * observation in the window. Every value that does not become an observation is counted by channel
 * and reason. The run fails with one message where no stay is left, a channel is never observed in
 * the train split, more of its values than {@link CohortConfig#droppedThreshold} were dropped, or
 * the train split has stays of one class only.
 */
public final class BuildCohort extends PTransform<PCollection<EhrEvent>, PCollection<Cohort>> {
  private static final long serialVersionUID = 1L;

  private final String directory;
  private final CohortConfig config;
  private final transient @Nullable PCollection<?> signal;
  private final transient @Nullable PCollectionTuple read;

  private BuildCohort(
      String directory,
      CohortConfig config,
      @Nullable PCollection<?> signal,
      @Nullable PCollectionTuple read) {
    this.directory = directory;
    this.config = config;
    this.signal = signal;
    this.read = read;
  }

  /** Builds a cohort of the default {@link CohortConfig} in {@code directory}. */
  public static BuildCohort to(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new BuildCohort(directory, CohortConfig.defaults(), null, null);
  }

  public BuildCohort withConfig(CohortConfig config) {
    return new BuildCohort(directory, config.checked(), signal, read);
  }

  /**
   * Writes {@code cohort.json} only when {@code signal} is complete, such as the check that not too
   * many rows were bad: a run that fails there leaves no cohort behind.
   */
  public BuildCohort after(PCollection<?> signal) {
    return new BuildCohort(directory, config, signal, read);
  }

  /**
   * Keeps in {@code cohort.json} how many rows the reader of the events read, and what it could not
   * read of them.
   *
   * @param read its outputs, those of {@link io.tardiff.ehr.EhrTags}
   */
  public BuildCohort withRead(PCollectionTuple read) {
    return new BuildCohort(directory, config, signal, read);
  }

  @Override
  public PCollection<Cohort> expand(PCollection<EhrEvent> events) {
    CohortConfig slim = config.slim();
    return WriteCohort.of(Extraction.of(events, slim, read), directory, slim, signal);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("directory", directory).withLabel("Cohort directory"));
    config.populateDisplayData(builder);
  }
}
