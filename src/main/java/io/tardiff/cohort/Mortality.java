package io.tardiff.cohort;

import io.tardiff.cohort.SubjectFn.Mark;
import io.tardiff.cohort.Windowing.Stay;
import io.tardiff.ehr.outcome.HospitalOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Determines how the stays of one subject ended, by comparing the outcomes that the source states
 * with the times of death.
 *
 * <p>An outcome belongs to the hospital stay that it names, and to the stays that are part of it.
 * An outcome that names none belongs by its time to the stays within the last admission that began
 * before the outcome, never to an earlier admission.
 *
 * <p>If no outcome is stated, a time of death within the stay is a death, and a record of the
 * person as alive is survival of every stay that has ended. A stated survival contradicts a time of
 * death within the stay, and a stated death contradicts a time of death long after the stay. Many
 * sources give only the date of death, at the first or last second of the day; a death on the date
 * of discharge is consistent with both outcomes.
 */
final class Mortality {
  private static final long DAY_MILLIS = 86_400_000;
  private static final long LAST_SECOND = DAY_MILLIS - 1000;

  private final SubjectRecord subject;
  private final List<Stay> stays;
  private final List<Admission> admissions = new ArrayList<>();

  /**
   * @param stays all stays of the subject
   */
  Mortality(SubjectRecord subject, List<Stay> stays) {
    this.subject = subject;
    this.stays = stays;
    gatherAdmissions();
  }

  /**
   * A stay in hospital.
   *
   * @param index index of the stay, or {@link SubjectRecord#NO_STAY}
   * @param end null if it is unknown
   */
  private record Admission(int index, long begin, @Nullable Long end) {}

  /**
   * @param outcome null if the source gives a number that is not an outcome
   * @param time time of the outcome, or {@link SubjectRecord#NO_TIME}
   * @param byDeathAlone whether the outcome is known from the time of death alone
   */
  record Finding(@Nullable HospitalOutcome outcome, long time, boolean byDeathAlone) {}

  /**
   * The earliest and latest possible time of a death: equal, or a whole day if only the date is
   * known.
   */
  private record Death(long first, long last) {
    static Death at(long time) {
      long ofDay = Math.floorMod(time, DAY_MILLIS);
      boolean isDay = ofDay == 0 || ofDay >= LAST_SECOND;
      return isDay ? new Death(time - ofDay, time - ofDay + DAY_MILLIS - 1) : new Death(time, time);
    }

    boolean isExact() {
      return first == last;
    }

    boolean touches(long begin, long end) {
      return last >= begin && first <= end;
    }

    /**
     * Returns whether the death was certainly before {@code end}, so that the patient cannot have
     * left alive.
     */
    boolean precedes(long end) {
      return isExact()
          ? first <= end
          : Math.floorDiv(last, DAY_MILLIS) < Math.floorDiv(end, DAY_MILLIS);
    }
  }

  private void gatherAdmissions() {
    TreeMap<Integer, Long> begins = new TreeMap<>();
    TreeMap<Integer, Long> ends = new TreeMap<>();
    marks(Mark.HOSPITAL_BEGIN, i -> hasStay(i) && hasTime(i))
        .forEach(i -> begins.merge(subject.marks.stays[i], subject.marks.times[i], Math::min));
    marks(Mark.HOSPITAL_END, i -> hasStay(i) && hasTime(i))
        .forEach(i -> ends.merge(subject.marks.stays[i], subject.marks.times[i], Math::max));
    begins.forEach((index, begin) -> admissions.add(new Admission(index, begin, ends.get(index))));
    long[] open =
        marks(Mark.HOSPITAL_BEGIN, i -> !hasStay(i) && hasTime(i))
            .mapToLong(i -> subject.marks.times[i])
            .distinct()
            .sorted()
            .toArray();
    for (long begin : open) {
      long end =
          marks(Mark.HOSPITAL_END, i -> !hasStay(i) && subject.marks.times[i] >= begin)
              .mapToLong(i -> subject.marks.times[i])
              .min()
              .orElse(SubjectRecord.NO_TIME);
      admissions.add(
          new Admission(SubjectRecord.NO_STAY, begin, end == SubjectRecord.NO_TIME ? null : end));
    }
    admissions.sort(Comparator.comparingLong(Admission::begin).thenComparing(Admission::index));
  }

