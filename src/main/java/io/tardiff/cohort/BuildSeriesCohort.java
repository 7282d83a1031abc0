package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.signals.LabelledSeries;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Builds a cohort of labelled recordings and writes it to a directory. Each recording gives one
 * window: its first steps.
 *
 * <pre>{@code
 * CohortConfig config =
 *     BuildSeriesCohort.config(List.of("Fp1", "Fp2"), 256, Duration.ofNanos(3_906_250), 2);
 * PCollection<Cohort> cohort =
 *     series.apply(BuildSeriesCohort.to("gs://bucket/run/cohort", config));
 * }</pre>
 *
 * <p>Works like {@link BuildCohort}, except that nothing is resampled: values are used as they are
 * and gaps are filled. The split is that of the data set if it publishes one, otherwise by subject.
 * Recordings that are shorter than the window or have other channels are dropped and counted.
 */
public final class BuildSeriesCohort
    extends PTransform<PCollection<LabelledSeries>, PCollection<Cohort>> {
  private static final long serialVersionUID = 1L;

  private final String directory;
  private final CohortConfig config;
  private final transient @Nullable PCollection<?> signal;
  private final transient @Nullable PCollectionTuple read;

  private BuildSeriesCohort(
      String directory,
      CohortConfig config,
      @Nullable PCollection<?> signal,
      @Nullable PCollectionTuple read) {
    this.directory = directory;
    this.config = config;
    this.signal = signal;
    this.read = read;
  }

  /**
   * Builds a cohort with {@code config}, usually one made by {@link #config}, in {@code directory}.
   */
  public static BuildSeriesCohort to(String directory, CohortConfig config) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new BuildSeriesCohort(directory, config.checked(), null, null);
  }

  /**
   * Returns a configuration for recordings: channels without a valid range, no static covariates,
   * and the class of the recording as the label.
   *
   * @param channels names of the columns, as in the recordings
   * @param steps rows per window
   * @param step time from one row to the next
   * @param classes number of classes K
   */
  public static CohortConfig config(List<String> channels, int steps, Duration step, int classes) {
    ConceptDictionary dictionary = ConceptDictionary.standard();
    for (String channel : channels) {
      dictionary = dictionary.with(Concept.unbounded(channel, "as recorded"));
    }
    return CohortConfig.defaults()
        .withTask(Task.of("series_label", EhrEvent.LABEL, classes))
        .withDictionary(dictionary)
        .withVocabulary(ConceptDictionary.OWN_NAMES)
        .withChannels(channels)
        .withStatics(List.of())
        .withWindowSteps(steps)
        .withStep(step)
        .checked();
  }

  /**
   * Writes {@code cohort.json} only after {@code signal} is complete, like {@link
   * BuildCohort#after}.
   */
  public BuildSeriesCohort after(PCollection<?> signal) {
    return new BuildSeriesCohort(directory, config, signal, read);
  }

  /** As {@link BuildCohort#withRead}. */
  public BuildSeriesCohort withRead(PCollectionTuple read) {
    return new BuildSeriesCohort(directory, config, signal, read);
  }

  @Override
  public PCollection<Cohort> expand(PCollection<LabelledSeries> series) {
    CohortConfig slim = config.slim();
    return WriteCohort.of(Extraction.ofSeries(series, slim, read), directory, slim, signal);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("directory", directory).withLabel("Cohort directory"));
    config.populateDisplayData(builder);
  }
}
