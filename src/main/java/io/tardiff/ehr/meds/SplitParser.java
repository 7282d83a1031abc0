package io.tardiff.ehr.meds;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.SplitNames;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;

/** Parses rows of {@code metadata/subject_splits.parquet}. */
final class SplitParser extends TableParser {
  private static final long serialVersionUID = 1L;

  @Override
  public String table() {
    return "subject_splits";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(MedsColumns.SUBJECT, MedsColumns.SPLIT);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String split = SplitNames.of(Cells.required(row, MedsColumns.SPLIT));
    if (split == null) {
      throw new BadRowException(MedsColumns.SPLIT + " is not train, tuning or held_out");
    }
    events.accept(
        EhrEvent.builder()
            .setSubjectId(EventParser.subject(row))
            .setCode(EhrEvent.SPLIT)
            .setTextValue(split)
            .build());
  }
}
