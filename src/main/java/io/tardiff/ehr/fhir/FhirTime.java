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
 * A FHIR date or time, possibly as coarse as a year, as the interval it covers.
 *
 * @param first first millisecond
 * @param last last millisecond; equal to {@code first} for a time of day
 * @param precision precision as written
 */
record FhirTime(Instant first, Instant last, Precision precision) {

  /** From coarse to fine. */
  enum Precision {
    YEAR,
    MONTH,
    DAY,
    MOMENT
  }

  /** Requires a four-digit year; others may overflow milliseconds. */
  private static final Pattern DATE_TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d[0-9:.+\\-Z]{0,30}");

  private static final int YEAR_LENGTH = 4;
  private static final int MONTH_LENGTH = 7;
  private static final int DAY_LENGTH = 10;
  private static final int SECONDS_AT = 16;
  private static final String LEAP_SECOND = ":60";

  /**
   * Returns the time in a field.
   *
   * @param name name of the field, for the message
   * @return null if the field is missing
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

  /** Like {@link #of}, but rejects a bare year or month, which cannot be placed in a stay. */
  static @Nullable FhirTime atLeastADay(JsonNode field, String name) throws BadRowException {
    FhirTime time = of(field, name);
    if (time != null && time.precision().compareTo(Precision.DAY) < 0) {
      throw new BadRowException(name + " is only a year or a month");
    }
    return time;
  }

  /** Returns null if the text is not a FHIR time. Reads a time without an offset as UTC. */
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
