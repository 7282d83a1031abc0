package io.tardiff.ehr.eicu;

import com.google.common.base.Splitter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;

/** Parses fluid intake and output, in millilitres, and weights. */
final class IntakeOutput extends TableParser {
  private static final long serialVersionUID = 1L;
  private static final String OFFSET = "intakeoutputoffset";
  private static final String PATH = "cellpath";
  private static final String LABEL = "celllabel";
  private static final String VALUE = "cellvaluenumeric";

  /** The element of a path before the group: intake, output, weight or dialysis. */
  private static final String ROOT = "I&O";

  private static final Splitter STEPS = Splitter.on('|');

  @Override
  public String table() {
    return "intakeOutput";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Observations.STAY, OFFSET, PATH, LABEL, VALUE);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String label = Cells.required(row, LABEL);
    // Intake and output share labels.
    EhrEvent.Builder event =
        Observations.event(row, OFFSET, Observations.code(group(Cells.required(row, PATH)), label));
    Double value = Cells.number(row, VALUE);
    if (value != null) {
      events.accept(event.setNumericValue(value).build());
    }
  }

  private static String group(String path) throws BadRowException {
    List<String> steps = STEPS.splitToList(path);
    int root = steps.indexOf(ROOT);
    if (root < 0 || root + 1 >= steps.size()) {
      throw new BadRowException(PATH + " has no group after " + ROOT);
    }
    return steps.get(root + 1);
  }
}
