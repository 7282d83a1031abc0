package io.tardiff.ehr.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * A date or time of FHIR, which may be as coarse as a year: the interval that it may mean.
 *
 * @param first its first millisecond
 * @param last its last millisecond; the first one for a time of day
 * @param precision how exactly it was given
 */
record FhirTime(Instant first, Instant last, Precision precision) {

  /** From coarse to fine. */
  enum Precision {
    YEAR,
    MONTH,
    DAY,
    MOMENT
  }

  /** The year has four digits: others are out of the range of what counts in milliseconds. */
  private static final Pattern DATE_TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d[0-9:.+\\-Z]{0,30}");

  private static final int YEAR_LENGTH = 4;
  private static final int MONTH_LENGTH = 7;
  private static final int DAY_LENGTH = 10;
  private static final int SECONDS_AT = 16;
  private static final String LEAP_SECOND = ":60";

  /**
   * The time in a field.
   *
   * @param name of the field, for the message
   * @return null where there is none
   */
  static @Nullable FhirTime of(JsonNode field, String name) throws BadRowException {
    if (field.isMissingNode() || field.isNull()) {
      return null;
    }
    FhirTime time = field.isTextual() ? parse(field.textValue()) : null;
    if (time == null) {
      throw new BadRowException(name + " is not a time");
    }
    return time;
  }

  /** As {@link #of}, and at least a day, since nothing coarser can be placed in a stay. */
  static @Nullable FhirTime atLeastADay(JsonNode field, String name) throws BadRowException {
    FhirTime time = of(field, name);
    if (time != null && time.precision().compareTo(Precision.DAY) < 0) {
      throw new BadRowException(name + " is only a year or a month");
    }
    return time;
  }

  /** Null where it is no time of FHIR. A time without an offset is taken as UTC. */
  static @Nullable FhirTime parse(String text) {
    try {
      return switch (text.length()) {
        case YEAR_LENGTH -> {
          YearMonth january = YearMonth.parse(text + "-01");
          yield days(january.atDay(1), january.plusMonths(11).atEndOfMonth(), Precision.YEAR);
        }
        case MONTH_LENGTH -> {
          YearMonth month = YearMonth.parse(text);
          yield days(month.atDay(1), month.atEndOfMonth(), Precision.MONTH);
        }
        case DAY_LENGTH -> {
          LocalDate day = LocalDate.parse(text);
          yield days(day, day, Precision.DAY);
        }
        default -> moment(text);
      };
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable FhirTime moment(String text) {
    if (!DATE_TIME.matcher(text).matches()) {
      return null;
    }
    boolean leapSecond = text.startsWith(LEAP_SECOND, SECONDS_AT);
    Instant time =
        Cells.parseTime(
            leapSecond
                ? text.substring(0, SECONDS_AT)
                    + ":59"
                    + text.substring(SECONDS_AT + LEAP_SECOND.length())
                : text);
    if (time == null) {
      return null;
    }
    Instant moment = leapSecond ? time.plus(1000) : time;
    return new FhirTime(moment, moment, Precision.MOMENT);
  }

  private static FhirTime days(LocalDate first, LocalDate last, Precision precision) {
    return new FhirTime(start(first), start(last.plusDays(1)).minus(1), precision);
  }

  private static Instant start(LocalDate day) {
    return Instant.ofEpochMilli(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
  }
}
