package io.tardiff.ehr.signals;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;

/**
 * Converts recordings to events: an {@link EhrEvent#ADMISSION} at the epoch, the {@link
 * EhrEvent#LABEL}, the published {@link EhrEvent#SPLIT} if any, and one event per value with the
 * channel as its code.
 *
 * <pre>{@code
 * PCollection<EhrEvent> events = series.apply(SeriesToEvents.atRate(256));
 * }</pre>
 *
 * <p>The stay is the series. Times are rounded to milliseconds after the epoch. Gaps give no event.
 */
public final class SeriesToEvents
    extends PTransform<PCollection<LabelledSeries>, PCollection<EhrEvent>> {
  private static final long serialVersionUID = 1L;
  private static final double MILLIS = 1000;

  private final double rate;

  private SeriesToEvents(double rate) {
    this.rate = rate;
  }

  /**
   * @param rate samples per second, up to 1000
   */
  public static SeriesToEvents atRate(double rate) {
    checkArgument(
        rate > 0 && rate <= MILLIS,
        "rate must be above 0 and at most 1000 per second, was %s",
        rate);
    return new SeriesToEvents(rate);
  }

  @Override
  public PCollection<EhrEvent> expand(PCollection<LabelledSeries> series) {
    return series.apply("Events", ParDo.of(new EventsFn(rate)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("rate", rate).withLabel("Samples per second"));
  }

  private static final class EventsFn extends DoFn<LabelledSeries, EhrEvent> {
    private final double rate;

    EventsFn(double rate) {
      this.rate = rate;
    }

    @ProcessElement
    public void process(@Element LabelledSeries series, OutputReceiver<EhrEvent> events) {
      events.output(event(series, EhrEvent.ADMISSION).setTime(Instant.EPOCH).build());
      events.output(event(series, EhrEvent.LABEL).setNumericValue((double) series.label()).build());
      if (series.split() != null) {
        events.output(
            EhrEvent.builder()
                .setSubjectId(series.subjectId())
                .setCode(EhrEvent.SPLIT)
                .setTextValue(series.split())
                .build());
      }
      float[] values = series.values();
      int width = series.channels().size();
      for (int i = 0; i < values.length; i++) {
        if (!Float.isNaN(values[i])) {
          events.output(
              event(series, series.channels().get(i % width))
                  .setTime(Instant.ofEpochMilli(Math.round(i / width * MILLIS / rate)))
                  .setNumericValue((double) values[i])
                  .build());
        }
      }
    }

    private static EhrEvent.Builder event(LabelledSeries series, String code) {
      return EhrEvent.builder()
          .setSubjectId(series.subjectId())
          .setStayId(series.seriesId())
          .setCode(code);
    }
  }
}
