package io.tardiff.ehr;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/** Outputs of every EHR reader. */
public final class EhrTags {
  private static final TupleTag<EhrEvent> EVENTS = new TupleTag<>("events") {};
  private static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters") {};

  private EhrTags() {}

  /** What was read. */
  public static TupleTag<EhrEvent> events() {
    return EVENTS;
  }

  /** What could not be read. */
  public static TupleTag<DeadLetter> deadLetters() {
    return DEAD_LETTERS;
  }

  /** The outputs of several readers as those of one; a part may lack one of the two. */
  public static PCollectionTuple merge(Pipeline pipeline, List<PCollectionTuple> parts) {
    return PCollectionTuple.of(EVENTS, merge(pipeline, "Events", EVENTS, parts))
        .and(DEAD_LETTERS, merge(pipeline, "Dead letters", DEAD_LETTERS, parts));
  }

  private static <T> PCollection<T> merge(
      Pipeline pipeline, String name, TupleTag<T> tag, List<PCollectionTuple> parts) {
    PCollectionList<T> all = PCollectionList.empty(pipeline);
    for (PCollectionTuple part : parts) {
      all = part.has(tag) ? all.and(part.get(tag)) : all;
    }
    return all.apply(name, Flatten.pCollections());
  }
}
