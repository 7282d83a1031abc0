package io.tardiff.ehr.table;

import io.tardiff.ehr.EhrEvent;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;

/**
 * Parses the rows of one kind of table into events, whether they come from files or from a
 * collection of Beam rows.
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
 * <p>Parsers must be stateless: rows may arrive in any order, on any worker, and more than once.
 * Column names are matched exactly, else ignoring case.
 */
public abstract class TableParser implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Returns the name of the table, for messages and dead letters. */
  public abstract String table();

  /** Returns the required columns. */
  public abstract List<String> requiredColumns();

  /** Returns the columns that may be missing. */
  public List<String> optionalColumns() {
    return List.of();
  }

  /**
   * Returns the columns that at least one file of the table must have; in the others, they are
   * empty.
   */
  List<String> columnsOfAnyFile() {
    return List.of();
  }

  /** Whether an unusable row fails the run, because no label or split may be lost. */
  boolean needsEveryRow() {
    return false;
  }

  /**
   * Emits the events of a row: none, one or several.
   *
   * @throws BadRowException with the reason for the dead letter; events emitted before it are kept
   */
  public abstract void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException;
}
