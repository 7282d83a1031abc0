package io.tardiff.ehr.omop;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses birth and sex. */
final class Persons extends TableParser {
  private static final long serialVersionUID = 1L;
  static final String PERSON = "person_id";
  private static final String GENDER = "gender_concept_id";
  private static final String BIRTH = "birth_datetime";
  private static final String YEAR = "year_of_birth";
  private static final String MONTH = "month_of_birth";
  private static final String DAY = "day_of_birth";
  private static final String MALE = "8507";
  private static final String FEMALE = "8532";

  // Convention of the common data model for an unknown month.
  private static final int MIDDLE_MONTH = 6;
  private static final int MIDDLE_DAY = 15;

  @Override
  public String table() {
    return "person";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(PERSON, GENDER, YEAR);
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(BIRTH, MONTH, DAY);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String person = Ids.required(row, PERSON);
    String gender = Ids.optional(row, GENDER);
    if (MALE.equals(gender) || FEMALE.equals(gender)) {
      events.accept(
          EhrEvent.builder()
              .setSubjectId(person)
              .setCode(EhrEvent.GENDER)
              .setNumericValue(MALE.equals(gender) ? 1.0 : 0.0)
              .build());
    }
    Instant birth = Cells.time(row, BIRTH);
    if (birth == null) {
      birth = birthday(row);
    }
    if (birth != null) {
      events.accept(
          EhrEvent.builder().setSubjectId(person).setCode(EhrEvent.BIRTH).setTime(birth).build());
    }
  }

  private static @Nullable Instant birthday(TableRow row) throws BadRowException {
    Double year = Cells.number(row, YEAR);
    Double month = Cells.number(row, MONTH);
    Double day = Cells.number(row, DAY);
    if (year == null) {
      return null;
    }
    try {
      LocalDate date =
          month == null
              ? LocalDate.of(year.intValue(), MIDDLE_MONTH, MIDDLE_DAY)
              : LocalDate.of(year.intValue(), month.intValue(), day == null ? 1 : day.intValue());
      return Instant.ofEpochMilli(date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
    } catch (DateTimeException e) {
      throw new BadRowException(YEAR + ", " + MONTH + " and " + DAY + " are not a date");
    }
  }
}
