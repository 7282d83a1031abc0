package io.tardiff.ehr.table;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import java.io.Serializable;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Runs a parser on rows: counts, keeps the codes that are wanted, turns bad rows to letters. */
final class EventSink implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TableParser parser;
  private final @Nullable Set<String> codes;
  private final Counter rows;
  private final Counter deadLetters;

  /**
   * @param codes codes to keep besides the reserved ones, null for all
   */
  EventSink(TableParser parser, @Nullable Set<String> codes) {
    this.parser = parser;
    this.codes = codes;
    rows = Metrics.counter("tardiff.ehr." + parser.table(), "rows");
    deadLetters = Metrics.counter("tardiff.ehr." + parser.table(), "deadLetters");
  }

  void parse(TableRow row, Consumer<EhrEvent> events, Consumer<DeadLetter> letters) {
    rows.inc();
    try {
      parser.parse(
          row,
          event -> {
            if (isWanted(event)) {
              events.accept(event);
            }
          });
    } catch (BadRowException e) {
      reject(e.getMessage(), letters);
    }
  }

  void reject(String reason, Consumer<DeadLetter> letters) {
    deadLetters.inc();
    letters.accept(DeadLetter.of(parser.table(), null, reason));
  }

  private boolean isWanted(EhrEvent event) {
    return codes == null
        || codes.contains(event.getCode())
        || EhrEvent.reservedCodes().contains(event.getCode());
  }
}
