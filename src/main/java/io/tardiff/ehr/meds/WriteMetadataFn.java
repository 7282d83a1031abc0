package io.tardiff.ehr.meds;

import io.tardiff.ehr.parquet.ParquetOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Small tables of the whole set, each written by one worker. */
final class WriteMetadataFn {
  private WriteMetadataFn() {}

  /** {@code metadata/codes.parquet}. */
  static final class Codes extends DoFn<KV<Integer, Iterable<String>>, String> {
    private final String file;

    Codes(String root) {
      file = root + "metadata/codes.parquet";
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<String>> all, OutputReceiver<String> files)
        throws IOException {
      TreeSet<String> codes = new TreeSet<>();
      all.getValue().forEach(codes::add);
      AtomicOutput.write(
          file,
          channel -> {
            try (ParquetOutput out = new ParquetOutput(channel, MedsColumns.CODES)) {
              for (String code : codes) {
                out.write(code, null);
              }
            }
          });
      files.output(file);
    }
  }

  /** {@code metadata/subject_splits.parquet}. */
  static final class Splits extends DoFn<KV<Integer, Iterable<KV<Long, String>>>, String> {
    private final String file;

    Splits(String root) {
      file = root + "metadata/subject_splits.parquet";
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<KV<Long, String>>> all, OutputReceiver<String> files)
        throws IOException {
      Map<Long, String> splits = new TreeMap<>();
      for (KV<Long, String> subject : all.getValue()) {
        // One worker sees all subjects here: those in different shards too.
        if (splits.put(subject.getKey(), subject.getValue()) != null) {
          throw new IllegalStateException("two subjects have the same hash: rename one of them");
        }
      }
      AtomicOutput.write(
          file,
          channel -> {
            try (ParquetOutput out = new ParquetOutput(channel, MedsColumns.SUBJECT_SPLITS)) {
              for (Map.Entry<Long, String> subject : splits.entrySet()) {
                out.write(subject.getKey(), subject.getValue());
              }
            }
          });
      files.output(file);
    }
  }
}
