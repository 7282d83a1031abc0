package io.tardiff.ehr.eicu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** The stays: who, when, and how they ended. */
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
  private static final String HEIGHT = "admissionheight";
  private static final String WEIGHT = "admissionweight";

  /** Who is older than 89 is "> 89", as the law on de-identification has it. */
  private static final double OLDEST = 90;

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
    return List.of(HOSPITAL_BEGIN, UNIT_STATUS, HEIGHT, WEIGHT);
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
    salvage.read(() -> mark(row, HOSPITAL_BEGIN, stay, EhrEvent.HOSPITAL_ADMISSION, null, events));
    salvage.read(
        () -> mark(row, UNIT_END, stay, EhrEvent.DISCHARGE, row.text(UNIT_STATUS), events));
    salvage.read(() -> mark(row, HOSPITAL_END, stay, EhrEvent.HOSPITAL_DISCHARGE, null, events));
    salvage.read(() -> outcome(row, stay, events));
    salvage.read(() -> describe(stay, EhrEvent.AGE, age(row), events));
    salvage.read(() -> describe(stay, EhrEvent.GENDER, gender(row), events));
    salvage.read(() -> describe(stay, "Height", Cells.number(row, HEIGHT), events));
    salvage.read(() -> describe(stay, "Weight", Cells.number(row, WEIGHT), events));
    salvage.end();
  }

  private static void mark(
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

  private static void outcome(TableRow row, EhrEvent stay, Consumer<EhrEvent> events)
      throws BadRowException {
    String status = row.text(HOSPITAL_STATUS);
    if (status == null) {
      return;
    }
    double died =
        switch (status.toLowerCase(Locale.ROOT)) {
          case "expired" -> 1;
          case "alive" -> 0;
          default -> throw new BadRowException(HOSPITAL_STATUS + " is not Alive or Expired");
        };
    events.accept(
        stay.toBuilder()
            .setCode(EhrEvent.HOSPITAL_DEATH)
            .setTime(Offsets.time(row, HOSPITAL_END))
            .setNumericValue(died)
            .build());
  }

  private static void describe(
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
