package io.tardiff.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A snapshot of a phase, with the lines that describe it. {@code done} includes {@code skipped}.
 */
record ProgressState(
    String phase, String unit, long total, long done, long skipped, long nanos, String note) {

  private static final double NANOS_PER_SECOND = 1e9;

  /** Formats {@code Training: 12 % (900 of 7,500 steps), 12.3 steps/s, 8m 57s left, loss 0.31}. */
  String line() {
    StringBuilder line = new StringBuilder(phase).append(": ");
    if (total > 0) {
      line.append(format("%d %% (%,d of %,d %s)", 100 * done / total, done, total, unit));
    } else {
      line.append(format("%,d %s in %s", done, unit, duration(seconds())));
    }
    return pace().isEmpty() ? line.toString() : line.append(", ").append(pace()).toString();
  }

  /** Formats {@code 12.3 steps/s, 8m 57s left, loss 0.31}. */
  String pace() {
    List<String> parts = new ArrayList<>();
    if (rate() > 0) {
      parts.add(rateText());
      if (total > done) {
        parts.add(duration((total - done) / rate()) + " left");
      }
    }
    if (!note.isEmpty()) {
      parts.add(note);
    }
    return String.join(", ", parts);
  }

  /**
   * Formats {@code Training: 7,500 steps in 10m 12s (12.3 steps/s), loss 0.31}, or where the phase
   * stopped.
   */
  String lastLine(boolean finished) {
    if (total > 0 && done < total && !finished) {
      return format(
          "%s: stopped at %,d of %,d %s after %s%s",
          phase, done, total, unit, duration(seconds()), remark());
    }
    String rate = rate() > 0 ? " (" + rateText() + ")" : "";
    return format("%s: %,d %s in %s%s%s", phase, done, unit, duration(seconds()), rate, remark());
  }

  ProgressState withNote(String other) {
    return new ProgressState(phase, unit, total, done, skipped, nanos, other);
  }

  private double seconds() {
    return nanos / NANOS_PER_SECOND;
  }

  /** Returns the units per second of this run. */
  private double rate() {
    return nanos > 0 ? (done - skipped) / seconds() : 0;
  }

  private String rateText() {
    double rate = rate();
    if (rate >= 100) {
      return format("%,.0f %s/s", rate, unit);
    }
    return rate >= 0.5 ? format("%.1f %s/s", rate, unit) : duration(1 / rate) + " each";
  }

  private String remark() {
    return note.isEmpty() ? "" : ", " + note;
  }

  static String duration(double seconds) {
    if (seconds < 59.95) {
      return format("%.1fs", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? format("%dm %02ds", whole / 60, whole % 60)
        : format("%dh %02dm", whole / 3600, whole % 3600 / 60);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
