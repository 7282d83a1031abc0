package io.tardiff.ehr.ricu;

import com.google.common.base.Ascii;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.Salvage;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.joda.time.Instant;

/** Parses {@code dyn}, a row per stay and time step with a column per concept. */
final class Dynamics extends TableParser {
  private static final long serialVersionUID = 1L;
  static final String STAY = "stay_id";
  static final String TIME = "time";

  private final List<String> concepts;
  private final Elapsed elapsed;

  /**
   * @param codes columns to read; other columns are not
   */
  Dynamics(Collection<String> codes, Elapsed elapsed) {
    concepts = codes.stream().filter(Dynamics::isConcept).sorted().toList();
    this.elapsed = elapsed;
  }

  private static boolean isConcept(String code) {
    return !Ascii.equalsIgnoreCase(code, STAY)
        && !Ascii.equalsIgnoreCase(code, TIME)
        && !Statics.CODES.contains(code)
        && !EhrEvent.reservedCodes().contains(code);
  }

  @Override
  public String table() {
    return "dyn";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(STAY, TIME);
  }

  @Override
  public List<String> optionalColumns() {
    return concepts;
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String stay = Cells.requiredId(row, STAY);
    Instant time = elapsed.time(row, TIME);
    if (time == null) {
      throw new BadRowException(TIME + " is empty");
    }
    EhrEvent.Builder event = EhrEvent.builder().setSubjectId(stay).setStayId(stay).setTime(time);
    Salvage salvage = new Salvage();
    for (String concept : concepts) {
      salvage.read(
          () -> {
            Double value = Concepts.number(row, concept);
            if (value != null) {
              events.accept(
                  event
                      .setCode(concept)
                      .setNumericValue(value)
                      .setUnit(Concepts.unit(concept))
                      .build());
            }
          });
    }
    salvage.finish();
  }

  /** Returns the columns that are read by default. */
  static Set<String> all() {
    return Concepts.UNITS.keySet();
  }
}
