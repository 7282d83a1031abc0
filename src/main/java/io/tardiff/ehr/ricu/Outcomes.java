package io.tardiff.ehr.ricu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;

/** Parses {@code outc}, a label per stay or per time step. */
final class Outcomes extends TableParser {
  private static final long serialVersionUID = 1L;
  static final String LABEL = "label";

  /** Highest class. Numbers above it are a length of stay or a laboratory value. */
  static final int MAX_CLASS = 9;

  private final Elapsed elapsed;

  Outcomes(Elapsed elapsed) {
    this.elapsed = elapsed;
  }

  @Override
  public String table() {
    return "outc";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Dynamics.STAY, LABEL);
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(Dynamics.TIME);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String stay = Cells.requiredId(row, Dynamics.STAY);
    Double label = Concepts.number(row, LABEL);
    if (label == null) {
      return;
    }
    if (!isClass(label)) {
      throw new BadRowException(LABEL + " is not a class from 0 to " + MAX_CLASS);
    }
    events.accept(
        EhrEvent.builder()
            .setSubjectId(stay)
            .setStayId(stay)
            .setTime(elapsed.time(row, Dynamics.TIME))
            .setCode(EhrEvent.LABEL)
            .setNumericValue(label)
            .build());
  }

  static boolean isClass(double label) {
    return label >= 0 && label <= MAX_CLASS && label == Math.rint(label);
  }
}
