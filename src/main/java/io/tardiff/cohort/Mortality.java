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
 * How the stays of one subject ended: what the source states of each, set against the times of
 * death.
 *
 * <p>An outcome belongs to its own stay in hospital: by the stay's id, or that of the stay in
 * hospital that it is part of; where outcomes have neither, by time, to the stays that lie in the
 * admission which began last before the outcome. Never to one before that.
 *
 * <p>Where nothing is stated, a time of death within the stay is a death, and a record of the
 * person as alive is survival of every stay that has ended. A time of death beside a stated
 * survival is a contradiction, and so is a stated death long before the time of death. A day, which
 * stands at its first or its last second, is as exact as most sources know: a death on the day of
 * discharge agrees with both.
 */
final class Mortality {
  private static final long DAY_MILLIS = 86_400_000;
  private static final long LAST_SECOND = DAY_MILLIS - 1000;

  private final SubjectRecord subject;
  private final List<Stay> stays;
  private final List<Admission> admissions = new ArrayList<>();

  /**
   * @param stays all of the subject's
   */
  Mortality(SubjectRecord subject, List<Stay> stays) {
    this.subject = subject;
    this.stays = stays;
    gatherAdmissions();
  }

  /**
   * A stay in hospital.
   *
   * @param index of the stay, or {@link SubjectRecord#NO_STAY}
   * @param end null where it is not known
   */
  private record Admission(int index, long begin, @Nullable Long end) {}

  /**
   * @param outcome null where the source has a number that is no outcome
   * @param time of the outcome, or {@link SubjectRecord#NO_TIME}
   * @param byDeathAlone whether nothing but the time of death tells it
   */
  record Finding(@Nullable HospitalOutcome outcome, long time, boolean byDeathAlone) {}

  /** When a death was, which may be known by the day. */
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

    /** Whether it was in the stay beyond doubt, so that nobody can have left alive. */
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

  /** Whether every time of death that is known lies before the stay. */
  boolean beginsAfterTimeOfDeath(Stay stay) {
    List<Death> deaths = deaths(stay);
    return !deaths.isEmpty() && deaths.stream().allMatch(d -> d.last() < stay.anchor());
  }

  /** As {@link #beginsAfterTimeOfDeath}, or another stay had ended in death before. */
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
      // A clock beside a date may be a day off.
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

  /** By the source's record of the person, with which no time of death agrees. */
  private boolean isKnownToBeAlive() {
    return marks(Mark.ALIVE, i -> true).findAny().isPresent()
        && marks(Mark.DEATH, i -> true).findAny().isEmpty();
  }

  /** The earliest of the statements that agree with the outcome. */
  private long time(List<Integer> stated, HospitalOutcome outcome) {
    return stated.stream()
        .filter(i -> SubjectFn.hospitalOutcome(subject.marks.values[i]) == outcome)
        .mapToLong(i -> subject.marks.times[i])
        .filter(time -> time != SubjectRecord.NO_TIME)
        .min()
        .orElse(SubjectRecord.NO_TIME);
  }

  /** A death by the clock comes before the discharge that states it. */
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

  /** The stay in hospital that a stay is, or is part of; null where none is known. */
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
          // The clock of the unit may be ahead of that of the hospital.
          return admission;
        }
      }
    }
    return last;
  }

  /** Stays of a unit have times of their own in some sources, which can't be set beside others'. */
  private boolean isCandidate(Admission admission, Stay stay) {
    return admission.index() == SubjectRecord.NO_STAY
        || stay.index() == SubjectRecord.NO_STAY
        || stays.stream().noneMatch(other -> other.index() == admission.index());
  }

  /** The marks with what the source states of a stay. */
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
      // Without a time there is no telling which of the stays it is of.
      return List.of();
    }
    return marks(Mark.OUTCOME, i -> !hasStay(i) && subject.marks.times[i] == first)
        .boxed()
        .toList();
  }

  /** When the next stay in hospital begins, or the next stay where none in hospital is known. */
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
