package io.tardiff.ehr.mimic;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses patients: sex, age or birth, and death in hospital or elsewhere. */
final class PatientParser extends TableParser {
  private static final long serialVersionUID = 1L;

  private static final int LAST_YEAR = 9999;
  private static final int OLDEST = 150;

  private final String table;
  private final boolean hasBirthDate;

  /**
   * @param hasBirthDate whether the table has dates of birth rather than anchor ages
   */
  PatientParser(String table, boolean hasBirthDate) {
    this.table = table;
    this.hasBirthDate = hasBirthDate;
  }

  @Override
  public String table() {
    return table;
  }

  @Override
  public List<String> requiredColumns() {
    return hasBirthDate
        ? List.of("subject_id", "gender", "dob")
        : List.of("subject_id", "gender", "anchor_age");
  }

  @Override
  public List<String> optionalColumns() {
    return hasBirthDate ? List.of("dod") : List.of("anchor_year", "dod");
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    // Parse the whole row before emitting anything: a partial patient would look complete.
    String subject = Cells.requiredId(row, "subject_id");
    Double gender = gender(row);
    Double age = hasBirthDate ? null : Cells.number(row, "anchor_age");
    if (age != null && (age < 0 || age > OLDEST)) {
      throw new BadRowException("anchor_age is not an age");
    }
    Instant birth = hasBirthDate ? Cells.time(row, "dob") : birth(row, age);
    Instant death = Cells.time(row, "dod");

    if (gender != null) {
      events.accept(event(subject, EhrEvent.GENDER).setNumericValue(gender).build());
    }
    if (age != null) {
      events.accept(event(subject, EhrEvent.AGE).setNumericValue(age).setUnit("a").build());
    }
    if (birth != null) {
      events.accept(event(subject, EhrEvent.BIRTH).setTime(birth).build());
    }
    if (death != null) {
      events.accept(event(subject, EhrEvent.DEATH).setTime(death).build());
    }
  }

  private static @Nullable Double gender(TableRow row) throws BadRowException {
    String gender = row.text("gender");
    if (gender == null) {
      return null;
    }
    return switch (gender) {
      case "F", "f" -> 0.0;
      case "M", "m" -> 1.0;
      default -> throw new BadRowException("gender is not F or M");
    };
  }

  /**
   * Returns 1 January of the year of birth, from which the age in the anchor year is anchor_age.
   */
  private static @Nullable Instant birth(TableRow row, @Nullable Double age)
      throws BadRowException {
    Double year = Cells.number(row, "anchor_year");
    if (year == null || age == null) {
      return null;
    }
    if (year != Math.rint(year) || year < 1 || year > LAST_YEAR) {
      throw new BadRowException("anchor_year is not a year");
    }
    return Instant.ofEpochMilli(
        LocalDate.of((int) (year - Math.floor(age)), 1, 1)
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant()
            .toEpochMilli());
  }

  private static EhrEvent.Builder event(String subject, String code) {
    return EhrEvent.builder().setSubjectId(subject).setCode(code);
  }
}
