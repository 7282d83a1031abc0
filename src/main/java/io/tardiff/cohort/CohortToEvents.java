package io.tardiff.cohort;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.files.CloseableIterator;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * Converts the windows of a finished cohort back to events, for example to write them as MEDS.
 *
 * <pre>{@code
 * PCollection<Cohort> cohort = events.apply(BuildCohort.to("gs://bucket/run/cohort"));
 * cohort
 *     .apply(CohortToEvents.create())
 *     .apply(Meds.write().to("gs://bucket/run/meds").withTask("in_hospital_mortality"));
 * }</pre>
 *
 * <p>Each window becomes a subject named by its {@link EhrWindow#windowId}, because windows of one
 * person are timed separately and must not overlap. The window starts at the epoch. Windows without
 * a label are left out.
 *
 * <ul>
 *   <li>Each observed value is an event with the name and unit of its channel, at the beginning of
 *       its step, rounded up to whole milliseconds. Imputed values are omitted.
 *   <li>Each known static covariate is an event without a time.
 *   <li>{@link EhrEvent#LABEL} holds the class, at the end of the window: the prediction time.
 *   <li>{@link EhrEvent#SPLIT} holds the split.
 * </ul>
 *
 * <p>Reading the events back with the window's steps, the task {@code source_label} and the
 * vocabulary {@value ConceptDictionary#OWN_NAMES} gives the same windows.
 */
public final class CohortToEvents extends PTransform<PCollection<Cohort>, PCollection<EhrEvent>> {
  private static final long serialVersionUID = 1L;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private CohortToEvents() {}

  public static CohortToEvents create() {
    return new CohortToEvents();
  }

  @Override
  public PCollection<EhrEvent> expand(PCollection<Cohort> cohorts) {
    return cohorts
        .apply("Files", ParDo.of(new ShardsFn()))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Windows to events", ParDo.of(new EventsFn()));
  }

  /** Outputs pairs of the cohort's directory and one of its shards. */
  private static final class ShardsFn extends DoFn<Cohort, KV<String, String>> {
    @ProcessElement
    public void process(@Element Cohort cohort, OutputReceiver<KV<String, String>> output) {
      for (Split split : Split.values()) {
        cohort.shards(split).forEach(shard -> output.output(KV.of(cohort.directory(), shard)));
      }
    }
  }

  private static final class EventsFn extends DoFn<KV<String, String>, EhrEvent> {
    @ProcessElement
    public void process(@Element KV<String, String> file, OutputReceiver<EhrEvent> output) {
      Cohort cohort = Cohort.open(file.getKey());
      try (CloseableIterator<EhrWindow> windows = cohort.read(file.getValue())) {
        windows.forEachRemaining(window -> events(cohort.spec(), window, output::output));
      }
    }
  }

  /** Passes the events of one window to {@code output}. The window need not be part of a cohort. */
  public static void events(WindowSpec spec, EhrWindow window, Consumer<EhrEvent> output) {
    long stepNanos = spec.step().toNanos();
    int width = spec.channels().size();
    for (int i = 0; i < window.values().length; i++) {
      if (window.mask()[i]) {
        WindowSpec.Channel channel = spec.channels().get(i % width);
        output.accept(
            of(window, channel.name())
                .setTime(at((i / width) * stepNanos))
                .setNumericValue((double) window.values()[i])
                .setUnit(channel.unit())
                .build());
      }
    }
    for (int i = 0; i < window.statics().length; i++) {
      if (!Float.isNaN(window.statics()[i])) {
        output.accept(
            of(window, spec.statics().get(i))
                .setNumericValue((double) window.statics()[i])
                .build());
      }
    }
    output.accept(
        of(window, EhrEvent.LABEL)
            .setTime(at(spec.steps() * stepNanos))
            .setNumericValue((double) window.label())
            .build());
    output.accept(of(window, EhrEvent.SPLIT).setTextValue(window.split().label()).build());
  }

  private static EhrEvent.Builder of(EhrWindow window, String code) {
    return EhrEvent.builder().setSubjectId(window.windowId()).setCode(code);
  }

  /** Rounds up, so that the instant lies within its step. */
  private static Instant at(long nanos) {
    return Instant.ofEpochMilli((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
  }
}
