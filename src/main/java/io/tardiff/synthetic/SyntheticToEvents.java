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
 * The windows of a finished synthetic set as events, to be written in an exchange format such as
 * MEDS or to be added to the events of patients.
 *
 * <pre>{@code
 * // Of one set, as sets have the same ids.
 * pipeline
 *     .apply(Create.of(SyntheticSet.open("gs://bucket/run/synthetic/none")))
 *     .apply(SyntheticToEvents.create())
 *     .apply(Meds.write().to("gs://bucket/run/meds").withTask("in_hospital_mortality"));
 * }</pre>
 *
 * <p>Each sample is a subject, named by its id, of the train split. Times, units and the label are
 * as {@link CohortToEvents} has them: the clock starts at the epoch, a value is at the beginning of
 * its step, and the label at the end of the window. Every step of every channel has a value; there
 * are no static covariates. Read back with the window's steps, the task {@code source_label} and
 * the vocabulary of one's own names, they make the same windows.
 */
public final class SyntheticToEvents
    extends PTransform<PCollection<SyntheticSet>, PCollection<EhrEvent>> {
  private static final long serialVersionUID = 1L;

  private SyntheticToEvents() {}

  /** Events of finished sets, each of which knows its channels. */
  public static SyntheticToEvents create() {
    return new SyntheticToEvents();
  }

  @Override
  public PCollection<EhrEvent> expand(PCollection<SyntheticSet> sets) {
    return sets.apply("Files", ParDo.of(new FilesFn()))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Windows to events", ParDo.of(new EventsFn()));
  }

  /** Set to pairs of its directory and one of its files. */
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
                    set.spec(), SyntheticWindows.observed(set.spec(), window), output::output));
      }
    }
  }
}