  private IntStream marks(Mark mark, IntPredicate which) {
    return IntStream.range(0, subject.marks.size)
        .filter(i -> subject.marks.sources[i] == mark.ordinal() && which.test(i));
  }

  private boolean hasStay(int mark) {
    return subject.marks.stays[mark] != SubjectRecord.NO_STAY;
  }

  private boolean hasTime(int mark) {
    return subject.marks.times[mark] != SubjectRecord.NO_TIME;
  }

  private boolean isOf(int mark, Stay stay) {
    int index = subject.marks.stays[mark];
    return index != SubjectRecord.NO_STAY
        && (index == stay.index() || subject.hospitalStay(index) == hospitalStay(stay));
  }

  private int hospitalStay(Stay stay) {
    return subject.hospitalStay(stay.index());
  }

  /** Returns whether all known times of death lie before the stay, and there is one. */
  boolean beginsAfterTimeOfDeath(Stay stay) {
    List<Death> deaths = deaths(stay);
    return !deaths.isEmpty() && deaths.stream().allMatch(d -> d.last() < stay.anchor());
  }

  /**
   * Returns whether the stay begins after all known times of death, or after another stay that
   * ended in death.
   */
  boolean beginsAfterDeath(Stay stay) {
    return beginsAfterTimeOfDeath(stay)
        || marks(Mark.OUTCOME, i -> !isOf(i, stay) && hasTime(i))
            .filter(i -> subject.marks.times[i] < stay.anchor())
            .anyMatch(
                i -> SubjectFn.hospitalOutcome(subject.marks.values[i]) == HospitalOutcome.DIED);
  }

  private List<Death> deaths(Stay stay) {
    return marks(Mark.DEATH, i -> hasTime(i) && (!hasStay(i) || isOf(i, stay)))
        .mapToObj(i -> Death.at(subject.marks.times[i]))
        .toList();
  }

  Finding of(Stay stay) {
    Admission admission = admission(stay);
    List<Integer> stated = statements(stay, admission);
    List<HospitalOutcome> outcomes = new ArrayList<>();
    for (int i : stated) {
      HospitalOutcome outcome = SubjectFn.hospitalOutcome(subject.marks.values[i]);
      if (outcome == null) {
        return new Finding(null, SubjectRecord.NO_TIME, false);
      }
      outcomes.add(outcome);
    }
    HospitalOutcome outcome = HospitalOutcome.of(outcomes);
    Long end = end(stay, admission);
    List<Death> within = new ArrayList<>();
    boolean longAfter = false;
    if (end != null) {
      long begin = admission == null ? stay.anchor() : Math.min(stay.anchor(), admission.begin());
      List<Death> deaths = deaths(stay);
      deaths.stream().filter(d -> d.touches(begin, end)).forEach(within::add);
      // Allow a day, since one may be a date and the other a time.
      longAfter = !deaths.isEmpty() && deaths.stream().allMatch(d -> d.first() > end + DAY_MILLIS);
    }
    long time = time(stated, outcome);
    return switch (outcome) {
      case DIED ->
          longAfter
              ? new Finding(HospitalOutcome.CONTRADICTORY, time, false)
              : new Finding(outcome, first(within, time), false);
      case ALIVE ->
          within.stream().anyMatch(death -> death.precedes(end))
              ? new Finding(HospitalOutcome.CONTRADICTORY, time, false)
              : new Finding(outcome, time, false);
      case NOT_STATED, UNLISTED, STILL_A_PATIENT -> {
        if (!within.isEmpty()) {
          yield new Finding(HospitalOutcome.DIED, byDeath(within, end), true);
        }
        boolean alive = outcome != HospitalOutcome.STILL_A_PATIENT && isKnownToBeAlive();
        yield alive && end != null
            ? new Finding(HospitalOutcome.ALIVE, end, false)
            : new Finding(outcome, time, false);
      }
      case CONTRADICTORY, ENDS_BEFORE_IT_BEGINS -> new Finding(outcome, time, false);
    };
  }

  /** Returns whether the source records the person as alive and gives no time of death. */
  private boolean isKnownToBeAlive() {
    return marks(Mark.ALIVE, i -> true).findAny().isPresent()
        && marks(Mark.DEATH, i -> true).findAny().isEmpty();
  }

