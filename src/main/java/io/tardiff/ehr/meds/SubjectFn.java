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

/** One subject's events, in MEDS's order and packed, for the shard that the subject belongs to. */
final class SubjectFn
    extends DoFn<KV<String, Iterable<EhrEvent>>, KV<KV<String, Integer>, KV<Long, byte[]>>> {
  static final TupleTag<KV<KV<String, Integer>, KV<Long, byte[]>>> SUBJECTS =
      new TupleTag<>("subjects") {};
  static final TupleTag<KV<Long, String>> SPLITS = new TupleTag<>("splits") {};
  static final TupleTag<String> CODES = new TupleTag<>("codes") {};

  /** Facts first, then by time; the rest makes the order that of the data, not of their arrival. */
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
  private final boolean labelsApart;

  /**
   * @param labelsApart whether labels go to files of their own
   */
  SubjectFn(
      Coder<EhrEvent> coder,
      PCollectionView<Long> countView,
      long shardEvents,
      boolean labelsApart) {
    this.coder = ListCoder.of(coder);
    this.countView = countView;
    this.shardEvents = shardEvents;
    this.labelsApart = labelsApart;
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
    // What reading adds to a code with details must not be written beside it, or it came twice.
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
      if (!labelsApart || !LabelRows.isLabel(event)) {
        codes.add(event.getCode());
      }
    }
    codes.forEach(outputs.get(CODES)::output);
    outputs.get(SUBJECTS).output(KV.of(KV.of(split, shard), KV.of(id, packed.toByteArray())));
  }

  private static boolean take(Map<EhrEvent, Integer> left, EhrEvent event) {
    Integer count = left.get(event);
    if (count == null || count == 0) {
      return false;
    }
    left.put(event, count - 1);
    return true;
  }

  private static String split(Set<String> splits) {
    if (splits.isEmpty()) {
      return SplitNames.TRAIN;
    }
    if (splits.size() > 1 || !SplitNames.ALL.contains(splits.iterator().next())) {
      throw new IllegalArgumentException(
          "the split of a subject must be one of train, tuning and held_out in all its events");
    }
    return splits.iterator().next();
  }

  /** Ids are often given in steps; the shards must not notice. */
  private static long mix(long id) {
    return Hashing.murmur3_128().hashLong(id).asLong();
  }
}
