package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses observations into events. */
final class ObservationParser implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String TYPE = "Observation";

  private static final Set<String> FINAL = Set.of("final", "amended", "corrected");

  private final Settings settings;

  ObservationParser(Settings settings) {
    this.settings = settings;
  }

  /**
   * The effective time of an observation.
   *
   * @param begin start of the period, where sampled data begin
   * @param known time at which the value was known: the end of the period
   */
  private record Effective(Instant begin, Instant known) {}

  /** What the events of one observation share. */
  private record Frame(String subject, @Nullable String stay, Effective effective) {}

  void parse(JsonNode observation, Map<String, Reference> bundle, Sink sink)
      throws BadRowException {
    JsonNode status = observation.path("status");
    if (!status.isTextual()) {
      throw new BadRowException("status is missing");
    }
    if (!FINAL.contains(status.textValue())) {
      sink.skip(Skip.OBSERVATION_STATUS);
      return;
    }
    boolean hasValue = Value.field(observation) != null;
    JsonNode components = observation.path("component");
    if (!hasValue && components.isEmpty()) {
      sink.skip(observation.has("dataAbsentReason") ? Skip.ABSENT : Skip.NO_VALUE);
      return;
    }
    String subject = Subjects.patient(observation, bundle);
    if (subject == null) {
      sink.skip(Skip.OTHER_SUBJECT);
      return;
    }
    Frame frame = new Frame(subject, stay(observation, bundle), effective(observation));
    sink.offsets(subject, Offsets.of(observation));
    if (hasValue) {
      element(observation, frame, sink);
    } else if (observation.has("dataAbsentReason")) {
      sink.skip(Skip.ABSENT);
    }
    for (JsonNode component : components) {
      try {
        element(component, frame, sink);
      } catch (BadRowException e) {
        sink.reject(TYPE, "component: " + e.getMessage());
      }
    }
  }

  private @Nullable String stay(JsonNode observation, Map<String, Reference> bundle) {
    if (settings.staysByTime()) {
      return null;
    }
    Reference encounter = Reference.of(observation.path("encounter"), bundle);
    return encounter != null && encounter.mayBe(EncounterParser.TYPE) ? encounter.id() : null;
  }

  /**
   * A value over a period is known only at its end; at the start, it would leak the future. {@code
   * issued} is later still.
   */
  private static Effective effective(JsonNode observation) throws BadRowException {
    for (String name : new String[] {"effectiveDateTime", "effectiveInstant"}) {
      FhirTime time = FhirTime.atLeastADay(observation.path(name), name);
      if (time != null) {
        return new Effective(time.first(), time.first());
      }
    }
    if (observation.hasNonNull("effectivePeriod")) {
      return period(observation.path("effectivePeriod"), "effectivePeriod");
    }
    if (observation.hasNonNull("effectiveTiming")) {
      return timing(observation.path("effectiveTiming"));
    }
    FhirTime issued = FhirTime.atLeastADay(observation.path("issued"), "issued");
    if (issued == null) {
      throw new BadRowException("effective time is missing");
    }
    return new Effective(issued.first(), issued.first());
  }

  private static Effective period(JsonNode period, String name) throws BadRowException {
    FhirTime start = FhirTime.atLeastADay(period.path("start"), name + ".start");
    FhirTime end = FhirTime.atLeastADay(period.path("end"), name + ".end");
    if (start == null && end == null) {
      throw new BadRowException(name + " has neither start nor end");
    }
    if (end == null) {
      return new Effective(start.first(), start.first());
    }
    if (start == null) {
      return new Effective(end.last(), end.last());
    }
    if (start.first().isAfter(end.last())) {
      throw new BadRowException(name + " ends before it begins");
    }
    return new Effective(start.first(), end.last());
  }

  private static Effective timing(JsonNode timing) throws BadRowException {
    Instant first = null;
    Instant last = null;
    for (JsonNode event : timing.path("event")) {
      FhirTime time = FhirTime.atLeastADay(event, "effectiveTiming.event");
      if (time == null) {
        continue;
      }
      first = first == null || time.first().isBefore(first) ? time.first() : first;
      last = last == null || time.first().isAfter(last) ? time.first() : last;
    }
    if (first != null) {
      return new Effective(first, last);
    }
    JsonNode bounds = timing.path("repeat").path("boundsPeriod");
    if (!bounds.isObject()) {
      throw new BadRowException("effectiveTiming has no time");
    }
    return period(bounds, "effectiveTiming.repeat.boundsPeriod");
  }

  /** Parses the code and the value of an observation or a component. */
  private void element(JsonNode element, Frame frame, Sink sink) throws BadRowException {
    String field = Value.field(element);
    if (field == null) {
      sink.skip(element.has("dataAbsentReason") ? Skip.ABSENT : Skip.NO_VALUE);
      return;
    }
    String code = Concepts.code(element.path("code"), settings::wants);
    if (code == null) {
      throw new BadRowException("code is missing");
    }
    if (field.equals(Value.SAMPLED_DATA)) {
      series(element.path(field), code, frame, sink);
      return;
    }
    Value value = Value.of(element, field);
    if (value == null) {
      sink.skip(Skip.ABSENT);
    } else {
      emit(frame, code, frame.effective().known(), value, sink);
    }
  }

  private void series(JsonNode data, String code, Frame frame, Sink sink) throws BadRowException {
    SampledData series = SampledData.of(data, frame.effective().begin());
    if (series == null) {
      sink.skip(Skip.ABSENT);
      return;
    }
    for (SampledData.Sample sample : series.samples()) {
      String channel = sample.dimension() == 0 ? code : code + "#" + (sample.dimension() + 1);
      emit(frame, channel, sample.time(), sample.value(), sink);
    }
    for (int i = 0; i < series.missing(); i++) {
      sink.skip(Skip.ABSENT);
    }
  }

  private void emit(Frame frame, String code, Instant time, Value value, Sink sink) {
    if (settings.wants(code)) {
      sink.event(
          EhrEvent.builder()
              .setSubjectId(frame.subject())
              .setStayId(frame.stay())
              .setTime(time)
              .setCode(code)
              .setNumericValue(value.number())
              .setTextValue(value.text())
              .setUnit(value.unit())
              .build());
    }
  }
}
