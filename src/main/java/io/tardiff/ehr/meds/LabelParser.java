package io.tardiff.ehr.meds;

import com.google.common.base.Ascii;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.joda.time.Instant;

/** Parses rows of {@code labels/TASK}. */
final class LabelParser extends TableParser {
  private static final long serialVersionUID = 1L;

  @Override
  public String table() {
    return "labels";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(MedsColumns.SUBJECT, MedsColumns.PREDICTION_TIME);
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(MedsColumns.BOOLEAN_LABEL, MedsColumns.INTEGER_LABEL);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    Instant time = EventParser.time(row, MedsColumns.PREDICTION_TIME);
    if (time == null) {
      throw new BadRowException(MedsColumns.PREDICTION_TIME + " is empty");
    }
    events.accept(
        EhrEvent.builder()
            .setSubjectId(EventParser.subject(row))
            .setTime(time)
            .setCode(EhrEvent.LABEL)
            .setNumericValue(label(row))
            .build());
  }

  private static double label(TableRow row) throws BadRowException {
    String flag = row.text(MedsColumns.BOOLEAN_LABEL);
    if (flag != null) {
      return switch (Ascii.toLowerCase(flag)) {
        case "true" -> 1;
        case "false" -> 0;
        default -> throw new BadRowException(MedsColumns.BOOLEAN_LABEL + " is not true or false");
      };
    }
    Double number = Cells.number(row, MedsColumns.INTEGER_LABEL);
    if (number == null) {
      throw new BadRowException(
          MedsColumns.BOOLEAN_LABEL + " and " + MedsColumns.INTEGER_LABEL + " are empty");
    }
    if (number < 0 || number > Integer.MAX_VALUE || number != Math.rint(number)) {
      throw new BadRowException(MedsColumns.INTEGER_LABEL + " is not a class number");
    }
    return number;
  }
}
