package io.tardiff.ehr.signals;

import org.apache.beam.sdk.values.TupleTag;

/** Outputs of every reader of signals; dead letters are {@link io.tardiff.ehr.EhrTags}'. */
public final class SeriesTags {
  private static final TupleTag<LabelledSeries> SERIES = new TupleTag<>("series") {};

  private SeriesTags() {}

  /** What was read. */
  public static TupleTag<LabelledSeries> series() {
    return SERIES;
  }
}
