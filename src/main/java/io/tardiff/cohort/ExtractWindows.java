package io.tardiff.cohort;

import io.tardiff.ehr.EhrEvent;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;

/**
 * Converts events to labelled windows with gaps filled, for pipelines that need no cohort on disk.
 * To write one, use {@link BuildCohort}.
 *
 * <pre>{@code
 * PCollection<EhrWindow> windows =
 *     events.apply(ExtractWindows.of(CohortConfig.defaults().withWindowSteps(24)));
 * }</pre>
 *
 * <p>Values are {@code [steps, channels]} in clinical units. The input must be bounded, because
 * gaps are filled with statistics of the train split.
 */
public final class ExtractWindows
    extends PTransform<PCollection<EhrEvent>, PCollection<EhrWindow>> {
  private static final long serialVersionUID = 1L;

  private final CohortConfig config;

  private ExtractWindows(CohortConfig config) {
    this.config = config;
  }

  public static ExtractWindows of(CohortConfig config) {
    return new ExtractWindows(config.checked());
  }

  @Override
  public PCollection<EhrWindow> expand(PCollection<EhrEvent> events) {
    return Extraction.of(events, config.slim(), null).windows();
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    config.populateDisplayData(builder);
  }
}
