package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Parses hospital stays: admission, discharge and outcome. */
final class AdmissionParser extends TableParser {
  private static final long serialVersionUID = 1L;

  static final String ADMISSION = "hadm_id";

  /** Keeps hospital stays distinct from unit stays, which are numbered as well. */
  private static final String PREFIX = "hadm//";

  private static final String FLAG = "hospital_expire_flag";
  private static final String DEATH = "deathtime";
  private static final String LOCATION = "discharge_location";

  /** The time of death may be a date only, or come from a different clock than the discharge. */
  private static final Duration TOLERANCE = Duration.standardDays(1);

  private final String table;
  private final Dispositions dispositions;

  AdmissionParser(String table, Dispositions dispositions) {
    this.table = table;
    this.dispositions = dispositions;
  }

  AdmissionParser with(Dispositions other) {
    return new AdmissionParser(table, other);
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return List.of("subject_id", "admittime", "dischtime");
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(ADMISSION, FLAG, DEATH, LOCATION);
  }

  /** Returns the id of the hospital stay; null if the row has none. */
  static @Nullable String stay(TableRow row) {
    String admission = Cells.id(row, ADMISSION);
    return admission == null ? null : PREFIX + admission;
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String subject = Cells.requiredId(row, "subject_id");
    Instant admitted = required(row, "admittime");
    Instant discharged = required(row, "dischtime");
    Instant died = Cells.time(row, DEATH);
    HospitalOutcome outcome = outcome(row, admitted, discharged, died);
    boolean inOrder = !discharged.isBefore(admitted);
    EhrEvent admission =
        EhrEvent.builder()
            .setSubjectId(subject)
            .setStayId(stay(row))
            .setTime(admitted)
            .setCode(EhrEvent.HOSPITAL_ADMISSION)
            .build();
    events.accept(admission);
    if (inOrder) {
      events.accept(
          admission.toBuilder().setTime(discharged).setCode(EhrEvent.HOSPITAL_DISCHARGE).build());
    }
    Instant end = inOrder ? discharged : admitted;
    events.accept(
        outcome
            .into(admission.toBuilder())
            .setTime(outcome == HospitalOutcome.DIED && died != null ? died : end)
            .build());
  }

  private HospitalOutcome outcome(
      TableRow row, Instant admitted, Instant discharged, @Nullable Instant died)
      throws BadRowException {
    Double flag = Cells.number(row, FLAG);
    if (flag != null && flag != 0 && flag != 1) {
      throw new BadRowException(FLAG + " is not 0 or 1");
    }
    List<HospitalOutcome> evidence = new ArrayList<>();
    if (flag != null) {
      evidence.add(flag == 1 ? HospitalOutcome.DIED : HospitalOutcome.ALIVE);
    }
    HospitalOutcome location = dispositions.ofText(row.text(LOCATION));
    if (location == HospitalOutcome.DIED || (flag == null && died == null)) {
      // The dead may have an ordinary discharge location too, so only a death contradicts the flag.
      evidence.add(location);
    }
    if (discharged.isBefore(admitted)) {
      evidence.add(HospitalOutcome.ENDS_BEFORE_IT_BEGINS);
    } else if (died != null) {
      boolean within =
          !died.isBefore(admitted.minus(TOLERANCE)) && !died.isAfter(discharged.plus(TOLERANCE));
      evidence.add(within ? HospitalOutcome.DIED : HospitalOutcome.CONTRADICTORY);
    }
    return HospitalOutcome.of(evidence);
  }

  private static Instant required(TableRow row, String column) throws BadRowException {
    Instant time = Cells.time(row, column);
    if (time == null) {
      throw new BadRowException(column + " is empty");
    }
    return time;
  }
}
