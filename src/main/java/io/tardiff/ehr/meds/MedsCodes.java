package io.tardiff.ehr.meds;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import io.tardiff.ehr.EhrEvent;
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

  /**
   * How the ETLs of MIMIC, eICU and OMOP write the disposition of those who died. A hospice is not
   * among them: the patient was alive at discharge, whatever came after.
   */
  private static final Set<String> DIED = Set.of("DIED", "DEAD", "EXPIRED", "DECEASED");

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

  /** The events by the library's own names that an event with a code of a stay stands for. */
  static void addReserved(EhrEvent event, Consumer<EhrEvent> events) {
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
      boolean died =
          Splitter.on(SEPARATOR)
              .splitToStream(event.getCode())
              .anyMatch(part -> DIED.contains(Ascii.toUpperCase(part.trim())));
      events.accept(
          reserved.setCode(EhrEvent.HOSPITAL_DEATH).setNumericValue(died ? 1.0 : 0.0).build());
    }
  }
}
