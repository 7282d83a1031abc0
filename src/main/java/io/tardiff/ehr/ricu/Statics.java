package io.tardiff.ehr.ricu;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.Salvage;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Parses {@code sta}, a row per stay. */
final class Statics extends TableParser {
  private static final long serialVersionUID = 1L;
  private static final String AGE = "age";
  private static final String SEX = "sex";
  private static final String HEIGHT = "height";
  private static final String WEIGHT = "weight";
  private static final String DEATH = "death";
  private static final String UNIT_STAY = "los_icu";
  private static final String HEIGHT_CODE = "Height";
  private static final String WEIGHT_CODE = "Weight";

  /** Codes of the facts. */
  static final Set<String> CODES = Set.of(EhrEvent.AGE, EhrEvent.GENDER, HEIGHT_CODE, WEIGHT_CODE);

  @Override
  public String table() {
    return "sta";
  }

  @Override
  public List<String> requiredColumns() {
    return List.of(Dynamics.STAY);
  }

  @Override
  public List<String> optionalColumns() {
    return List.of(AGE, SEX, HEIGHT, WEIGHT, DEATH, UNIT_STAY);
  }

  @Override
  public void parse(TableRow row, Consumer<EhrEvent> events) throws BadRowException {
    String id = Cells.requiredId(row, Dynamics.STAY);
    EhrEvent stay =
        EhrEvent.builder()
            .setSubjectId(id)
            .setStayId(id)
            .setCode(EhrEvent.ADMISSION)
            .setTime(Instant.EPOCH)
            .build();
    events.accept(stay);
    Salvage salvage = new Salvage();
    salvage.read(() -> discharge(row, stay, events));
    salvage.read(() -> death(row, stay, events));
    salvage.read(() -> fact(stay, EhrEvent.AGE, Cells.number(row, AGE), null, events));
    salvage.read(() -> fact(stay, EhrEvent.GENDER, sex(row), null, events));
    salvage.read(() -> fact(stay, HEIGHT_CODE, Cells.number(row, HEIGHT), "cm", events));
    salvage.read(() -> fact(stay, WEIGHT_CODE, Cells.number(row, WEIGHT), "kg", events));
    salvage.finish();
  }

  private static void fact(
      EhrEvent stay,
      String code,
      @Nullable Double value,
      @Nullable String unit,
      Consumer<EhrEvent> events) {
    if (value != null) {
      events.accept(
          stay.toBuilder()
              .setCode(code)
              .setTime(null)
              .setNumericValue(value)
              .setUnit(unit)
              .build());
    }
  }

  private static void discharge(TableRow row, EhrEvent stay, Consumer<EhrEvent> events)
      throws BadRowException {
    Instant end = Elapsed.time(row, UNIT_STAY, Ricu.TimeUnit.DAYS);
    if (end == null) {
      return;
    }
    if (end.isBefore(stay.getTime())) {
      throw new BadRowException(UNIT_STAY + " is negative");
    }
    events.accept(stay.toBuilder().setCode(EhrEvent.DISCHARGE).setTime(end).build());
  }

  /** ricu's concept is death in hospital; nothing is known of a stay without it. */
  private static void death(TableRow row, EhrEvent stay, Consumer<EhrEvent> events)
      throws BadRowException {
    Double died = Concepts.number(row, DEATH);
    if (died == null) {
      return;
    }
    if (died != 0 && died != 1) {
      throw new BadRowException(DEATH + " is not true or false");
    }
    HospitalOutcome outcome = died == 1 ? HospitalOutcome.DIED : HospitalOutcome.ALIVE;
    events.accept(outcome.into(stay.toBuilder()).setTime(null).build());
  }

  private static @Nullable Double sex(TableRow row) throws BadRowException {
    String text = row.text(SEX);
    if (text == null) {
      return null;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "female", "f" -> 0.0;
      case "male", "m" -> 1.0;
      case "other", "unknown" -> null;
      default -> throw new BadRowException(SEX + " is not Female, Male, Other or Unknown");
    };
  }
}
