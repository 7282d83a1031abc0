package io.tardiff.ehr.meds;

import com.google.common.base.Splitter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.outcome.HospitalOutcome;
import java.util.Set;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Interprets the parts of MEDS codes. */
final class MedsCodes {
  static final String SEPARATOR = "//";

  /** Codes of stays to which ETLs append details: {@code HOSPITAL_ADMISSION//URGENT//TRANSFER}. */
  private static final Set<String> FRAMES =
      Set.of(
          EhrEvent.ADMISSION,
          EhrEvent.DISCHARGE,
          EhrEvent.HOSPITAL_ADMISSION,
          EhrEvent.HOSPITAL_DISCHARGE);

  /** Codes whose last part is the unit: {@code LAB//220045//bpm}. */
  private static final Set<String> WITH_UNIT = Set.of("LAB", "SUBJECT_FLUID_OUTPUT");

  private static final String WEIGHT = "SUBJECT_WEIGHT_AT_INFUSION";

  /** Placeholder of ETLs for missing details. */
  private static final String UNKNOWN = "UNK";

  private MedsCodes() {}

  /** Returns the stay code to which this code appends details; null for any other code. */
  static @Nullable String frame(String code) {
    int end = code.indexOf(SEPARATOR);
    // Compare lengths first: this runs for every row, and substrings cost more.
    if (end < EhrEvent.DISCHARGE.length() || end > EhrEvent.HOSPITAL_ADMISSION.length()) {
      return null;
    }
    String first = code.substring(0, end);
    return FRAMES.contains(first) ? first : null;
  }

  /** Returns the unit in a code; null if none. */
  static @Nullable String unit(String code) {
    int first = code.indexOf(SEPARATOR);
    if (first < 0) {
      return null;
    }
    int second = code.indexOf(SEPARATOR, first + SEPARATOR.length());
    int begin;
    if (second >= 0 && WITH_UNIT.contains(code.substring(0, first))) {
      // A unit may contain a single slash, but not the separator.
      begin = second + SEPARATOR.length();
    } else if (second < 0 && code.startsWith(WEIGHT)) {
      begin = first + SEPARATOR.length();
    } else {
      return null;
    }
    String unit = code.substring(begin).trim();
    return unit.isEmpty() || unit.equals(UNKNOWN) ? null : unit;
  }

  /** Returns the item of the source in a code, such as {@code 220045}; null if none. */
  static @Nullable String item(String code) {
    int first = code.indexOf(SEPARATOR);
    int second = first < 0 ? -1 : code.indexOf(SEPARATOR, first + SEPARATOR.length());
    return second < 0 || !WITH_UNIT.contains(code.substring(0, first))
        ? null
        : code.substring(first + SEPARATOR.length(), second);
  }

  /** Emits the events with reserved codes that a stay code with details implies. */
  static void addReserved(EhrEvent event, Dispositions dispositions, Consumer<EhrEvent> events) {
    String frame = frame(event.getCode());
    if (frame == null) {
      return;
    }
    EhrEvent.Builder reserved =
        EhrEvent.builder()
            .setSubjectId(event.getSubjectId())
            .setStayId(event.getStayId())
            .setTime(event.getTime());
    events.accept(reserved.setCode(frame).build());
    if (frame.equals(EhrEvent.HOSPITAL_DISCHARGE)) {
      HospitalOutcome outcome =
          HospitalOutcome.of(
              Splitter.on(SEPARATOR)
                  .splitToStream(event.getCode())
                  .skip(1)
                  .map(dispositions::ofText)
                  .toList());
      if (outcome != HospitalOutcome.NOT_STATED) {
        events.accept(outcome.into(reserved).build());
      }
    }
  }
}
