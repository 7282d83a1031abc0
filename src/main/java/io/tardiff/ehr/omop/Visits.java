package io.tardiff.ehr.omop;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Stays from {@code visit_occurrence}, and those in intensive care from {@code visit_detail}. */
final class Visits extends TableParser {
  private static final long serialVersionUID = 1L;

  /** What {@link HospitalDeaths} takes for a death by the discharge alone, as MEDS words it. */
  static final String DIED = "DIED";

  /** "Patient died" as the place of discharge. */
  private static final String DEAD = "4216643";

  private static final Set<String> DEATHS =
      Set.of("died", "dead", "dead/expired", "expired", "deceased", "death");

  // 5.3 and 5.4 differ in the name.
  private static final List<String> DISCHARGED =
      List.of("discharged_to_concept_id", "discharge_to_concept_id");
  private static final List<String> DISCHARGED_SOURCE =
      List.of("discharged_to_source_value", "discharge_to_source_value");

  private final String table;
  private final String stayPrefix;
  private final Set<String> hospital;
  private final Set<String> intensive;

  private Visits(String table, String stayPrefix, Set<String> hospital, Set<String> intensive) {
    this.table = table;
    this.stayPrefix = stayPrefix;
    this.hospital = Set.copyOf(hospital);
    this.intensive = Set.copyOf(intensive);
  }

  static Visits occurrences(Set<String> hospital, Set<String> intensive) {
    return new Visits("visit_occurrence", "", hospital, intensive);
  }

  static Visits details(Set<String> intensive) {
    // The ids of both tables may be counted from 1: a prefix keeps their stays apart.
    return new Visits("visit_detail", "visit_detail//", Set.of(), intensive);
  }

  private String prefix() {
    return table.equals("visit_detail") ? "visit_detail" : "visit";
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(
        table + "_id",
        Persons.PERSON,
        prefix() + "_concept_id",
        prefix() + "_start_date",
        prefix() + "_end_date");
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(
        prefix() + "_start_datetime",
        prefix() + "_end_datetime",
        DISCHARGED.get(0),
        DISCHARGED.get(1),
        DISCHARGED_SOURCE.get(0),
        DISCHARGED_SOURCE.get(1));
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String stay = stayPrefix + Ids.required(row, table + "_id");
    String person = Ids.required(row, Persons.PERSON);
    String concept = Ids.optional(row, prefix() + "_concept_id");
    boolean icu = concept != null && intensive.contains(concept);
    boolean inHospital = table.equals("visit_occurrence") && (icu || isHospital(concept));
    if (!icu && !inHospital) {
      return;
    }
    Instant start = Times.start(row, prefix() + "_start");
    if (start == null) {
      throw new BadRowException(prefix() + "_start_date is empty");
    }
    Instant end = Times.end(row, prefix() + "_end");
    if (end != null && end.isBefore(start)) {
      throw new BadRowException(prefix() + "_end_date is before " + prefix() + "_start_date");
    }
    EhrEvent.Builder event = EhrEvent.builder().setSubjectId(person).setStayId(stay);
    if (inHospital) {
      events.accept(event.setCode(EhrEvent.HOSPITAL_ADMISSION).setTime(start).build());
    }
    if (icu) {
      events.accept(event.setCode(EhrEvent.ADMISSION).setTime(start).build());
    }
    if (end == null) {
      // Still there when the data were taken.
      return;
    }
    event.setTime(end).setTextValue(discharge(row));
    if (icu) {
      events.accept(event.setCode(EhrEvent.DISCHARGE).build());
    }
    if (inHospital) {
      events.accept(event.setCode(EhrEvent.HOSPITAL_DISCHARGE).build());
    }
  }

  private boolean isHospital(@Nullable String concept) {
    return concept != null && hospital.contains(concept);
  }

  private static @Nullable String discharge(TableRow row) {
    String concept = null;
    String source = null;
    for (int i = 0; i < DISCHARGED.size(); i++) {
      concept = concept == null ? Ids.concept(row, DISCHARGED.get(i)) : concept;
      source = source == null ? row.text(DISCHARGED_SOURCE.get(i)) : source;
    }
    boolean died =
        DEAD.equals(concept)
            || (source != null && DEATHS.contains(source.toLowerCase(Locale.ROOT)));
    return died ? DIED : source != null ? source : concept;
  }
}
