package io.tardiff.ehr.meds;

import com.google.common.hash.Hashing;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.SplitNames;
import io.tardiff.ehr.outcome.Dispositions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;

/** Sorts and packs the events of a subject and assigns it to a shard. */
final class SubjectFn
    extends DoFn<KV<String, Iterable<EhrEvent>>, KV<KV<String, Integer>, KV<Long, byte[]>>> {
  static final TupleTag<KV<KV<String, Integer>, KV<Long, byte[]>>> SUBJECTS =
      new TupleTag<>("subjects") {};
  static final TupleTag<KV<Long, String>> SPLITS = new TupleTag<>("splits") {};
  static final TupleTag<String> CODES = new TupleTag<>("codes") {};

  /** Static facts first, then by time; the other fields make the order independent of arrival. */
  private static final Comparator<EhrEvent> ORDER =
      Comparator.comparing(EhrEvent::getTime, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(EhrEvent::getCode)
          .thenComparing(
              EhrEvent::getNumericValue, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(EhrEvent::getTextValue, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(EhrEvent::getStayId, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(EhrEvent::getUnit, Comparator.nullsFirst(Comparator.naturalOrder()));

  private final Coder<List<EhrEvent>> coder;
  private final PCollectionView<Long> countView;
  private final long shardEvents;
  private final boolean separateLabels;

  /**
   * @param separateLabels whether labels are written to separate files
   */
  SubjectFn(
      Coder<EhrEvent> coder,
      PCollectionView<Long> countView,
      long shardEvents,
      boolean separateLabels) {
    this.coder = ListCoder.of(coder);
    this.countView = countView;
    this.shardEvents = shardEvents;
    this.separateLabels = separateLabels;
  }

  @ProcessElement
  public void process(ProcessContext context, MultiOutputReceiver outputs) throws IOException {
    String subject = context.element().getKey();
    List<EhrEvent> events = new ArrayList<>();
    Map<EhrEvent, Integer> implied = new HashMap<>();
    Set<String> splits = new TreeSet<>();
    for (EhrEvent event : context.element().getValue()) {
      if (event.getCode().equals(EhrEvent.SPLIT)) {
        if (event.getTextValue() != null) {
          splits.add(event.getTextValue());
        }
      } else {
        events.add(event);
        MedsCodes.addReserved(
            event, Dispositions.standard(), reserved -> implied.merge(reserved, 1, Integer::sum));
      }
    }
    // Drop events that reading derives from codes with details, or they would be read twice.
    events.removeIf(event -> take(implied, event));
    events.sort(ORDER);
    String split = split(splits);
    long id = SubjectIds.of(subject);
    long shards = Math.max(1, (context.sideInput(countView) + shardEvents - 1) / shardEvents);
    int shard = (int) Math.floorMod(mix(id), shards);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    coder.encode(events, packed);
    outputs.get(SPLITS).output(KV.of(id, split));
    Set<String> codes = new TreeSet<>();
    for (EhrEvent event : events) {
      if (!separateLabels || !LabelRows.isLabel(event)) {
        codes.add(event.getCode());
      }
    }
    codes.forEach(outputs.get(CODES)::output);
    outputs.get(SUBJECTS).output(KV.of(KV.of(split, shard), KV.of(id, packed.toByteArray())));
  }

  private static boolean take(Map<EhrEvent, Integer> remaining, EhrEvent event) {
    Integer count = remaining.get(event);
    if (count == null || count == 0) {
      return false;
    }
    remaining.put(event, count - 1);
    return true;
  }

  private static String split(Set<String> splits) {
    if (splits.isEmpty()) {
      return SplitNames.TRAIN;
    }
    if (splits.size() > 1 || !SplitNames.ALL.contains(splits.iterator().next())) {
      throw new IllegalArgumentException(
          "each subject must have one split: train, tuning or held_out");
    }
    return splits.iterator().next();
  }

  /** Hashes ids, which often have a regular spacing, to balance the shards. */
  private static long mix(long id) {
    return Hashing.murmur3_128().hashLong(id).asLong();
  }
}
