package io.tardiff.ehr.meds;

import com.google.common.base.Splitter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.outcome.HospitalOutcome;
import java.util.Set;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What the parts of a MEDS code say. */
final class MedsCodes {
  static final String SEPARATOR = "//";

  /** Stays that ETLs describe further: {@code HOSPITAL_ADMISSION//URGENT//TRANSFER}. */
  private static final Set<String> FRAMES =
      Set.of(
          EhrEvent.ADMISSION,
          EhrEvent.DISCHARGE,
          EhrEvent.HOSPITAL_ADMISSION,
          EhrEvent.HOSPITAL_DISCHARGE);

  /** Codes whose last part is the unit: {@code LAB//220045//bpm}. */
  private static final Set<String> WITH_UNIT = Set.of("LAB", "SUBJECT_FLUID_OUTPUT");

  private static final String WEIGHT = "SUBJECT_WEIGHT_AT_INFUSION";

  /** What ETLs put where the source has nothing. */
  private static final String UNKNOWN = "UNK";

  private MedsCodes() {}

  /** The frame of a stay that a code describes further, null where it does not. */
  static @Nullable String frame(String code) {
    int end = code.indexOf(SEPARATOR);
    // Lengths first: this is asked of every row, and a substring costs more.
    if (end < EhrEvent.DISCHARGE.length() || end > EhrEvent.HOSPITAL_ADMISSION.length()) {
      return null;
    }
    String first = code.substring(0, end);
    return FRAMES.contains(first) ? first : null;
  }

  /** The unit that a code holds, null where it holds none. */
  static @Nullable String unit(String code) {
    int first = code.indexOf(SEPARATOR);
    if (first < 0) {
      return null;
    }
    int second = code.indexOf(SEPARATOR, first + SEPARATOR.length());
    int begin;
    if (second >= 0 && WITH_UNIT.contains(code.substring(0, first))) {
      // A unit may hold the separator's stroke, not the separator.
      begin = second + SEPARATOR.length();
    } else if (second < 0 && code.startsWith(WEIGHT)) {
      begin = first + SEPARATOR.length();
    } else {
      return null;
    }
    String unit = code.substring(begin).trim();
    return unit.isEmpty() || unit.equals(UNKNOWN) ? null : unit;
  }

  /** The source's own item in a code that has one: {@code 220045}. */
  static @Nullable String item(String code) {
    int first = code.indexOf(SEPARATOR);
    int second = first < 0 ? -1 : code.indexOf(SEPARATOR, first + SEPARATOR.length());
    return second < 0 || !WITH_UNIT.contains(code.substring(0, first))
        ? null
        : code.substring(first + SEPARATOR.length(), second);
  }

  /** The events by the library's own names that an event with a code of a stay stands for. */
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
