package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** patient: a row is a stay in a unit, with the person and how it ended. */
final class StayParser extends TableParser {
  private static final long serialVersionUID = 1L;
  private static final String OVER_89 = "> 89";
  private static final double OLD_AGE = 90;

  @Override
  public String table() {
    return "patient";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(
        "patientunitstayid",
        "uniquepid",
        "gender",
        "age",
        "unitdischargeoffset",
        "hospitaladmitoffset",
        "hospitaldischargeoffset",
        "hospitaldischargestatus");
  }

  @Override
  public List<String> optionalColumns() {
    return List.of("admissionheight", "admissionweight");
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    EhrEvent stay =
        EhrEvent.builder()
            .setSubjectId(Cells.required(row, "uniquepid"))
            .setStayId(Cells.required(row, "patientunitstayid"))
            .setCode(EhrEvent.ADMISSION)
            .setTime(Instant.EPOCH)
            .build();
    events.accept(stay);
    at(stay, EhrEvent.DISCHARGE, offset(row, "unitdischargeoffset"), events);
    at(stay, EhrEvent.HOSPITAL_ADMISSION, offset(row, "hospitaladmitoffset"), events);
    Instant left = offset(row, "hospitaldischargeoffset");
    at(stay, EhrEvent.HOSPITAL_DISCHARGE, left, events);
    String status = row.text("hospitaldischargestatus");
    if (status != null) {
      boolean expired = status.equalsIgnoreCase("Expired");
      if (!expired && !status.equalsIgnoreCase("Alive")) {
        throw new BadRowException("hospitaldischargestatus is not Alive or Expired");
      }
      events.accept(
          stay.toBuilder()
              .setCode(EhrEvent.HOSPITAL_DEATH)
              .setTime(left)
              .setNumericValue(expired ? 1.0 : 0.0)
              .build());
      if (expired) {
        at(stay, EhrEvent.DEATH, left, events);
      }
    }
    String gender = row.text("gender");
    if ("Male".equalsIgnoreCase(gender) || "Female".equalsIgnoreCase(gender)) {
      fact(stay, EhrEvent.GENDER, "Male".equalsIgnoreCase(gender) ? 1.0 : 0.0, events);
    }
    fact(
        stay,
        EhrEvent.AGE,
        OVER_89.equals(row.text("age")) ? (Double) OLD_AGE : Cells.number(row, "age"),
        events);
    fact(stay, "Height", Cells.number(row, "admissionheight"), events);
    fact(stay, "Weight", Cells.number(row, "admissionweight"), events);
  }

  /** Minutes since the admission to the unit. */
  static @Nullable Instant offset(TableRow row, String column) throws BadRowException {
    Double minutes = Cells.number(row, column);
    return minutes == null ? null : new Instant(Math.round(minutes * 60_000));
  }

  private static void at(
      EhrEvent stay, String code, @Nullable Instant time, Consumer<EhrEvent> events) {
    if (time != null) {
      events.accept(stay.toBuilder().setCode(code).setTime(time).build());
    }
  }

  private static void fact(
      EhrEvent stay, String code, @Nullable Double value, Consumer<EhrEvent> events) {
    if (value != null) {
      events.accept(stay.toBuilder().setCode(code).setTime(null).setNumericValue(value).build());
    }
  }
}
