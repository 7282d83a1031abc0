package io.tardiff.ehr.meds;

import io.tardiff.files.AtomicFile;
import io.tardiff.files.parquet.ParquetOutput;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Writes the small tables of the whole data set, each on one worker. */
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
      AtomicFile.write(
          file,
          out -> {
            try (ParquetOutput table =
                new ParquetOutput(Channels.newChannel(out), MedsColumns.CODES)) {
              for (String code : codes) {
                table.write(code, null);
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
        // Unlike in a shard, all subjects are visible here.
        if (splits.put(subject.getKey(), subject.getValue()) != null) {
          throw new IllegalStateException("two subjects have the same hash: rename one of them");
        }
      }
      AtomicFile.write(
          file,
          out -> {
            try (ParquetOutput table =
                new ParquetOutput(Channels.newChannel(out), MedsColumns.SUBJECT_SPLITS)) {
              for (Map.Entry<Long, String> subject : splits.entrySet()) {
                table.write(subject.getKey(), subject.getValue());
              }
            }
          });
      files.output(file);
    }
  }
}
