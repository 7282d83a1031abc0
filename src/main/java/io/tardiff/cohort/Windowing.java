package io.tardiff.cohort;

import io.tardiff.cohort.SubjectFn.Mark;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.HospitalOutcome;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Cuts the stays of one subject into windows by the rules of a {@link Task}. The windows do not
 * depend on the order of the observations.
 */
final class Windowing implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final long DAY_MILLIS = 86_400_000;
  private static final double YEAR_MILLIS = 365.2425 * DAY_MILLIS;

  /**
   * MIMIC-III shifts the birth of patients over 89 to 300 years earlier; ages of 150 or more count
   * as 90.
   */
  private static final double SHIFTED_AGE = 150;

  private static final double OLD_AGE = 90;

  private final CohortConfig config;
  private final Task task;
  private final Grid grid;
  private final List<Concept> statics;
  private final List<String> channels;
  private final List<SubjectFn.Source> sources;
  private final long windowMillis;

  Windowing(CohortConfig config) {
    this.config = config;
    this.task = config.task();
    this.grid = new Grid(config);
    this.statics = config.staticConcepts();
    this.channels = config.channels();
    this.sources = SubjectFn.sources(config);
    this.windowMillis = config.windowMillis();
  }

  /**
   * @param index index of the stay in the record, or {@link SubjectRecord#NO_STAY} if its events
   *     name no stay
   * @param end null if it is unknown
   */
  record Stay(int index, String id, long anchor, @Nullable Long end) {}

  /**
   * Outputs the windows of a subject in order of time.
   *
   * @param counts counts of what happened to stays, windows and rows, added to
   */
  void cut(
      String subjectId,
      SubjectRecord subject,
      Map<String, Long> counts,
      Consumer<EhrWindow> windows) {
    if (subject.overflown) {
      CohortCounts.add(counts, CohortCounts.STAYS, 1);
      CohortCounts.add(counts, CohortCounts.TOO_MANY, 1);
      return;
    }
    Integer[] byTime =
        IntStream.range(0, subject.observations.size)
            .boxed()
            .sorted(Comparator.comparingLong(i -> subject.observations.times[i]))
            .toArray(Integer[]::new);
    BitSet used = new BitSet(subject.observations.size);
    List<Stay> stays = stays(subjectId, subject, counts);
    Mortality mortality = new Mortality(subject, stays);
    for (int s = 0; s < stays.size(); s++) {
      Stay stay = stays.get(s);
      Integer label = label(subject, stay, stays, mortality);
      countLabel(counts, CohortCounts.STAYS, label);
      String dropped = stayRule(subject, stay, s == 0, mortality);
      List<Long> starts = dropped == null ? starts(subject, stay, byTime) : List.of();
      if (dropped == null && starts.isEmpty()) {
        dropped = CohortCounts.ENDS_BEFORE;
      }
      if (dropped != null) {
        CohortCounts.add(counts, dropped, 1);
        countLabel(counts, dropped, label);
        continue;
      }
      if (stay.end() == null && !task.endsAtLabels()) {
        CohortCounts.add(counts, CohortCounts.OPEN_END, 1);
      }
      for (long start : starts) {
        CohortCounts.add(counts, CohortCounts.WINDOWS, 1);
        Integer[] within = within(subject, stay, byTime, start);
        Arrays.stream(within).forEach(used::set);
        Labelling labelling = label(subject, stay, stays, mortality, start + windowMillis);
        Integer known = labelling.dropped() == null ? labelled(labelling.value()) : label;
        countLabel(counts, CohortCounts.WINDOWS, known);
        String reason = window(subjectId, subject, stay, start, within, labelling, counts, windows);
        if (reason != null) {
          CohortCounts.add(counts, reason, 1);
          countLabel(counts, reason, known);
        } else if (task.label().kind() == LabelRule.Kind.MORTALITY
            && mortality.of(stay).byDeathAlone()) {
          countLabel(counts, CohortCounts.BY_DEATH_ALONE, known);
        }
      }
    }
    countUnused(subject, stays, used, counts);
  }

  private static void countLabel(Map<String, Long> counts, String what, @Nullable Integer label) {
    if (label != null) {
      CohortCounts.add(counts, CohortCounts.ofLabel(what, label), 1);
    }
  }

  /** Counts the rows that are in no window, by channel and reason. */
  private void countUnused(
      SubjectRecord subject, List<Stay> stays, BitSet used, Map<String, Long> counts) {
    // If the anchor of a stay names no stay, rows belong to it by time, whatever stay they name.
    boolean byTime = stays.stream().anyMatch(stay -> stay.index() == SubjectRecord.NO_STAY);
    BitSet admitted = new BitSet();
    stays.stream()
        .filter(stay -> stay.index() != SubjectRecord.NO_STAY)
        .forEach(stay -> admitted.set(stay.index()));
    for (int i = used.nextClearBit(0);
        i < subject.observations.size;
        i = used.nextClearBit(i + 1)) {
      int stay = subject.observations.stays[i];
      ValueFate fate =
          stays.isEmpty()
              ? ValueFate.NO_ADMISSION
              : byTime || stay == SubjectRecord.NO_STAY || admitted.get(stay)
                  ? ValueFate.OUTSIDE
                  : ValueFate.UNKNOWN_STAY;
      String channel = channels.get(sources.get(subject.observations.sources[i]).channel());
      CohortCounts.add(counts, fate.key(channel), 1);
    }
    for (int c = 0; c < subject.behind.length; c++) {
      CohortCounts.add(counts, ValueFate.OUTSIDE.key(channels.get(c)), subject.behind[c]);
    }
  }

  /** Returns the stays that have an anchor, by its time, and counts those without one. */
  private List<Stay> stays(String subjectId, SubjectRecord subject, Map<String, Long> counts) {
    long[] untagged =
        marks(subject, Mark.ANCHOR)
            .filter(i -> subject.marks.stays[i] == SubjectRecord.NO_STAY || task.endsAtLabels())
            .mapToLong(i -> subject.marks.times[i])
            .filter(time -> time != SubjectRecord.NO_TIME)
            .distinct()
            .sorted()
            .toArray();
    List<Stay> stays = new ArrayList<>();
    for (long time : untagged) {
      String id =
          untagged.length == 1 && !task.endsAtLabels()
              ? subjectId
              : subjectId + "@" + Instant.ofEpochMilli(time);
      stays.add(new Stay(SubjectRecord.NO_STAY, id, time, end(subject, null, time)));
    }
    long missing = 0;
    if (!task.endsAtLabels()) {
      long[] anchors = subject.anchors();
      for (int s = 0; s < anchors.length; s++) {
        if (anchors[s] != SubjectRecord.NO_TIME) {
          String name = subject.stays.get(s);
          String id = name.equals(subjectId) ? subjectId : subjectId + "/" + name;
          stays.add(new Stay(s, id, anchors[s], end(subject, s, anchors[s])));
        } else if (untagged.length == 0 && isStay(subject, s)) {
          missing++;
        }
      }
    }
    if (stays.isEmpty() && missing == 0) {
      missing = 1;
    }
    CohortCounts.add(counts, CohortCounts.STAYS, stays.size() + missing);
    CohortCounts.add(counts, CohortCounts.NO_ADMISSION, missing);
    stays.sort(Comparator.comparingLong(Stay::anchor).thenComparing(Stay::id));
    return stays;
  }

  /**
   * Returns whether a stay without an anchor is one of the unit: it has an end or an observation. A
   * hospital stay with only an outcome is not.
   */
  private static boolean isStay(SubjectRecord subject, int stay) {
    boolean ends =
        IntStream.range(0, subject.marks.size)
            .anyMatch(
                i ->
                    subject.marks.stays[i] == stay
                        && subject.marks.sources[i] == Mark.END.ordinal());
    return ends
        || IntStream.range(0, subject.observations.size)
            .anyMatch(i -> subject.observations.stays[i] == stay);
  }

  private IntStream marks(SubjectRecord subject, Mark mark) {
    return IntStream.range(0, subject.marks.size)
        .filter(i -> subject.marks.sources[i] == mark.ordinal());
  }

  /**
   * Returns the latest end of a stay with an index, or the first end after the anchor of one
   * without.
   */
  private @Nullable Long end(SubjectRecord subject, @Nullable Integer stay, long anchor) {
    if (task.endsAtLabels()) {
      return null;
    }
    long[] ends =
        marks(subject, Mark.END)
            .filter(
                i ->
                    subject.marks.times[i] != SubjectRecord.NO_TIME
                        && subject.marks.times[i] >= anchor)
            .filter(i -> stay == null || subject.marks.stays[i] == stay)
            .mapToLong(i -> subject.marks.times[i])
            .sorted()
            .toArray();
    if (ends.length == 0) {
      return null;
    }
    return stay == null ? ends[0] : ends[ends.length - 1];
  }

  /** Returns the rule that drops a stay, or null. */
  private @Nullable String stayRule(
      SubjectRecord subject, Stay stay, boolean first, Mortality mortality) {
    if (SubjectRecord.SEVERAL_SPLITS.equals(subject.split)) {
      return CohortCounts.SEVERAL_SPLITS;
    }
    boolean afterDeath =
        task.label().kind() == LabelRule.Kind.MORTALITY
            ? mortality.beginsAfterDeath(stay)
            : mortality.beginsAfterTimeOfDeath(stay);
    if (afterDeath) {
      return CohortCounts.AFTER_DEATH;
    }
    if (task.firstStayOnly() && !first) {
      return CohortCounts.NOT_FIRST;
    }
    if (task.minimumAge() != null && age(subject, stay) < task.minimumAge()) {
      return CohortCounts.TOO_YOUNG;
    }
    if (stay.end() != null
        && task.minimumStay() != null
        && stay.end() - stay.anchor() < task.minimumStay().toMillis()) {
      return CohortCounts.TOO_SHORT;
    }
    return null;
  }

  /**
   * Returns the starts of the windows of a stay; none if it ends before the first prediction time.
   */
  private List<Long> starts(SubjectRecord subject, Stay stay, Integer[] byTime) {
    if (task.endsAtLabels()) {
      return List.of(stay.anchor() - windowMillis);
    }
    long first = stay.anchor() + task.start().toMillis();
    if (task.every() == null) {
      return stay.end() != null && first + windowMillis > stay.end() ? List.of() : List.of(first);
    }
    // A stay whose end is unknown is taken to last until its last row.
    long last = first;
    if (stay.end() != null) {
      last = stay.end();
    } else {
      for (int i = byTime.length - 1; i >= 0 && last == first; i--) {
        if (belongs(subject, subject.observations, byTime[i], stay)) {
          last = Math.max(first, subject.observations.times[byTime[i]]);
        }
      }
    }
    List<Long> starts = new ArrayList<>();
    for (long start = first; start + windowMillis <= last; start += task.every().toMillis()) {
      starts.add(start);
    }
    return starts;
  }

  /**
   * Returns whether an observation or mark can belong to a stay, because it names no other stay.
   */
  private static boolean belongs(SubjectRecord subject, Observations rows, int i, Stay stay) {
    int index = rows.stays[i];
    return stay.index() == SubjectRecord.NO_STAY
        || index == SubjectRecord.NO_STAY
        || index == stay.index()
        || subject.hospitalStay(index) == stay.index();
  }

  private Integer[] within(SubjectRecord subject, Stay stay, Integer[] byTime, long start) {
    long end = start + windowMillis;
    int from = firstAtOrAfter(subject, byTime, start);
    int to = firstAtOrAfter(subject, byTime, task.closedEnd() ? end + 1 : end);
    return Arrays.stream(byTime, from, to)
        .filter(i -> belongs(subject, subject.observations, i, stay))
        .toArray(Integer[]::new);
  }

  private static int firstAtOrAfter(SubjectRecord subject, Integer[] byTime, long time) {
    int low = 0;
    int high = byTime.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (subject.observations.times[byTime[middle]] < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Outputs a labelled window, or returns the rule that drops it. A window that is dropped for lack
   * of evidence of its label may be output without one.
   */
  private @Nullable String window(
      String subjectId,
      SubjectRecord subject,
      Stay stay,
      long start,
      Integer[] within,
      Labelling labelling,
      Map<String, Long> counts,
      Consumer<EhrWindow> windows) {
    if (labelling.dropped() != null) {
      if (config.unlabelled() == Unlabelled.TRAIN
          && CohortCounts.isNoEvidence(labelling.dropped())) {
        EhrWindow unlabelled =
            cut(subjectId, subject, stay, start, within, EhrWindow.UNLABELLED, counts);
        if (unlabelled == null) {
          CohortCounts.add(counts, CohortCounts.UNLABELLED_NOT_OBSERVED, 1);
        } else {
          windows.accept(unlabelled);
        }
      }
      return labelling.dropped();
    }
    Integer label = labelled(labelling.value());
    if (label == null) {
      return CohortCounts.BAD_OUTCOME;
    }
    EhrWindow window = cut(subjectId, subject, stay, start, within, label, counts);
    if (window == null) {
      return CohortCounts.NOT_OBSERVED;
    }
    CohortCounts.add(
        counts, subject.split == null ? CohortCounts.OWN_SPLIT : CohortCounts.PUBLISHED_SPLIT, 1);
    windows.accept(window);
    return null;
  }

  /** Lays a window on the grid; returns null if nothing was observed in it. */
  private @Nullable EhrWindow cut(
      String subjectId,
      SubjectRecord subject,
      Stay stay,
      long start,
      Integer[] within,
      int label,
      Map<String, Long> counts) {
    float[] values = grid.lay(subject.observations, within, start, counts);
    boolean[] mask = new boolean[values.length];
    boolean observed = false;
    for (int i = 0; i < values.length; i++) {
      mask[i] = !Float.isNaN(values[i]);
      observed |= mask[i];
    }
    if (!observed) {
      return null;
    }
    String id =
        task.every() == null
            ? stay.id()
            : stay.id() + "+" + (start - stay.anchor()) / 60_000 + "min";
    return new EhrWindow(
        id,
        subjectId,
        label,
        subject.split == null ? config.split(subjectId) : Split.of(subject.split),
        values,
        mask,
        statics(subject, stay));
  }

  private float[] statics(SubjectRecord subject, Stay stay) {
    float[] covariates = new float[statics.size()];
    for (int i = 0; i < covariates.length; i++) {
      Concept concept = statics.get(i);
      double value = known(subject, stay, i);
      if (Double.isNaN(value) && concept.name().equals(EhrEvent.AGE)) {
        value = ageSinceBirth(subject, stay);
      }
      // NaN is not plausible, so it stays NaN.
      covariates[i] = concept.isPlausible(value) ? (float) concept.clip(value) : Float.NaN;
    }
    return covariates;
  }

  private static double known(SubjectRecord subject, Stay stay, int index) {
    double[] own = subject.statics.get(stay.index());
    if (own != null && !Double.isNaN(own[index])) {
      return own[index];
    }
    double[] subjects = subject.statics.get(SubjectRecord.NO_STAY);
    return subjects == null ? Double.NaN : subjects[index];
  }

  private double age(SubjectRecord subject, Stay stay) {
    int index = config.statics().indexOf(EhrEvent.AGE);
    double known = index < 0 ? Double.NaN : known(subject, stay, index);
    return Double.isNaN(known) ? ageSinceBirth(subject, stay) : known;
  }

  private double ageSinceBirth(SubjectRecord subject, Stay stay) {
    double birth =
        marks(subject, Mark.BIRTH)
            .filter(i -> subject.marks.times[i] != SubjectRecord.NO_TIME)
            .mapToDouble(i -> subject.marks.times[i])
            .min()
            .orElse(Double.NaN);
    double age = (stay.anchor() - birth) / YEAR_MILLIS;
    return age >= SHIFTED_AGE ? OLD_AGE : age;
  }

  /**
   * @param dropped the rule that drops the window, or null if there is a label
   */
  private record Labelling(double value, @Nullable String dropped) {
    static Labelling of(double value) {
      return new Labelling(value, null);
    }

    static Labelling dropped(String rule) {
      return new Labelling(Double.NaN, rule);
    }
  }

  /** Returns a value as a class, or null if it is not a class of the task. */
  private @Nullable Integer labelled(double value) {
    return value != (int) value || value < 0 || value >= task.classes()
        ? null
        : (Integer) (int) value;
  }

  /** Returns the label of a stay, whether or not a rule drops it, or null if it is unknown. */
  private @Nullable Integer label(
      SubjectRecord subject, Stay stay, List<Stay> stays, Mortality mortality) {
    return switch (task.label().kind()) {
      case MORTALITY -> {
        HospitalOutcome outcome = mortality.of(stay).outcome();
        yield outcome == null || !outcome.isKnown()
            ? null
            : (Integer) (outcome == HospitalOutcome.DIED ? 1 : 0);
      }
      case OUTCOME -> {
        Outcome outcome = ownOutcome(subject, stay, stays);
        yield outcome == null ? null : labelled(outcome.value());
      }
      case LENGTH_OF_STAY -> stay.end() == null ? null : (Integer) lengthClass(stay, stay.end());
      // Differs between prediction times.
      case EVENT -> null;
    };
  }

  private int lengthClass(Stay stay, long end) {
    long length = end - stay.anchor();
    return (int)
        task.label().thresholds().stream().filter(over -> length > over.toMillis()).count();
  }

  private Labelling label(
      SubjectRecord subject, Stay stay, List<Stay> stays, Mortality mortality, long prediction) {
    LabelRule rule = task.label();
    return switch (rule.kind()) {
      case MORTALITY -> mortality(mortality.of(stay), prediction);
      case OUTCOME -> {
        Outcome outcome = ownOutcome(subject, stay, stays);
        if (outcome == null) {
          yield Labelling.dropped(CohortCounts.NO_OUTCOME);
        }
        yield outcome.time() != SubjectRecord.NO_TIME && outcome.time() < prediction
            ? Labelling.dropped(CohortCounts.OUTCOME_BEFORE)
            : Labelling.of(outcome.value());
      }
      case LENGTH_OF_STAY -> {
        if (stay.end() == null) {
          yield Labelling.dropped(CohortCounts.NO_OUTCOME);
        }
        yield Labelling.of(lengthClass(stay, stay.end()));
      }
      case EVENT -> event(subject, stay, prediction);
    };
  }

  private static Labelling mortality(Mortality.Finding finding, long prediction) {
    HospitalOutcome outcome = finding.outcome();
    if (outcome == null) {
      return Labelling.dropped(CohortCounts.BAD_OUTCOME);
    }
    if (!outcome.isKnown()) {
      return Labelling.dropped(CohortCounts.noOutcome(outcome));
    }
    return finding.time() != SubjectRecord.NO_TIME && finding.time() <= prediction
        ? Labelling.dropped(CohortCounts.OUTCOME_BEFORE)
        : Labelling.of(outcome == HospitalOutcome.DIED ? 1 : 0);
  }

  private record Outcome(double value, long time) {}

  private @Nullable Outcome ownOutcome(SubjectRecord subject, Stay stay, List<Stay> stays) {
    return task.endsAtLabels() ? outcomeAt(subject, stay.anchor()) : outcome(subject, stay, stays);
  }

  /**
   * Returns the outcome of a stay: its own; else the subject's first at or after the anchor, unless
   * another stay began in between; else the subject's outcome without a time. The highest class of
   * several at the same time counts.
   */
  private @Nullable Outcome outcome(SubjectRecord subject, Stay stay, List<Stay> stays) {
    if (stay.index() != SubjectRecord.NO_STAY) {
      Outcome own = best(subject, i -> subject.marks.stays[i] == stay.index());
      if (own != null) {
        return own;
      }
    }
    Predicate<Integer> eligible =
        stay.index() == SubjectRecord.NO_STAY
            ? i -> true
            : i -> subject.marks.stays[i] == SubjectRecord.NO_STAY;
    long next =
        stays.stream()
            .mapToLong(Stay::anchor)
            .filter(anchor -> anchor > stay.anchor())
            .min()
            .orElse(Long.MAX_VALUE);
    long first =
        marks(subject, Mark.OUTCOME)
            .filter(i -> eligible.test(i) && !Double.isNaN(subject.marks.values[i]))
            .mapToLong(i -> subject.marks.times[i])
            .filter(time -> time >= stay.anchor() && time <= next)
            .min()
            .orElse(SubjectRecord.NO_TIME);
    return best(subject, i -> eligible.test(i) && subject.marks.times[i] == first);
  }

  private @Nullable Outcome outcomeAt(SubjectRecord subject, long time) {
    return best(subject, i -> subject.marks.times[i] == time);
  }

  private @Nullable Outcome best(SubjectRecord subject, Predicate<Integer> which) {
    return marks(subject, Mark.OUTCOME)
        .filter(i -> which.test(i) && !Double.isNaN(subject.marks.values[i]))
        .mapToObj(i -> new Outcome(subject.marks.values[i], subject.marks.times[i]))
        .max(
            Comparator.comparingDouble(Outcome::value)
                .thenComparing(Outcome::time, Comparator.reverseOrder()))
        .orElse(null);
  }

  private Labelling event(SubjectRecord subject, Stay stay, long prediction) {
    LabelRule rule = task.label();
    long[] times =
        marks(subject, Mark.EVENT)
            .filter(i -> belongs(subject, subject.marks, i, stay))
            .filter(i -> rule.atLeast() == null || subject.marks.values[i] >= rule.atLeast())
            .mapToLong(i -> subject.marks.times[i])
            .filter(time -> time != SubjectRecord.NO_TIME && time >= stay.anchor())
            .sorted()
            .toArray();
    long from = prediction + task.gap().toMillis();
    if (times.length > 0 && times[0] <= from) {
      return Labelling.dropped(CohortCounts.OUTCOME_BEFORE);
    }
    return Labelling.of(times.length > 0 && times[0] <= from + rule.within().toMillis() ? 1 : 0);
  }
}
