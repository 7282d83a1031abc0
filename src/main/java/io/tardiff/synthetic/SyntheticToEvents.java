package io.tardiff.synthetic;

import io.tardiff.cohort.CohortToEvents;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.files.CloseableIterator;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Converts the windows of a synthetic set to events, to write them in an exchange format such as
 * MEDS or to add them to the events of patients.
 *
 * <pre>{@code
 * // One set only, because sets share sample ids.
 * pipeline
 *     .apply(Create.of(SyntheticSet.open("gs://bucket/run/synthetic/none")))
 *     .apply(SyntheticToEvents.create())
 *     .apply(Meds.write().to("gs://bucket/run/meds").withTask("in_hospital_mortality"));
 * }</pre>
 *
 * <p>Each sample becomes a subject of the train split, with the sample id as its id. Times, units
 * and labels follow {@link CohortToEvents}: windows start at the epoch, a value is at the start of
 * its step, and the label at the end of the window. Values that were not observed are left out. A
 * known static covariate is an event without a time. A cohort built from the events with the steps
 * of the windows, the task {@code source_label} and the vocabulary {@code own_names} has the same
 * observed values; what fills the beginning of a channel are the medians of that cohort.
 */
public final class SyntheticToEvents
    extends PTransform<PCollection<SyntheticSet>, PCollection<EhrEvent>> {
  private static final long serialVersionUID = 1L;

  private SyntheticToEvents() {}

  /** Converts complete sets. */
  public static SyntheticToEvents create() {
    return new SyntheticToEvents();
  }

  @Override
  public PCollection<EhrEvent> expand(PCollection<SyntheticSet> sets) {
    return sets.apply("Files", ParDo.of(new FilesFn()))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Windows to events", ParDo.of(new EventsFn()));
  }

  /** Outputs the directory of a set with each of its files. */
  private static final class FilesFn extends DoFn<SyntheticSet, KV<String, String>> {
    @ProcessElement
    public void process(@Element SyntheticSet set, OutputReceiver<KV<String, String>> output) {
      SyntheticWindows.checkedFiles(set, set.files())
          .forEach(file -> output.output(KV.of(set.directory(), file)));
    }
  }

  private static final class EventsFn extends DoFn<KV<String, String>, EhrEvent> {
    @ProcessElement
    public void process(@Element KV<String, String> file, OutputReceiver<EhrEvent> output) {
      SyntheticSet set = SyntheticSet.open(file.getKey());
      try (CloseableIterator<SyntheticWindow> windows =
          SyntheticWindows.read(set, set.files(), file.getValue())) {
        windows.forEachRemaining(
            window ->
                CohortToEvents.events(
                    set.spec(), SyntheticWindows.asWindow(window), output::output));
      }
    }
  }
}
