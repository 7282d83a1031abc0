package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.Salvage;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses unit stays: patient, times and outcome. */
final class Patients extends TableParser {
  private static final long serialVersionUID = 1L;
  private static final String PERSON = "uniquepid";
  private static final String AGE = "age";
  private static final String GENDER = "gender";
  private static final String UNIT_END = "unitdischargeoffset";
  private static final String UNIT_STATUS = "unitdischargestatus";
  private static final String HOSPITAL_BEGIN = "hospitaladmitoffset";
  private static final String HOSPITAL_END = "hospitaldischargeoffset";
  private static final String HOSPITAL_STATUS = "hospitaldischargestatus";
  private static final String HOSPITAL_LOCATION = "hospitaldischargelocation";
  private static final String UNIT_LOCATION = "unitdischargelocation";
  private static final String HEIGHT = "admissionheight";
  private static final String WEIGHT = "admissionweight";

  /** Age for "> 89", the de-identified form of all higher ages. */
  private static final double OLDEST = 90;

  private final Dispositions dispositions;

  Patients(Dispositions dispositions) {
    this.dispositions = dispositions;
  }

  @Override
  public String table() {
    return "patient";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Observations.STAY, PERSON, AGE, GENDER, UNIT_END, HOSPITAL_END, HOSPITAL_STATUS);
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(HOSPITAL_BEGIN, HOSPITAL_LOCATION, UNIT_STATUS, UNIT_LOCATION, HEIGHT, WEIGHT);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    EhrEvent stay =
        EhrEvent.builder()
            .setSubjectId(Cells.requiredId(row, PERSON))
            .setStayId(Cells.requiredId(row, Observations.STAY))
            .setCode(EhrEvent.ADMISSION)
            .setTime(Instant.EPOCH)
            .build();
    events.accept(stay);
    Salvage salvage = new Salvage();
    salvage.read(
        () -> addTime(row, HOSPITAL_BEGIN, stay, EhrEvent.HOSPITAL_ADMISSION, null, events));
    salvage.read(
        () -> addTime(row, UNIT_END, stay, EhrEvent.DISCHARGE, row.text(UNIT_STATUS), events));
    salvage.read(() -> addTime(row, HOSPITAL_END, stay, EhrEvent.HOSPITAL_DISCHARGE, null, events));
    salvage.read(() -> outcome(row, stay, events));
    salvage.read(() -> addFact(stay, EhrEvent.AGE, age(row), events));
    salvage.read(() -> addFact(stay, EhrEvent.GENDER, gender(row), events));
    salvage.read(() -> addFact(stay, "Height", Cells.number(row, HEIGHT), events));
    salvage.read(() -> addFact(stay, "Weight", Cells.number(row, WEIGHT), events));
    salvage.finish();
  }

  private static void addTime(
      TableRow row,
      String column,
      EhrEvent stay,
      String code,
      @Nullable String text,
      Consumer<EhrEvent> events)
      throws BadRowException {
    Instant time = Offsets.time(row, column);
    if (time != null) {
      events.accept(stay.toBuilder().setCode(code).setTime(time).setTextValue(text).build());
    }
  }

  private void outcome(TableRow row, EhrEvent stay, Consumer<EhrEvent> events)
      throws BadRowException {
    HospitalOutcome outcome = outcome(row);
    if (outcome == HospitalOutcome.NOT_STATED) {
      return;
    }
    Instant end = Offsets.time(row, HOSPITAL_END);
    events.accept(
        outcome
            .into(stay.toBuilder())
            .setTime(end == null || end.isBefore(stay.getTime()) ? null : end)
            .build());
  }

  /**
   * Combines the status at hospital discharge with any death in the other columns. A patient who
   * left the unit alive may have died later in hospital, but not vice versa.
   */
  private HospitalOutcome outcome(TableRow row) throws BadRowException {
    List<HospitalOutcome> evidence = new ArrayList<>();
    HospitalOutcome status = dispositions.ofText(row.text(HOSPITAL_STATUS));
    HospitalOutcome location = dispositions.ofText(row.text(HOSPITAL_LOCATION));
    evidence.add(status);
    // Without a known status, the location decides, for survivors as for deaths.
    if (location == HospitalOutcome.DIED || !status.isKnown()) {
      evidence.add(location);
    }
    for (String column : new String[] {UNIT_STATUS, UNIT_LOCATION}) {
      if (dispositions.ofText(row.text(column)) == HospitalOutcome.DIED) {
        evidence.add(HospitalOutcome.DIED);
      }
    }
    Instant begin = Offsets.time(row, HOSPITAL_BEGIN);
    Instant end = Offsets.time(row, HOSPITAL_END);
    if (isBefore(end, begin) || isBefore(end, Instant.EPOCH)) {
      evidence.add(HospitalOutcome.ENDS_BEFORE_IT_BEGINS);
    }
    return HospitalOutcome.of(evidence);
  }

  private static boolean isBefore(@Nullable Instant end, @Nullable Instant begin) {
    return end != null && begin != null && end.isBefore(begin);
  }

  private static void addFact(
      EhrEvent stay, String code, @Nullable Double value, Consumer<EhrEvent> events) {
    if (value != null) {
      events.accept(stay.toBuilder().setCode(code).setTime(null).setNumericValue(value).build());
    }
  }

  private static @Nullable Double age(TableRow row) throws BadRowException {
    String text = row.text(AGE);
    return text != null && text.replace(" ", "").equals(">89")
        ? Double.valueOf(OLDEST)
        : Cells.number(row, AGE);
  }

  private static @Nullable Double gender(TableRow row) throws BadRowException {
    String text = row.text(GENDER);
    if (text == null) {
      return null;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "female" -> 0.0;
      case "male" -> 1.0;
      case "other", "unknown" -> null;
      default -> throw new BadRowException(GENDER + " is not Female, Male, Other or Unknown");
    };
  }
}
