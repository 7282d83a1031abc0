package io.tardiff.ehr;

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
}
