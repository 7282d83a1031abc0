package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.ehr.table.BadRowException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses encounters into admissions, discharges and outcomes. */
final class EncounterParser implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String TYPE = "Encounter";

  /** Statuses of encounters that did not take place, or not yet. */
  private static final Set<String> DID_NOT_HAPPEN =
      Set.of("cancelled", "entered-in-error", "planned");

  /** Statuses of encounters in progress. */
  private static final Set<String> IN_PROGRESS =
      Set.of("arrived", "triaged", "in-progress", "onleave", "on-hold");

  /** Parts of the lower-case URLs of extensions about the discharge. */
  private static final Pattern DISCHARGE = Pattern.compile("discharge|entlassung");

  private static final int MAX_NESTING = 4;

  private static final String SNOMED = "http://snomed.info/sct";

  /** Admission and transfer to an ICU, for codings without a display. */
  private static final Set<String> ICU_TYPES = Set.of("305351004", "397821002");

  private final Settings settings;

  EncounterParser(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param end null if the period is open
   */
  private record Period(Instant start, @Nullable Instant end) {
    static Period of(JsonNode period, String name) throws BadRowException {
      FhirTime start = FhirTime.atLeastADay(period.path("start"), name + ".start");
      if (start == null) {
        throw new BadRowException(name + ".start is missing");
      }
      // In FHIR, an end date includes the whole day.
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
    if (DID_NOT_HAPPEN.contains(status.textValue())) {
      sink.skip(Skip.ENCOUNTER_STATUS);
      return;
    }
    Set<String> classes = classes(encounter);
    if (classes.isEmpty()) {
      throw new BadRowException("class is missing");
    }
    boolean opensStay = classes.stream().anyMatch(settings.classes()::contains);
    if (!opensStay) {
      sink.skip(Skip.OTHER_CLASS);
    }
    boolean part = encounter.path("partOf").isObject();
    HospitalOutcome outcome = outcome(encounter, sink);
    if (!opensStay && !part && outcome == HospitalOutcome.NOT_STATED) {
      return;
    }
    String subject = Subjects.patient(encounter, bundle);
    if (subject == null) {
      sink.skip(Skip.OTHER_SUBJECT);
      return;
    }
    if (!opensStay) {
      // The encounter that contains a stay may be of any class, and its outcome is that of the
      // stay.
      FhirTime end = FhirTime.parse(encounter.path(period(encounter)).path("end").asText());
      linkToWhole(encounter, subject, id, bundle, sink);
      outcome(outcome, part, subject, id, end == null ? null : end.last(), sink);
      return;
    }
    sink.offsets(subject, Offsets.of(encounter));
    String period = period(encounter);
    Period stay = Period.of(encounter.path(period), period);
    linkToWhole(encounter, subject, id, bundle, sink);
    Period icu = isIcu(encounter) ? stay : icuPeriod(encounter, stay, sink);
    if (part && icu == null) {
      sink.skip(Skip.PART_OF_STAY);
    }
    if (!part) {
      frame(EhrEvent.HOSPITAL_ADMISSION, EhrEvent.HOSPITAL_DISCHARGE, stay, subject, id, sink);
    }
    if (icu != null) {
      frame(EhrEvent.ADMISSION, EhrEvent.DISCHARGE, icu, subject, id, sink);
    }
    outcome(outcome, part, subject, id, stay.end(), sink);
  }

  /** Returns the class codes: one in R4, any number in R5. */
  private static Set<String> classes(JsonNode encounter) {
    JsonNode field = encounter.path("class");
    Set<String> classes = new HashSet<>();
    for (JsonNode concept : field.isArray() ? field : List.of(field)) {
      for (JsonNode coding : concept.has("coding") ? concept.path("coding") : List.of(concept)) {
        if (coding.path("code").isTextual()) {
          classes.add(coding.path("code").textValue());
        }
      }
    }
    return classes;
  }

  /** Returns the name of the period field, which R5 renamed. */
  private static String period(JsonNode encounter) {
    return encounter.hasNonNull("actualPeriod") && !encounter.hasNonNull("period")
        ? "actualPeriod"
        : "period";
  }

  /** Links an encounter to the one that it is part of. */
  private static void linkToWhole(
      JsonNode encounter, String subject, String id, Map<String, Reference> bundle, Sink sink) {
    Reference whole = Reference.of(encounter.path("partOf"), bundle);
    if (whole != null && whole.mayBe(TYPE) && !whole.id().equals(id)) {
      sink.event(event(subject, id, EhrEvent.HOSPITAL_STAY, null).setTextValue(whole.id()).build());
    }
  }

  /**
   * Emits the outcome; of a part only death, since a patient who left it alive may die in the
   * whole.
   */
  private static void outcome(
      HospitalOutcome outcome,
      boolean part,
      String subject,
      String id,
      @Nullable Instant end,
      Sink sink) {
    boolean isRelevant =
        part ? outcome == HospitalOutcome.DIED : outcome != HospitalOutcome.NOT_STATED;
    if (isRelevant) {
      sink.event(outcome.into(event(subject, id, EhrEvent.HOSPITAL_DEATH, end)).build());
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
    JsonNode classes = encounter.path("class");
    Concepts.accept(classes.path("display"), texts::add);
    for (JsonNode concept : classes.isArray() ? classes : List.<JsonNode>of()) {
      Concepts.texts(concept, texts::add);
    }
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

  /**
   * Whether a text names an ICU, but not as the origin: "Transfer from intensive care unit to
   * ward".
   */
  private boolean namesIcu(String text) {
    Matcher icu = settings.icuNames().matcher(text);
    if (!icu.find()) {
      return false;
    }
    String before = text.substring(0, icu.start()).toLowerCase(Locale.ROOT);
    return before.lastIndexOf("from ") <= before.lastIndexOf("to ");
  }

  /**
   * Returns the first ICU period among the locations, joined with adjacent ones (changes of bed).
   */
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

  /** Combines all evidence in an encounter about the discharge. */
  private HospitalOutcome outcome(JsonNode encounter, Sink sink) {
    List<HospitalOutcome> evidence = new ArrayList<>();
    // R5 renamed the field.
    for (String field : new String[] {"hospitalization", "admission"}) {
      concept(encounter.path(field).path("dischargeDisposition"), evidence, 0);
      extensions(encounter.path(field), evidence);
    }
    extensions(encounter, evidence);
    HospitalOutcome disposition = HospitalOutcome.of(evidence);
    if (disposition == HospitalOutcome.UNLISTED) {
      sink.skip(Skip.UNLISTED_DISPOSITION);
    }
    boolean isOver = !IN_PROGRESS.contains(encounter.path("status").asText());
    // An encounter that was never closed but has a known disposition and an end is over.
    boolean stale = disposition.isKnown() && encounter.path(period(encounter)).hasNonNull("end");
    if (!isOver && !stale) {
      evidence.add(HospitalOutcome.STILL_A_PATIENT);
    }
    return HospitalOutcome.of(evidence);
  }

  private void extensions(JsonNode element, List<HospitalOutcome> evidence) {
    for (JsonNode extension : element.path("extension")) {
      String url = extension.path("url").asText().toLowerCase(Locale.ROOT);
      if (DISCHARGE.matcher(url).find()) {
        extension(extension, evidence, 0);
      }
    }
  }

  private void extension(JsonNode extension, List<HospitalOutcome> evidence, int depth) {
    coding(extension.path("valueCoding"), evidence);
    concept(extension.path("valueCodeableConcept"), evidence, depth);
    if (depth < MAX_NESTING) {
      for (JsonNode inner : extension.path("extension")) {
        extension(inner, evidence, depth + 1);
      }
    }
  }

  private void concept(JsonNode concept, List<HospitalOutcome> evidence, int depth) {
    for (JsonNode coding : concept.path("coding")) {
      coding(coding, evidence);
    }
    evidence.add(settings.dispositions().ofText(Concepts.text(concept.path("text"))));
    if (depth < MAX_NESTING) {
      for (JsonNode extension : concept.path("extension")) {
        extension(extension, evidence, depth + 1);
      }
    }
  }

  private void coding(JsonNode coding, List<HospitalOutcome> evidence) {
    evidence.add(
        settings
            .dispositions()
            .ofCode(Concepts.text(coding.path("system")), Concepts.text(coding.path("code"))));
    evidence.add(settings.dispositions().ofText(Concepts.text(coding.path("display"))));
  }
}