  /** Returns the earliest time of the stated outcomes that equal {@code outcome}. */
  private long time(List<Integer> stated, HospitalOutcome outcome) {
    return stated.stream()
        .filter(i -> SubjectFn.hospitalOutcome(subject.marks.values[i]) == outcome)
        .mapToLong(i -> subject.marks.times[i])
        .filter(time -> time != SubjectRecord.NO_TIME)
        .min()
        .orElse(SubjectRecord.NO_TIME);
  }

  /** Returns the earliest exact time of death, if before the discharge that states the death. */
  private static long first(List<Death> deaths, long stated) {
    long first =
        deaths.stream().filter(Death::isExact).mapToLong(Death::first).min().orElse(stated);
    return stated == SubjectRecord.NO_TIME ? first : Math.min(first, stated);
  }

  private static long byDeath(List<Death> deaths, long end) {
    return deaths.stream().mapToLong(death -> Math.min(death.last(), end)).min().orElse(end);
  }

  private static @Nullable Long end(Stay stay, @Nullable Admission admission) {
    if (admission == null) {
      return stay.end();
    }
    return admission.end() == null || stay.end() == null
        ? admission.end()
        : (Long) Math.max(admission.end(), stay.end());
  }

  /** Returns the hospital stay that a stay is or is part of, or null if none is known. */
  private @Nullable Admission admission(Stay stay) {
    if (stay.index() != SubjectRecord.NO_STAY) {
      int own = hospitalStay(stay);
      for (Admission admission : admissions) {
        if (admission.index() == own) {
          return admission;
        }
      }
      if (own != stay.index()) {
        return null;
      }
    }
    Admission last = null;
    for (Admission admission : admissions) {
      boolean over = admission.end() != null && admission.end() < stay.anchor();
      if (isCandidate(admission, stay) && !over) {
        if (admission.begin() <= stay.anchor()) {
          last = admission;
        } else if (last == null && stay.end() != null && admission.begin() <= stay.end()) {
          // The unit may have recorded its admission before the hospital did.
          return admission;
        }
      }
    }
    return last;
  }

  /**
   * Some sources time each unit stay from its own origin, so an admission that is itself one of the
   * stays cannot contain another by time.
   */
  private boolean isCandidate(Admission admission, Stay stay) {
    return admission.index() == SubjectRecord.NO_STAY
        || stay.index() == SubjectRecord.NO_STAY
        || stays.stream().noneMatch(other -> other.index() == admission.index());
  }

  /** Returns the marks of the outcomes that the source states for a stay. */
  private List<Integer> statements(Stay stay, @Nullable Admission admission) {
    List<Integer> own = marks(Mark.OUTCOME, i -> isOf(i, stay)).boxed().toList();
    if (!own.isEmpty()) {
      return own;
    }
    if (admission != null && admission.index() != SubjectRecord.NO_STAY) {
      List<Integer> its =
          marks(Mark.OUTCOME, i -> subject.marks.stays[i] == admission.index()).boxed().toList();
      if (!its.isEmpty()) {
        return its;
      }
    }
    long next = next(stay, admission);
    long first =
        marks(Mark.OUTCOME, i -> !hasStay(i) && hasTime(i))
            .mapToLong(i -> subject.marks.times[i])
            .filter(time -> time >= stay.anchor() && time <= next)
            .min()
            .orElse(SubjectRecord.NO_TIME);
    if (first == SubjectRecord.NO_TIME && stays.size() > 1) {
      // An outcome without a time could belong to any of the stays.
      return List.of();
    }
    return marks(Mark.OUTCOME, i -> !hasStay(i) && subject.marks.times[i] == first)
        .boxed()
        .toList();
  }

  /** Returns when the next hospital stay begins, or the next stay if no hospital stay is known. */
  private long next(Stay stay, @Nullable Admission admission) {
    boolean known = admissions.stream().anyMatch(other -> isCandidate(other, stay));
    if (!known) {
      return stays.stream()
          .mapToLong(Stay::anchor)
          .filter(anchor -> anchor > stay.anchor())
          .min()
          .orElse(Long.MAX_VALUE);
    }
    long from =
        admission != null
            ? Math.max(admission.begin(), stay.anchor())
            : stay.end() == null ? stay.anchor() : stay.end();
    return admissions.stream()
        .filter(other -> isCandidate(other, stay))
        .mapToLong(Admission::begin)
        .filter(begin -> begin > from)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
