package io.tardiff.ehr.omop;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.HospitalOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.DateTimeZone;
import org.joda.time.Instant;
import org.joda.time.LocalDate;

/** Derives outcomes and links from visits and deaths together; see {@link Omop#hospitalDeaths}. */
final class HospitalDeaths extends PTransform<PCollection<EhrEvent>, PCollection<EhrEvent>> {
  private static final long serialVersionUID = 1L;

  private static final Set<String> FRAMES =
      Set.of(
          EhrEvent.HOSPITAL_ADMISSION,
          EhrEvent.HOSPITAL_DISCHARGE,
          EhrEvent.HOSPITAL_STAY,
          EhrEvent.HOSPITAL_DEATH,
          EhrEvent.ADMISSION,
          EhrEvent.DEATH);

  private static final long DAY_MILLIS = 86_400_000;

  private final boolean deathsKnown;

  HospitalDeaths(boolean deathsKnown) {
    this.deathsKnown = deathsKnown;
  }

  @Override
  public PCollection<EhrEvent> expand(PCollection<EhrEvent> events) {
    // An empty death table was not populated, so it is treated as missing.
    PCollectionView<Long> deaths =
        events
            .apply("Deaths", Filter.by(event -> event.getCode().equals(EhrEvent.DEATH)))
            .apply("Count deaths", Count.globally())
            .apply("Number of deaths", View.<Long>asSingleton().withDefaultValue(0L));
    return events
        .apply("Frames", Filter.by(event -> FRAMES.contains(event.getCode())))
        .apply(
            "Key by person",
            WithKeys.<String, EhrEvent>of(EhrEvent::getSubjectId)
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), events.getCoder()))
        .apply("Group", GroupByKey.create())
        .apply("Outcomes", ParDo.of(new OutcomeFn(deathsKnown, deaths)).withSideInputs(deaths));
  }

  /** A hospital stay. */
  private static final class Visit {
    @Nullable Instant start;
    @Nullable Instant end;
    final List<HospitalOutcome> stated = new ArrayList<>();

    /** Whether the visit does not state its outcome, or only in an unlisted disposition. */
    boolean lacksOutcome() {
      HospitalOutcome outcome = HospitalOutcome.of(stated);
      return outcome == HospitalOutcome.NOT_STATED || outcome == HospitalOutcome.UNLISTED;
    }

    boolean isComplete() {
      return start != null && end != null;
    }

    boolean contains(Instant time) {
      return start != null && end != null && !time.isBefore(start) && !time.isAfter(end);
    }

    /** Compares days, since many deaths have only a date. */
    boolean containsDayOf(Instant time) {
      return start != null
          && end != null
          && !day(time).isBefore(day(start))
          && !day(time).isAfter(day(end));
    }

    private static LocalDate day(Instant time) {
      return new LocalDate(time, DateTimeZone.UTC);
    }
  }

  private static final class OutcomeFn extends DoFn<KV<String, Iterable<EhrEvent>>, EhrEvent> {
    private final boolean deathsKnown;

    private final PCollectionView<Long> deathsView;

    OutcomeFn(boolean deathsKnown, PCollectionView<Long> deathsView) {
      this.deathsKnown = deathsKnown;
      this.deathsView = deathsView;
    }

    @ProcessElement
    public void process(ProcessContext context, OutputReceiver<EhrEvent> out) {
      String person = context.element().getKey();
      Map<String, Visit> visits = new HashMap<>();
      Map<String, Instant> units = new HashMap<>();
      Map<String, String> namedVisits = new HashMap<>();
      List<Instant> deaths = new ArrayList<>();
      for (EhrEvent event : context.element().getValue()) {
        Instant time = event.getTime();
        String stay = event.getStayId();
        if (time == null) {
          continue;
        }
        if (event.getCode().equals(EhrEvent.DEATH)) {
          deaths.add(time);
        } else if (stay != null) {
          switch (event.getCode()) {
            case EhrEvent.ADMISSION -> units.put(stay, time);
            case EhrEvent.HOSPITAL_STAY -> namedVisits.put(stay, event.getTextValue());
            case EhrEvent.HOSPITAL_ADMISSION -> visit(visits, stay).start = time;
            case EhrEvent.HOSPITAL_DISCHARGE -> visit(visits, stay).end = time;
            default -> visit(visits, stay).stated.add(HospitalOutcome.of(event));
          }
        }
      }
      units.forEach((stay, time) -> link(person, stay, time, namedVisits.get(stay), visits, out));
      visits.values().removeIf(visit -> !visit.isComplete());
      if (deathsKnown && context.sideInput(deathsView) > 0) {
        visits.forEach((stay, visit) -> deriveOutcome(person, stay, visit, deaths, out));
      }
    }

    private static Visit visit(Map<String, Visit> visits, String stay) {
      return visits.computeIfAbsent(stay, unused -> new Visit());
    }

    /** Links a unit stay to its visit: the one it names, else the one at its time. */
    private static void link(
        String person,
        String stay,
        Instant time,
        @Nullable String namedVisit,
        Map<String, Visit> visits,
        OutputReceiver<EhrEvent> out) {
      Visit own = visits.get(stay);
      if (own != null && own.start != null) {
        return;
      }
      Visit byName = namedVisit == null ? null : visits.get(namedVisit);
      Optional<String> visit =
          byName != null && byName.start != null
              ? Optional.of(namedVisit)
              // A date without a time may precede the visit that contains it.
              : innermost(visits, one -> one.contains(time))
                  .or(() -> innermost(visits, one -> one.containsDayOf(time)));
      visit.ifPresent(
          found ->
              out.output(
                  EhrEvent.builder()
                      .setSubjectId(person)
                      .setStayId(stay)
                      .setCode(EhrEvent.HOSPITAL_STAY)
                      .setTime(time)
                      .setTextValue(found)
                      .build()));
    }

    /** Returns the last-starting visit that contains the time, since visits may be nested. */
    private static Optional<String> innermost(
        Map<String, Visit> visits, Predicate<Visit> contains) {
      return visits.entrySet().stream()
          .filter(entry -> contains.test(entry.getValue()))
          .max((a, b) -> compare(a, b))
          .map(Map.Entry::getKey);
    }

    private static int compare(Map.Entry<String, Visit> a, Map.Entry<String, Visit> b) {
      int byStart = Long.compare(millis(a.getValue().start), millis(b.getValue().start));
      int byEnd = Long.compare(millis(b.getValue().end), millis(a.getValue().end));
      return byStart != 0 ? byStart : byEnd != 0 ? byEnd : a.getKey().compareTo(b.getKey());
    }

    private static long millis(@Nullable Instant time) {
      return time == null ? Long.MIN_VALUE : time.getMillis();
    }

    /**
     * Whether a time stands for a whole day: midnight, or the last second as set by {@link Times}.
     */
    private static boolean isWholeDay(Instant time) {
      long ofDay = Math.floorMod(time.getMillis(), DAY_MILLIS);
      return ofDay == 0 || ofDay >= DAY_MILLIS - 1000;
    }

    /** Takes a patient without a death in the visit for discharged alive. */
    private static void deriveOutcome(
        String person,
        String stay,
        Visit visit,
        List<Instant> deaths,
        OutputReceiver<EhrEvent> out) {
      if (!visit.lacksOutcome()) {
        return;
      }
      boolean within =
          deaths.stream()
              .anyMatch(
                  time -> isWholeDay(time) ? visit.containsDayOf(time) : visit.contains(time));
      if (!within && deaths.stream().anyMatch(visit::containsDayOf)) {
        // Died on the day of discharge but after it: at home, or recorded late? Unknown.
        return;
      }
      HospitalOutcome outcome = within ? HospitalOutcome.DIED : HospitalOutcome.ALIVE;
      out.output(
          outcome
              .into(EhrEvent.builder().setSubjectId(person).setStayId(stay))
              .setTime(visit.end)
              .build());
    }
  }
}
