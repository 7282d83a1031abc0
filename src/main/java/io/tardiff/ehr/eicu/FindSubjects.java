package io.tardiff.ehr.eicu;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.UnknownStays;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Min;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Looks up the person of events that only name their stay; see {@link Eicu#findSubjects}. */
final class FindSubjects extends PTransform<PCollection<EhrEvent>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final transient PCollection<EhrEvent> patients;
  private final String table;

  FindSubjects(PCollection<EhrEvent> patients, String table) {
    this.patients = patients;
    this.table = table;
  }

  @Override
  public PCollectionTuple expand(PCollection<EhrEvent> events) {
    PCollectionView<Map<String, String>> subjects =
        patients
            .apply("Stays", Filter.by(event -> event.getCode().equals(EhrEvent.ADMISSION)))
            .apply(
                "Key by stay",
                MapElements.into(
                        TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.strings()))
                    .via(event -> KV.of(stay(event), event.getSubjectId())))
            // A duplicate stay would fail the view, and the message would contain its id.
            .apply("One each", Min.perKey())
            .apply("Subjects", View.asMap());
    return events.apply(
        "Find",
        ParDo.of(new FindFn(subjects, table))
            .withSideInputs(subjects)
            .withOutputTags(
                EhrTags.events(), TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
  }

  private static String stay(EhrEvent event) {
    String stay = event.getStayId();
    return stay == null ? "" : stay;
  }

  private static final class FindFn extends DoFn<EhrEvent, EhrEvent> {
    private final PCollectionView<Map<String, String>> subjectsView;
    private final String table;
    private final Counter deadLetters;

    // Some runners rebuild the map on every call, so call once per bundle.
    private transient @Nullable Map<String, String> subjects;
    private transient @Nullable BoundedWindow subjectsWindow;

    /** Number of values of unknown stays in this bundle, by code. */
    private transient Map<String, Long> lost;

    /** Window of the last such value. */
    private transient @Nullable BoundedWindow lostWindow;

    FindFn(PCollectionView<Map<String, String>> subjectsView, String table) {
      this.subjectsView = subjectsView;
      this.table = table;
      deadLetters = Metrics.counter("tardiff.ehr." + table, "deadLetters");
    }

    @StartBundle
    public void startBundle() {
      subjects = null;
      lost = new HashMap<>();
      lostWindow = null;
    }

    @ProcessElement
    public void process(ProcessContext context, BoundedWindow window, MultiOutputReceiver outputs) {
      EhrEvent event = context.element();
      Map<String, String> map = subjects;
      if (map == null || !window.equals(subjectsWindow)) {
        map = context.sideInput(subjectsView);
        subjects = map;
        subjectsWindow = window;
      }
      String subject = map.get(stay(event));
      if (subject == null) {
        deadLetters.inc();
        outputs
            .get(EhrTags.deadLetters())
            .output(
                DeadLetter.of(
                    table,
                    null,
                    Observations.STAY + " is not in the table patient: " + event.getCode()));
        lost.merge(event.getCode(), 1L, Long::sum);
        lostWindow = window;
      } else {
        outputs.get(EhrTags.events()).output(event.toBuilder().setSubjectId(subject).build());
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      BoundedWindow last = lostWindow;
      if (last != null) {
        lost.forEach(
            (code, count) ->
                context.output(
                    EhrTags.counts(),
                    ReadCount.of(table, UnknownStays.what(code), count),
                    last.maxTimestamp(),
                    last));
      }
    }
  }
}
