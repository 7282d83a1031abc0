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

/**
 * Runs a parser on rows, filters the events by code, and turns bad rows into dead letters and
 * counts.
 */
final class EventSink implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TableParser parser;
  private final @Nullable Set<String> codes;
  private final @Nullable Lookalikes lookalikes;
  private final Counter rows;
  private final Counter deadLetters;

  /** Counts since the last {@link #flush}; null if none. */
  private transient @Nullable Map<String, Long> counts;

  /** Whether the current row emitted an event. */
  private transient boolean emitted;

  /**
   * @param codes codes to keep besides the reserved ones; null for all
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
    emitted = false;
    try {
      parser.parse(
          row,
          event -> {
            emitted = true;
            if (isWanted(event)) {
              events.accept(event);
            }
          });
      if (!emitted) {
        count(ReadCount.WITHOUT_VALUE, 1);
      }
    } catch (BadRowException e) {
      letter(e.getMessage(), letters);
    }
  }

  /** Rejects a row that could not be passed to the parser. */
  void reject(String reason, Consumer<DeadLetter> letters) {
    if (parser.needsEveryRow()) {
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

  /** Outputs and clears the counts, at the end of a unit of work that is retried as a whole. */
  void flush(Consumer<ReadCount> out) {
    if (counts != null) {
      counts.forEach((what, count) -> out.accept(ReadCount.of(parser.table(), what, count)));
      counts = null;
    }
  }

  /** Clears the counts of a failed unit of work. */
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
