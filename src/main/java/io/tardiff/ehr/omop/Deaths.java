package io.tardiff.ehr.omop;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.function.Consumer;
import org.joda.time.Instant;

/** Parses deaths, in hospital or elsewhere. */
final class Deaths extends TableParser {
  private static final long serialVersionUID = 1L;

  @Override
  public String table() {
    return "death";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Persons.PERSON, "death_date");
  }

  @Override
  public List<String> optionalColumns() {
    return List.of("death_datetime");
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String person = Ids.required(row, Persons.PERSON);
    Instant time = Times.end(row, "death");
    if (time == null) {
      throw new BadRowException("death_date is empty");
    }
    events.accept(
        EhrEvent.builder().setSubjectId(person).setCode(EhrEvent.DEATH).setTime(time).build());
  }
}
