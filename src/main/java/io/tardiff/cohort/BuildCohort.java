package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.progress.Printable;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Builds a cohort and writes it to a directory: the windows of every stay, split by subject, with
 * the normaliser and the attrition table.
 *
 * <pre>{@code
 * CohortConfig config = CohortConfig.defaults().withChannels(List.of("HR", "SBP", "RR"));
 * PCollection<Cohort> cohort =
 *     events.apply("Build cohort", BuildCohort.to("gs://bucket/run/cohort").withConfig(config));
 *
 * // After the pipeline has finished, or at the start of the next one:
 * Cohort built = Cohort.open("gs://bucket/run/cohort");
 * }</pre>
 *
 * <p>The cohort is output once all its files are written; {@code manifest.json} is the last of
 * them. The same events give the same bytes in whatever order they arrive, on any runner.
 *
 * <p>Stays without an admission time, an outcome, or an observation in the window are dropped and
 * counted. Every value that does not become an observation is counted by channel and reason. The
 * run fails if no stay is left, a channel is never observed in the train split, a larger share of a
 * channel's values was dropped than {@link CohortConfig#droppedThreshold} allows, or the train
 * split holds only one class.
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

  /** Builds a cohort with the default {@link CohortConfig} in {@code directory}. */
  public static BuildCohort to(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new BuildCohort(directory, CohortConfig.defaults(), null, null);
  }

  public BuildCohort withConfig(CohortConfig config) {
    return new BuildCohort(directory, config.checked(), signal, read);
  }

  /**
   * Writes {@code cohort.json} only after {@code signal} is complete. Pass the output of a check,
   * such as a limit on bad rows, so that a run that fails it leaves no cohort behind.
   */
  public BuildCohort after(PCollection<?> signal) {
    return new BuildCohort(directory, config, signal, read);
  }

  /**
   * Records in {@code cohort.json} how many rows the reader of the events read and how many it
   * could not parse.
   *
   * @param read the reader's outputs, tagged as in {@link io.tardiff.ehr.EhrTags}
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
    builder.add(
        DisplayData.item("directory", Printable.location(directory)).withLabel("Cohort directory"));
    config.populateDisplayData(builder);
  }
}
