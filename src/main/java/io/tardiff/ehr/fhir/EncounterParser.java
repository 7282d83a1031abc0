package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Encounters to the events that frame a stay. */
final class EncounterParser implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String TYPE = "Encounter";

  /** A planned one is not, or not yet, a stay. */
  private static final Set<String> NOT_HELD = Set.of("cancelled", "entered-in-error", "planned");

  /** Codes that mean death whoever uses them, in lower case. */
  private static final Set<String> DEATHS = Set.of("exp", "expired", "died", "dead", "deceased");

  /** Where death has a number: UB-04 patient status, and HL7 v2 table 0112, which follows it. */
  private static final Pattern NUMBERED =
      Pattern.compile(
          ".{0,200}(?:nubc\\.org|v2-0112|2\\.16\\.840\\.1\\.113883\\.(?:6\\.301\\.5|12\\.112)).{0,200}");

  private static final Set<String> NUMBERED_DEATHS = Set.of("20", "40", "41", "42");

  /** Systems of codes that say nothing is known. */
  private static final Pattern UNKNOWN =
      Pattern.compile(".{0,200}(?:v3-NullFlavor|data-absent-reason)");

  private static final String SNOMED = "http://snomed.info/sct";

  /** Admission to an ICU, transfer to an ICU: for codings without a display. */
  private static final Set<String> ICU_TYPES = Set.of("305351004", "397821002");

  private final Settings settings;

  EncounterParser(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param end null while it lasts
   */
  private record Period(Instant start, @Nullable Instant end) {
    static Period of(JsonNode period, String name) throws BadRowException {
      FhirTime start = FhirTime.atLeastADay(period.path("start"), name + ".start");
      if (start == null) {
        throw new BadRowException(name + ".start is missing");
      }
      // FHIR: an end that is a date includes the whole day.
      FhirTime end = FhirTime.atLeastADay(period.path("end"), name + ".end");
      if (end != null && end.last().isBefore(start.first())) {
        throw new BadRowException(name + " ends before it begins");
      }
      return new Period(start.first(), end == null ? null : end.last());
    }

    boolean touches(Period later) {
      return end == null || !later.start().isAfter(end);
    }

    Period and(Period later) {
      boolean open = end == null || later.end() == null;
      Instant last = open ? null : end.isAfter(later.end()) ? end : later.end();
      return new Period(start, last);
    }
  }

  void parse(JsonNode encounter, String id, Map<String, Reference> bundle, Sink sink)
      throws BadRowException {
    JsonNode status = encounter.path("status");
    if (!status.isTextual()) {
      throw new BadRowException("status is missing");
    }
    if (NOT_HELD.contains(status.textValue())) {
      sink.skip(Skip.ENCOUNTER_STATUS);
      return;
    }
    JsonNode code = encounter.path("class").path("code");
    if (!code.isTextual()) {
      throw new BadRowException("class is missing");
    }
    if (!settings.classes().contains(code.textValue())) {
      sink.skip(Skip.OTHER_CLASS);
      return;
    }
    String subject = Subjects.patient(encounter, bundle);
    if (subject == null) {
      sink.skip(Skip.OTHER_SUBJECT);
      return;
    }
    Period stay = Period.of(encounter.path("period"), "period");
    Period icu = isIcu(encounter) ? stay : icuPeriod(encounter, stay, sink);
    boolean part = encounter.path("partOf").isObject();
    if (part && icu == null) {
      sink.skip(Skip.PART_OF_STAY);
      return;
    }
    if (!part) {
      frame(EhrEvent.HOSPITAL_ADMISSION, EhrEvent.HOSPITAL_DISCHARGE, stay, subject, id, sink);
    }
    if (icu != null) {
      frame(EhrEvent.ADMISSION, EhrEvent.DISCHARGE, icu, subject, id, sink);
    }
    Double death = death(encounter);
    if (death != null) {
      boolean byTime = settings.staysByTime() && stay.end() != null;
      sink.event(
          event(subject, byTime ? null : id, EhrEvent.HOSPITAL_DEATH, stay.end())
              .setNumericValue(death)
              .build());
    }
  }

  private static void frame(
      String begin, String finish, Period period, String subject, String id, Sink sink) {
    sink.event(event(subject, id, begin, period.start()).build());
    if (period.end() != null) {
      sink.event(event(subject, id, finish, period.end()).build());
    }
  }

  private static EhrEvent.Builder event(
      String subject, @Nullable String stay, String code, @Nullable Instant time) {
    return EhrEvent.builder().setSubjectId(subject).setStayId(stay).setCode(code).setTime(time);
  }

  private boolean isIcu(JsonNode encounter) {
    List<String> texts = new ArrayList<>();
    Concepts.accept(encounter.path("class").path("display"), texts::add);
    for (JsonNode type : encounter.path("type")) {
      Concepts.texts(type, texts::add);
      for (JsonNode coding : type.path("coding")) {
        if (SNOMED.equals(coding.path("system").textValue())
            && ICU_TYPES.contains(coding.path("code").asText())) {
          return true;
        }
      }
    }
    Concepts.texts(encounter.path("serviceType"), texts::add);
    for (JsonNode profile : encounter.path("meta").path("profile")) {
      Concepts.accept(profile, texts::add);
    }
    for (JsonNode identifier : encounter.path("identifier")) {
      Concepts.accept(identifier.path("system"), texts::add);
    }
    return texts.stream().anyMatch(this::namesIcu);
  }

  /** "Transfer from intensive care unit to ward" names where the patient is no longer. */
  private boolean namesIcu(String text) {
    Matcher icu = settings.icuNames().matcher(text);
    if (!icu.find()) {
      return false;
    }
    String before = text.substring(0, icu.start()).toLowerCase(Locale.ROOT);
    return before.lastIndexOf("from ") <= before.lastIndexOf("to ");
  }

  /** The first time in an ICU among the places of an encounter; beds in a row are one. */
  private @Nullable Period icuPeriod(JsonNode encounter, Period stay, Sink sink)
      throws BadRowException {
    JsonNode locations = encounter.path("location");
    List<Period> periods = new ArrayList<>();
    for (JsonNode location : locations) {
      List<String> texts = new ArrayList<>();
      Concepts.accept(location.path("location").path("display"), texts::add);
      Concepts.texts(location.path("physicalType"), texts::add);
      if (location.path("status").asText().equals("planned")
          || texts.stream().noneMatch(this::namesIcu)) {
        continue;
      }
      if (location.path("period").isObject()) {
        periods.add(Period.of(location.path("period"), "location.period"));
      } else if (locations.size() == 1) {
        periods.add(stay);
      }
    }
    periods.sort(Comparator.comparing(Period::start));
    Period first = null;
    boolean over = false;
    for (Period period : periods) {
      if (first == null) {
        first = period;
      } else if (!over && first.touches(period)) {
        first = first.and(period);
      } else {
        over = true;
        sink.skip(Skip.LATER_ICU);
      }
    }
    return first;
  }

  /** 1 for death, 0 for another way out, null where the source does not say. */
  private static @Nullable Double death(JsonNode encounter) {
    Double death = null;
    for (JsonNode coding :
        encounter.path("hospitalization").path("dischargeDisposition").path("coding")) {
      String code = Concepts.text(coding.path("code"));
      String system = coding.path("system").asText();
      if (code == null || UNKNOWN.matcher(system).matches()) {
        continue;
      }
      if (DEATHS.contains(code.toLowerCase(Locale.ROOT))
          || (NUMBERED.matcher(system).matches() && NUMBERED_DEATHS.contains(code))) {
        return 1.0;
      }
      death = 0.0;
    }
    return death;
  }
}
