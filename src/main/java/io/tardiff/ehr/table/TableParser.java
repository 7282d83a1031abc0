package io.tardiff.ehr.table;

import io.tardiff.ehr.EhrEvent;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns the rows of one kind of table into events: the half of a reader that is the same for files
 * and for rows of one's own.
 *
 * <pre>{@code
 * final class OutputEvents extends TableParser {
 *   @Override
 *   public String table() {
 *     return "OUTPUTEVENTS";
 *   }
 *
 *   @Override
 *   public List<String> requiredColumns() {
 *     return List.of("subject_id", "charttime", "itemid", "value");
 *   }
 *
 *   @Override
 *   public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
 *     events.accept(
 *         EhrEvent.builder()
 *             .setSubjectId(Cells.required(row, "subject_id"))
 *             .setTime(Cells.time(row, "charttime"))
 *             .setCode(Cells.required(row, "itemid"))
 *             .setNumericValue(Cells.number(row, "value"))
 *             .build());
 *   }
 * }
 * }</pre>
 *
 * <p>Parsers hold no state: any row may come at any time, on any worker, and more than once. Names
 * of columns are matched as they are, else without regard to case.
 */
public abstract class TableParser implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Name of the table, for messages and dead letters. */
  public abstract String table();

  /** Columns without which the table cannot be read. */
  public abstract List<String> requiredColumns();

  /** Columns that are used where they are there. */
  public List<String> optionalColumns() {
    return List.of();
  }

  /**
   * Columns that one file of the table at least must have; in the rows of the others they are
   * empty.
   */
  List<String> columnsOfSomeFile() {
    return List.of();
  }

  /** Whether a row that cannot be used fails the run: a split or a label must not be guessed. */
  boolean everyRowCounts() {
    return false;
  }

  /**
   * Puts out the events of a row: none, one or several.
   *
   * @throws BadRowException with the reason for the dead letter; what was put out before stays
   */
  public abstract void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException;
}
