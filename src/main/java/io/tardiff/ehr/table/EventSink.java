package io.tardiff.ehr.table;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.ReadCount;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
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
  private final @Nullable Lookalikes lookalikes;
  private final Counter rows;
  private final Counter deadLetters;

  /** Since the last {@link #flush}; made anew on each worker. */
  private transient @Nullable Map<String, Long> counts;

  /** Whether the row that is being parsed gave an event. */
  private transient boolean gave;

  /**
   * @param codes codes to keep besides the reserved ones, null for all
   */
  EventSink(TableParser parser, @Nullable Set<String> codes) {
    this.parser = parser;
    this.codes = codes;
    lookalikes = codes == null ? null : Lookalikes.of(codes);
    rows = Metrics.counter("tardiff.ehr." + parser.table(), "rows");
    deadLetters = Metrics.counter("tardiff.ehr." + parser.table(), "deadLetters");
  }

  void parse(TableRow row, Consumer<EhrEvent> events, Consumer<DeadLetter> letters) {
    rows.inc();
    count(ReadCount.ROWS, 1);
    gave = false;
    try {
      parser.parse(
          row,
          event -> {
            gave = true;
            if (isWanted(event)) {
              events.accept(event);
            }
          });
      if (!gave) {
        count(ReadCount.WITHOUT_VALUE, 1);
      }
    } catch (BadRowException e) {
      letter(e.getMessage(), letters);
    }
  }

  /** Counts a row that cannot even be parsed. */
  void reject(String reason, Consumer<DeadLetter> letters) {
    if (parser.everyRowCounts()) {
      throw new UnusableRowException(parser.table(), reason);
    }
    count(ReadCount.ROWS, 1);
    letter(reason, letters);
  }

  private void letter(String reason, Consumer<DeadLetter> letters) {
    deadLetters.inc();
    letters.accept(DeadLetter.of(parser.table(), null, reason));
  }

  void count(String what, long count) {
    if (counts == null) {
      counts = new HashMap<>();
    }
    counts.merge(what, count, Long::sum);
  }

  /** Puts out what was counted, at the end of a piece of work that is done wholly or not at all. */
  void flush(Consumer<ReadCount> out) {
    if (counts != null) {
      counts.forEach((what, count) -> out.accept(ReadCount.of(parser.table(), what, count)));
      counts = null;
    }
  }

  /** Forgets what a piece of work that failed had counted. */
  void clear() {
    counts = null;
  }

  private boolean isWanted(EhrEvent event) {
    if (codes == null
        || codes.contains(event.getCode())
        || EhrEvent.reservedCodes().contains(event.getCode())) {
      return true;
    }
    String wanted = lookalikes.of(event.getCode());
    if (wanted != null) {
      count(Lookalikes.what(wanted), 1);
    }
    return false;
  }
}
