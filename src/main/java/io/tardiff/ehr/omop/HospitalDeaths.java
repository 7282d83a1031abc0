package io.tardiff.ehr.omop;

import io.tardiff.ehr.EhrEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.DateTimeZone;
import org.joda.time.Instant;
import org.joda.time.LocalDate;

/** Whether each stay ended in death in hospital; see {@link Omop#hospitalDeaths}. */
final class HospitalDeaths extends PTransform<PCollection<EhrEvent>, PCollection<EhrEvent>> {
  private static final long serialVersionUID = 1L;

  private static final Set<String> FRAMES =
      Set.of(
          EhrEvent.HOSPITAL_ADMISSION,
          EhrEvent.HOSPITAL_DISCHARGE,
          EhrEvent.ADMISSION,
          EhrEvent.DEATH);

  private final boolean deathsKnown;

  HospitalDeaths(boolean deathsKnown) {
    this.deathsKnown = deathsKnown;
  }

  @Override
  public PCollection<EhrEvent> expand(PCollection<EhrEvent> events) {
    return events
        .apply("Frames", Filter.by(event -> FRAMES.contains(event.getCode())))
        .apply(
            "Key by person",
            WithKeys.<String, EhrEvent>of(EhrEvent::getSubjectId)
                .withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), events.getCoder()))
        .apply("Group", GroupByKey.create())
        .apply("Outcomes", ParDo.of(new OutcomeFn(deathsKnown)));
  }

  /** A stay in hospital, while its rows are gathered. */
  private static final class Visit {
    @Nullable Instant start;
    @Nullable Instant end;
    @Nullable String discharge;

    boolean complete() {
      return start != null && end != null;
    }

    boolean holds(Instant time) {
      return start != null && end != null && !time.isBefore(start) && !time.isAfter(end);
    }

    /** By the day: of many deaths only the date is known. */
    boolean holdsDayOf(Instant time) {
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

    OutcomeFn(boolean deathsKnown) {
      this.deathsKnown = deathsKnown;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<EhrEvent>> person, OutputReceiver<EhrEvent> out) {
      Map<String, Visit> visits = new HashMap<>();
      Map<String, Instant> units = new HashMap<>();
      List<Instant> deaths = new ArrayList<>();
      for (EhrEvent event : person.getValue()) {
        Instant time = event.getTime();
        String stay = event.getStayId();
        if (time == null) {
          continue;
        }
        if (event.getCode().equals(EhrEvent.DEATH)) {
          deaths.add(time);
        } else if (stay != null && event.getCode().equals(EhrEvent.ADMISSION)) {
          units.put(stay, time);
        } else if (stay != null) {
          Visit visit = visits.computeIfAbsent(stay, unused -> new Visit());
          if (event.getCode().equals(EhrEvent.HOSPITAL_ADMISSION)) {
            visit.start = time;
          } else {
            visit.end = time;
            visit.discharge = event.getTextValue();
          }
        }
      }
      visits.values().removeIf(visit -> !visit.complete());
      visits.forEach((stay, visit) -> put(person.getKey(), stay, visit, deaths, out));
      units.forEach(
          (stay, time) -> {
            if (!visits.containsKey(stay)) {
              // A date without a time may lie before the visit that it belongs to.
              innermost(visits, visit -> visit.holds(time))
                  .or(() -> innermost(visits, visit -> visit.holdsDayOf(time)))
                  .ifPresent(visit -> put(person.getKey(), stay, visit, deaths, out));
            }
          });
    }

    /** Of visits within each other the one that began last. */
    private static Optional<Visit> innermost(Map<String, Visit> visits, Predicate<Visit> holds) {
      return visits.values().stream().filter(holds).max((a, b) -> compare(a, b));
    }

    private static int compare(Visit a, Visit b) {
      int byStart = Long.compare(millis(a.start), millis(b.start));
      return byStart != 0 ? byStart : Long.compare(millis(b.end), millis(a.end));
    }

    private static long millis(@Nullable Instant time) {
      return time == null ? Long.MIN_VALUE : time.getMillis();
    }

    private void put(
        String person,
        String stay,
        Visit visit,
        List<Instant> deaths,
        OutputReceiver<EhrEvent> out) {
      boolean died =
          Visits.DIED.equals(visit.discharge) || deaths.stream().anyMatch(visit::holdsDayOf);
      if (!died && !deathsKnown && visit.discharge == null) {
        // Neither a table of deaths nor a place of discharge: nobody knows.
        return;
      }
      out.output(
          EhrEvent.builder()
              .setSubjectId(person)
              .setStayId(stay)
              .setCode(EhrEvent.HOSPITAL_DEATH)
              .setTime(visit.end)
              .setNumericValue(died ? 1.0 : 0.0)
              .build());
    }
  }
}
