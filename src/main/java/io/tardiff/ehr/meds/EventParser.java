package io.tardiff.ehr.meds;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import io.tardiff.ehr.table.TypedRow;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses rows of {@code data}. */
final class EventParser extends TableParser {
  private static final long serialVersionUID = 1L;

  private final @Nullable Set<String> codes;
  private final Dispositions dispositions;

  /**
   * @param codes codes to keep besides the reserved ones, null for all; other rows are skipped
   *     before they are parsed
   * @param dispositions meaning of the parts of discharge codes
   */
  EventParser(@Nullable Set<String> codes, Dispositions dispositions) {
    this.codes = codes;
    this.dispositions = dispositions;
  }

  @Override
  public String table() {
    return "data";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(MedsColumns.SUBJECT, MedsColumns.TIME, MedsColumns.CODE);
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(MedsColumns.NUMBER, MedsColumns.TEXT, MedsColumns.STAY, MedsColumns.UNIT);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String code = untrimmed(row, MedsColumns.CODE);
    if (code == null) {
      throw new BadRowException(MedsColumns.CODE + " is empty");
    }
    boolean wanted =
        codes == null || codes.contains(code) || EhrEvent.reservedCodes().contains(code);
    String item = wanted || codes.isEmpty() ? null : MedsCodes.item(code);
    boolean itemWanted = item != null && codes.contains(item);
    if (!wanted && !itemWanted && MedsCodes.frame(code) == null) {
      return;
    }
    Double number = number(row);
    String unit = row.text(MedsColumns.UNIT);
    if (unit == null && number != null) {
      unit = MedsCodes.unit(code);
    }
    EhrEvent event =
        EhrEvent.builder()
            .setSubjectId(subject(row))
            .setStayId(row.text(MedsColumns.STAY))
            .setTime(time(row, MedsColumns.TIME))
            .setCode(code)
            .setNumericValue(number)
            .setTextValue(untrimmed(row, MedsColumns.TEXT))
            .setUnit(unit)
            .build();
    if (wanted) {
      events.accept(event);
    } else if (itemWanted) {
      events.accept(event.toBuilder().setCode(item).build());
    }
    MedsCodes.addReserved(event, dispositions, events);
  }

  /**
   * Returns the untrimmed text: codes that differ only in a trailing blank exist and are distinct.
   */
  private static @Nullable String untrimmed(TableRow row, String column) {
    String trimmed = row.text(column);
    return trimmed != null
            && row instanceof TypedRow typed
            && typed.value(column) instanceof String text
        ? text
        : trimmed;
  }

  static String subject(TableRow row) throws BadRowException {
    String subject = Cells.required(row, MedsColumns.SUBJECT);
    if (row instanceof TypedRow typed && typed.value(MedsColumns.SUBJECT) instanceof Long) {
      return subject;
    }
    try {
      return Long.toString(Long.parseLong(subject));
    } catch (NumberFormatException e) {
      throw new BadRowException(MedsColumns.SUBJECT + " is not a whole number");
    }
  }

  static @Nullable Instant time(TableRow row, String column) throws BadRowException {
    return row instanceof TypedRow typed && typed.value(column) instanceof Instant time
        ? time
        : Cells.time(row, column);
  }

  /** Treats NaN as missing, since data frames write it for missing numbers. */
  private static @Nullable Double number(TableRow row) throws BadRowException {
    if (row instanceof TypedRow typed && typed.value(MedsColumns.NUMBER) instanceof Double value) {
      if (value.isInfinite()) {
        throw new BadRowException(MedsColumns.NUMBER + " is not finite");
      }
      return value.isNaN() ? null : value;
    }
    return "NaN".equals(row.text(MedsColumns.NUMBER))
        ? null
        : Cells.number(row, MedsColumns.NUMBER);
  }
}
