package io.tardiff.ehr.omop;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses stays of {@code visit_occurrence} and intensive care stays of {@code visit_detail}. */
final class Visits extends TableParser {
  private static final long serialVersionUID = 1L;

  /** Discharge destination of the dead, as in MEDS. */
  private static final String DIED = "DIED";

  private static final String OCCURRENCE = "visit_occurrence";
  private static final String OCCURRENCE_ID = OCCURRENCE + "_id";

  // Versions 5.3 and 5.4 differ in the name.
  private static final List<String> DISCHARGED =
      List.of("discharged_to_concept_id", "discharge_to_concept_id");
  private static final List<String> DISCHARGED_SOURCE =
      List.of("discharged_to_source_value", "discharge_to_source_value");

  private final String table;
  private final String stayPrefix;
  private final Set<String> hospital;
  private final Set<String> intensive;
  private final Dispositions dispositions;

  private Visits(
      String table,
      String stayPrefix,
      Set<String> hospital,
      Set<String> intensive,
      Dispositions dispositions) {
    this.dispositions = dispositions;
    this.table = table;
    this.stayPrefix = stayPrefix;
    this.hospital = Set.copyOf(hospital);
    this.intensive = Set.copyOf(intensive);
  }

  static Visits occurrences(
      Set<String> hospital, Set<String> intensive, Dispositions dispositions) {
    return new Visits(OCCURRENCE, "", hospital, intensive, dispositions);
  }

  static Visits details(Set<String> intensive, Dispositions dispositions) {
    // The ids of both tables may start at 1, so a prefix keeps their stays distinct.
    return new Visits("visit_detail", "visit_detail//", Set.of(), intensive, dispositions);
  }

  private String prefix() {
    return isOccurrence() ? "visit" : table;
  }

  private boolean isOccurrence() {
    return table.equals(OCCURRENCE);
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
        DISCHARGED_SOURCE.get(1),
        OCCURRENCE_ID);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String stay = stayPrefix + Ids.required(row, table + "_id");
    String person = Ids.required(row, Persons.PERSON);
    String concept = Ids.optional(row, prefix() + "_concept_id");
    boolean icu = concept != null && intensive.contains(concept);
    boolean inHospital = isOccurrence() && (icu || isHospital(concept));
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
    String visit = isOccurrence() ? null : Ids.optional(row, OCCURRENCE_ID);
    if (visit != null) {
      events.accept(
          event.setCode(EhrEvent.HOSPITAL_STAY).setTime(start).setTextValue(visit).build());
    }
    if (end == null) {
      // Not yet discharged when the data were extracted.
      return;
    }
    HospitalOutcome outcome = outcome(row);
    event.setTime(end).setTextValue(discharge(row, outcome));
    if (icu) {
      events.accept(event.setCode(EhrEvent.DISCHARGE).build());
    }
    if (inHospital) {
      events.accept(event.setCode(EhrEvent.HOSPITAL_DISCHARGE).build());
    }
    // A patient who leaves the unit alive may still die in hospital.
    boolean isRelevant =
        inHospital ? outcome != HospitalOutcome.NOT_STATED : outcome == HospitalOutcome.DIED;
    if (isRelevant) {
      events.accept(outcome.into(event).build());
    }
  }

  private boolean isHospital(@Nullable String concept) {
    return concept != null && hospital.contains(concept);
  }

  private HospitalOutcome outcome(TableRow row) {
    String concept = concept(row);
    return HospitalOutcome.of(
        List.of(
            concept == null
                ? HospitalOutcome.NOT_STATED
                : dispositions.ofCode(Dispositions.OMOP, concept),
            dispositions.ofText(source(row))));
  }

  private static @Nullable String discharge(TableRow row, HospitalOutcome outcome) {
    String source = source(row);
    return outcome == HospitalOutcome.DIED ? DIED : source != null ? source : concept(row);
  }

  private static @Nullable String concept(TableRow row) {
    String concept = Ids.concept(row, DISCHARGED.get(0));
    return concept == null ? Ids.concept(row, DISCHARGED.get(1)) : concept;
  }

  private static @Nullable String source(TableRow row) {
    String source = row.text(DISCHARGED_SOURCE.get(0));
    return source == null ? row.text(DISCHARGED_SOURCE.get(1)) : source;
  }
}
