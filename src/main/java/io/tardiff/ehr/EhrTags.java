package io.tardiff.ehr;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/** Output tags of the EHR readers. */
public final class EhrTags {
  private static final TupleTag<EhrEvent> EVENTS = new TupleTag<>("events") {};
  private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters") {};
  private static final TupleTag<ReadCount> COUNTS = new TupleTag<>("counts") {};

  private EhrTags() {}

  /** Events that were read. */
  public static TupleTag<EhrEvent> events() {
    return EVENTS;
  }

  /** Rows and files that could not be read. */
  public static TupleTag<DeadLetter> deadLetters() {
    return DEAD_LETTERS;
  }

  /** Number of rows read. Not every reader has this output. */
  public static TupleTag<ReadCount> counts() {
    return COUNTS;
  }

  /** Merges the outputs of several readers; a part may lack some of them. */
  public static PCollectionTuple merge(Pipeline pipeline, List<PCollectionTuple> parts) {
    PCollectionTuple merged = PCollectionTuple.empty(pipeline);
    merged = merge(merged, "Events", EVENTS, parts);
    merged = merge(merged, "Dead letters", DEAD_LETTERS, parts);
    return merge(merged, "Counts", COUNTS, parts);
  }

  private static <T> PCollectionTuple merge(
      PCollectionTuple merged, String name, TupleTag<T> tag, List<PCollectionTuple> parts) {
    PCollectionList<T> all = PCollectionList.empty(merged.getPipeline());
    for (PCollectionTuple part : parts) {
      all = part.has(tag) ? all.and(part.get(tag)) : all;
    }
    return all.size() == 0 ? merged : merged.and(tag, all.apply(name, Flatten.pCollections()));
  }
}
