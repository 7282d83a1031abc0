package io.tardiff.cohort;

import com.google.common.collect.ImmutableListMultimap;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.HospitalOutcome;
import io.tardiff.ehr.table.Lookalikes;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Collects the events of one subject. The record does not depend on the order or grouping of
 * events.
 */
final class SubjectFn implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Sentinel that no measurement can equal. */
  private static final double UNKNOWN_UNIT = Double.NEGATIVE_INFINITY;

  /**
   * One code of one channel.
   *
   * @param group codes of one group are pooled; groups of a channel are in order of preference
   */
  record Source(int channel, int group, SourceCode code) implements Serializable {}

  /** Events that begin or end a stay or determine its label. */
  enum Mark {
    ANCHOR,
    END,
    OUTCOME,
    DEATH,
    ALIVE,
    EVENT,
    BIRTH,
    HOSPITAL_BEGIN,
    HOSPITAL_END
  }

  /** Encodes an outcome that is neither death nor survival, minus its ordinal. */
  private static final double NOT_KNOWN = -1;

  private static final double NO_CLASS = 2;

  private final List<Concept> channels;
  private final List<Concept> statics;
  private final ConceptDictionary dictionary;
  private final List<Source> sources;
  private final ImmutableListMultimap<String, Integer> sourcesOfCode;
  private final ImmutableListMultimap<String, Source> staticsOfCode;
  private final ImmutableListMultimap<String, Mark> marksOfCode;

  /** Time from an anchor to the end of its only window; null if a stay can have several windows. */
  private final @Nullable Long reachMillis;

  private final long maxObservations;
  private final int[] channelOfSource;
  private final Lookalikes lookalikes;

  SubjectFn(CohortConfig config) {
    channels = config.channelConcepts();
    statics = config.staticConcepts();
    dictionary = config.dictionary();
    maxObservations = config.maxObservations();
    Task task = config.task();
    reachMillis =
        task.endsAtLabels() || task.every() != null
            ? null
            : task.start().toMillis() + config.windowMillis();

    sources = sources(config);
    ImmutableListMultimap.Builder<String, Integer> ofCode = ImmutableListMultimap.builder();
    for (int i = 0; i < sources.size(); i++) {
      ofCode.put(sources.get(i).code().code(), i);
    }
    sourcesOfCode = ofCode.build();
    channelOfSource = sources.stream().mapToInt(Source::channel).toArray();
    lookalikes = Lookalikes.of(sourcesOfCode.keySet());
    ImmutableListMultimap.Builder<String, Source> ofStatic = ImmutableListMultimap.builder();
    for (int i = 0; i < statics.size(); i++) {
      for (List<SourceCode> group : dictionary.codes(config.vocabulary(), statics.get(i).name())) {
        for (SourceCode code : group) {
          ofStatic.put(code.code(), new Source(i, 0, code));
        }
      }
    }
    staticsOfCode = ofStatic.build();

    ImmutableListMultimap.Builder<String, Mark> ofMark = ImmutableListMultimap.builder();
    ofMark.put(task.anchor(), Mark.ANCHOR).put(task.end(), Mark.END);
    ofMark.put(EhrEvent.BIRTH, Mark.BIRTH);
    if (!task.endsAtLabels()) {
      ofMark.put(EhrEvent.DEATH, Mark.DEATH);
    }
    switch (task.label().kind()) {
      case MORTALITY ->
          ofMark
              .put(EhrEvent.HOSPITAL_DEATH, Mark.OUTCOME)
              .put(EhrEvent.HOSPITAL_ADMISSION, Mark.HOSPITAL_BEGIN)
              .put(EhrEvent.HOSPITAL_DISCHARGE, Mark.HOSPITAL_END)
              .put(EhrEvent.ALIVE, Mark.ALIVE);
      case OUTCOME -> task.label().codes().forEach(code -> ofMark.put(code, Mark.OUTCOME));
      case EVENT -> task.label().codes().forEach(code -> ofMark.put(code, Mark.EVENT));
      case LENGTH_OF_STAY -> {}
    }
    marksOfCode = ofMark.build();
  }

  /** Returns all codes of all channels, by channel and then in order of preference. */
  static List<Source> sources(CohortConfig config) {
    List<Source> sources = new ArrayList<>();
    List<Concept> channels = config.channelConcepts();
    for (int c = 0; c < channels.size(); c++) {
      boolean pooled = channels.get(c).aggregate() == Aggregate.SUM;
      List<List<SourceCode>> groups =
          config.dictionary().codes(config.vocabulary(), channels.get(c).name());
      for (int g = 0; g < groups.size(); g++) {
        for (SourceCode code : groups.get(g)) {
          sources.add(new Source(c, pooled ? 0 : g, code));
        }
      }
    }
    return List.copyOf(sources);
  }

  /** Returns all codes that the cohort uses, so that a reader can skip the others. */
  static Set<String> codes(CohortConfig config) {
    SubjectFn fn = new SubjectFn(config);
    Set<String> codes = new HashSet<>(fn.sourcesOfCode.keySet());
    codes.addAll(fn.staticsOfCode.keySet());
    codes.addAll(fn.marksOfCode.keySet());
    return codes;
  }

  /** Returns whether the cohort can use an event, so that the others need not be shuffled. */
  boolean wants(EhrEvent event) {
    String code = event.getCode();
    return marksOfCode.containsKey(code)
        || code.equals(EhrEvent.SPLIT)
        || code.equals(EhrEvent.HOSPITAL_STAY)
        || (event.getTime() == null
            ? staticsOfCode.containsKey(code)
            : sourcesOfCode.containsKey(code));
  }

  SubjectRecord createAccumulator() {
    return new SubjectRecord(channels.size(), statics.size());
  }

  void addInput(SubjectRecord subject, EhrEvent event) {
    String code = event.getCode();
    int stay = subject.stay(event.getStayId());
    long time = event.getTime() == null ? SubjectRecord.NO_TIME : event.getTime().getMillis();
    Double number = event.getNumericValue();
    double value = number == null || !Double.isFinite(number) ? Double.NaN : number;
    if (code.equals(EhrEvent.SPLIT) && event.getTextValue() != null) {
      subject.assign(event.getTextValue());
    }
    if (code.equals(EhrEvent.HOSPITAL_STAY)
        && stay != SubjectRecord.NO_STAY
        && event.getTextValue() != null) {
      subject.isPartOf(stay, subject.stay(event.getTextValue()));
    }
    for (Mark mark : marksOfCode.get(code)) {
      if (!subject.overflown) {
        boolean ofHospital = mark == Mark.OUTCOME && code.equals(EhrEvent.HOSPITAL_DEATH);
        subject.marks.add(mark.ordinal(), stay, time, ofHospital ? encoded(event) : value);
      }
    }
    if (event.getTime() == null) {
      for (Source source : staticsOfCode.get(code)) {
        double converted = converted(statics, source, value, event.getUnit());
        if (converted != UNKNOWN_UNIT && !Double.isNaN(converted)) {
          subject.describe(stay, source.channel(), converted);
        }
      }
      return;
    }
    for (int index : sourcesOfCode.get(code)) {
      Source source = sources.get(index);
      double converted = converted(channels, source, value, event.getUnit());
      if (converted != UNKNOWN_UNIT && !Double.isNaN(converted)) {
        observe(subject, index, stay, time, converted);
      }
    }
  }

  /** Encodes the outcome of an event for {@link #hospitalOutcome}. */
  private static double encoded(EhrEvent event) {
    try {
      HospitalOutcome outcome = HospitalOutcome.of(event);
      return switch (outcome) {
        case DIED -> 1;
        case ALIVE -> 0;
        default -> NOT_KNOWN - outcome.ordinal();
      };
    } catch (IllegalArgumentException e) {
      return NO_CLASS;
    }
  }

  /**
   * Decodes the outcome from the value of a mark; null if the source gives a number that is not an
   * outcome.
   */
  static @Nullable HospitalOutcome hospitalOutcome(double value) {
    if (value == 1) {
      return HospitalOutcome.DIED;
    }
    if (value == 0) {
      return HospitalOutcome.ALIVE;
    }
    return value <= NOT_KNOWN ? HospitalOutcome.values()[(int) (NOT_KNOWN - value)] : null;
  }

  /** Counts the fate of an event's value, as far as it does not depend on windows. */
  void count(EhrEvent event, Map<String, Long> counts) {
    String code = event.getCode();
    if (event.getTime() == null) {
      for (Source source : staticsOfCode.get(code)) {
        count(event, statics, source, counts);
      }
      if (staticsOfCode.containsKey(code)) {
        return;
      }
    }
    for (int index : sourcesOfCode.get(code)) {
      Source source = sources.get(index);
      if (event.getTime() == null) {
        String channel = channels.get(source.channel()).name();
        CohortCounts.add(counts, ValueFate.READ.key(channel), 1);
        CohortCounts.add(counts, ValueFate.NO_TIME.key(channel), 1);
      } else {
        count(event, channels, source, counts);
      }
    }
    if (!sourcesOfCode.containsKey(code)
        && !staticsOfCode.containsKey(code)
        && !EhrEvent.reservedCodes().contains(code)) {
      countLookalike(lookalikes.of(code), 1, counts);
    }
  }

  /** Counts values of a code that resembles {@code wanted} but differs from it. */
  void countLookalike(@Nullable String wanted, long count, Map<String, Long> counts) {
    if (wanted != null) {
      for (int index : sourcesOfCode.get(wanted)) {
        String channel = channels.get(sources.get(index).channel()).name();
        CohortCounts.add(counts, ValueFate.LOOKALIKE.key(channel), count);
      }
    }
  }

  /** Counts values of a code that no reader could give to a subject. */
  void countUnknownStay(@Nullable String code, long count, Map<String, Long> counts) {
    if (code != null) {
      for (int index : sourcesOfCode.get(code)) {
        String channel = channels.get(sources.get(index).channel()).name();
        CohortCounts.add(counts, ValueFate.READ.key(channel), count);
        CohortCounts.add(counts, ValueFate.UNKNOWN_STAY.key(channel), count);
      }
    }
  }

  private void count(
      EhrEvent event, List<Concept> concepts, Source source, Map<String, Long> counts) {
    String concept = concepts.get(source.channel()).name();
    CohortCounts.add(counts, ValueFate.READ.key(concept), 1);
    if (source.code().value() != null) {
      return;
    }
    ValueFate fate = ValueFate.ofText(event);
    if (fate == null) {
      double value = event.getNumericValue();
      if (converted(concepts, source, value, event.getUnit()) == UNKNOWN_UNIT) {
        fate = ValueFate.UNKNOWN_UNIT;
      } else if (ValueFate.isBound(event.getTextValue())) {
        fate = ValueFate.AT_LIMIT;
      }
    }
    if (fate != null) {
      CohortCounts.add(counts, fate.key(concept), 1);
    }
  }

  private double converted(
      List<Concept> concepts, Source source, double value, @Nullable String rowUnit) {
    if (source.code().value() != null) {
      return source.code().value();
    }
    if (Double.isNaN(value)) {
      return value;
    }
    String unit = source.code().unit() == null ? rowUnit : source.code().unit();
    Concept.Conversion conversion = dictionary.conversion(concepts.get(source.channel()), unit);
    return conversion == null ? UNKNOWN_UNIT : conversion.apply(value);
  }

  private void observe(SubjectRecord subject, int source, int stay, long time, double value) {
    if (reachMillis != null && subject.observations.isFull()) {
      subject.dropBehind(reachMillis, channelOfSource);
    }
    subject.rows++;
    if (subject.rows > maxObservations) {
      subject.overflow();
    } else {
      subject.observations.add(source, stay, time, value);
    }
  }

  void mergeInto(SubjectRecord subject, SubjectRecord part) {
    subject.merge(part);
    if (subject.rows > maxObservations) {
      subject.overflow();
    } else if (reachMillis != null && subject.observations.isFull()) {
      subject.dropBehind(reachMillis, channelOfSource);
    }
  }
}
