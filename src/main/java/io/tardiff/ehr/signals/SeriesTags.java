package io.tardiff.ehr.signals;

import org.apache.beam.sdk.values.TupleTag;

/**
 * Output tags of the signal readers; dead letters have the tag of {@link io.tardiff.ehr.EhrTags}.
 */
public final class SeriesTags {
  private static final TupleTag<LabelledSeries> SERIES = new TupleTag<>("series") {};

  private SeriesTags() {}

  /** Series that were read. */
  public static TupleTag<LabelledSeries> series() {
    return SERIES;
  }
}
