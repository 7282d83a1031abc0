package io.tardiff.cohort;

import com.google.common.collect.ImmutableListMultimap;
import io.tardiff.ehr.EhrEvent;
import java.io.Serializable;
import java.util.List;

/** Gathers the events of one stay; any order and any grouping give the same observations. */
final class StayFn implements Serializable {
  private static final long serialVersionUID = 1L;

  /** One source code of one channel. */
  record Source(int channel, String code) implements Serializable {}

  private final long windowMillis;
  private final String outcomeCode;
  private final int statics;
  private final ImmutableListMultimap<String, Integer> sourcesOfCode;
  private final ImmutableListMultimap<String, Integer> staticsOfCode;

  StayFn(CohortConfig config) {
    windowMillis = config.steps() * (config.stepMinutes() * 60_000L);
    outcomeCode = config.task().outcomeCode();
    statics = config.statics().size();
    ImmutableListMultimap.Builder<String, Integer> ofCode = ImmutableListMultimap.builder();
    List<Source> sources = sources(config);
    for (int i = 0; i < sources.size(); i++) {
      ofCode.put(sources.get(i).code(), i);
    }
    sourcesOfCode = ofCode.build();
    ImmutableListMultimap.Builder<String, Integer> ofStatic = ImmutableListMultimap.builder();
    List<ChannelDefinition> covariates = config.staticDefinitions();
    for (int i = 0; i < covariates.size(); i++) {
      for (String code : covariates.get(i).codes()) {
        ofStatic.put(code, i);
      }
    }
    staticsOfCode = ofStatic.build();
  }

  /** Every source of every channel: by channel, then in order of preference. */
  static List<Source> sources(CohortConfig config) {
    List<ChannelDefinition> channels = config.channelDefinitions();
    return java.util.stream.IntStream.range(0, channels.size())
        .boxed()
        .flatMap(c -> channels.get(c).codes().stream().map(code -> new Source(c, code)))
        .toList();
  }

  /** Whether an event can matter, so that the others need not be shuffled. */
  boolean wants(EhrEvent event) {
    String code = event.getCode();
    return code.equals(EhrEvent.ADMISSION)
        || code.equals(outcomeCode)
        || (event.getTime() == null ? staticsOfCode : sourcesOfCode).containsKey(code);
  }

  StayRecord createAccumulator() {
    return new StayRecord(statics);
  }

  void addInput(StayRecord stay, EhrEvent event) {
    stay.subjectId = event.getSubjectId();
    Double value = event.getNumericValue();
    if (event.getCode().equals(EhrEvent.ADMISSION) && event.getTime() != null) {
      stay.admit(event.getTime().getMillis(), windowMillis);
    }
    if (value == null || !Double.isFinite(value)) {
      return;
    }
    if (event.getCode().equals(outcomeCode)) {
      stay.conclude(value);
    }
    if (event.getTime() == null) {
      staticsOfCode.get(event.getCode()).forEach(index -> stay.describe(index, value));
    } else {
      sourcesOfCode
          .get(event.getCode())
          .forEach(
              source -> stay.observe(source, event.getTime().getMillis(), value, windowMillis));
    }
  }

  void mergeInto(StayRecord stay, StayRecord part) {
    stay.merge(part, windowMillis);
  }
}
