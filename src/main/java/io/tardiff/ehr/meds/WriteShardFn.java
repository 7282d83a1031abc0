package io.tardiff.ehr.meds;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.parquet.ParquetOutput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.parquet.schema.MessageType;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes the subjects of a shard to a data file and, with a task, to a label file. */
final class WriteShardFn extends DoFn<KV<KV<String, Integer>, Iterable<KV<Long, byte[]>>>, String> {
  private final Counter rows = Metrics.counter("tardiff.ehr.meds", "rowsWritten");

  private final String root;
  private final @Nullable String task;
  private final boolean integerLabels;
  private final Coder<List<EhrEvent>> coder;

  WriteShardFn(String root, @Nullable String task, boolean integerLabels, Coder<EhrEvent> coder) {
    this.root = root;
    this.task = task;
    this.integerLabels = integerLabels;
    this.coder = ListCoder.of(coder);
  }

  @ProcessElement
  public void process(
      @Element KV<KV<String, Integer>, Iterable<KV<Long, byte[]>>> shard,
      OutputReceiver<String> files)
      throws IOException {
    String name = shard.getKey().getKey() + "/" + shard.getKey().getValue() + ".parquet";
    // Packed, so that a shard fits into memory to be sorted.
    Map<Long, byte[]> subjects = new TreeMap<>();
    for (KV<Long, byte[]> subject : shard.getValue()) {
      if (subjects.put(subject.getKey(), subject.getValue()) != null) {
        throw new IllegalStateException("two subjects have the same hash: rename one of them");
      }
    }
    String data = root + "data/" + name;
    AtomicFile.write(data, out -> writeData(parquet(out, MedsColumns.DATA), subjects));
    files.output(data);
    if (task != null) {
      String labels = root + "labels/" + task + "/" + name;
      AtomicFile.write(
          labels,
          out ->
              writeLabels(
                  parquet(
                      out, integerLabels ? MedsColumns.INTEGER_LABELS : MedsColumns.BOOLEAN_LABELS),
                  subjects));
      files.output(labels);
    }
  }

  private static ParquetOutput parquet(OutputStream out, MessageType schema) throws IOException {
    return new ParquetOutput(Channels.newChannel(out), schema);
  }

  private void writeData(ParquetOutput output, Map<Long, byte[]> subjects) throws IOException {
    try (output) {
      for (Map.Entry<Long, byte[]> subject : subjects.entrySet()) {
        for (EhrEvent event : unpack(subject.getValue())) {
          if (task != null && LabelRows.isLabel(event)) {
            continue;
          }
          output.write(
              subject.getKey(),
              event.getTime(),
              event.getCode(),
              event.getNumericValue(),
              event.getTextValue(),
              event.getStayId(),
              event.getUnit());
          rows.inc();
        }
      }
    }
  }

  private void writeLabels(ParquetOutput output, Map<Long, byte[]> subjects) throws IOException {
    try (output) {
      for (Map.Entry<Long, byte[]> subject : subjects.entrySet()) {
        for (EhrEvent event : unpack(subject.getValue())) {
          if (LabelRows.isLabel(event)) {
            output.write(subject.getKey(), event.getTime(), LabelRows.value(event, integerLabels));
          }
        }
      }
    }
  }

  private List<EhrEvent> unpack(byte[] packed) throws IOException {
    return coder.decode(new ByteArrayInputStream(packed));
  }
}
