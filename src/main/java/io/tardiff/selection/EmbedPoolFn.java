package io.tardiff.selection;

import io.tardiff.files.CloseableIterator;
import io.tardiff.files.SortedAvroShards;
import io.tardiff.synthetic.GeneratedSample;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.tensorflow.SharedSessions;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Streams a sample file of a pool and its ledger file, and outputs each sample as a candidate with
 * its features.
 */
final class EmbedPoolFn extends DoFn<KV<String, String>, Candidate> {
  private static final int BATCH = 256;

  private final String model;
  private final Selection selection;
  private final Counter candidates = Metrics.counter("tardiff.selection", "candidates");
  private transient SharedSessions.@Nullable Lease<TargetFeatures> lease;
  private transient @Nullable TarDiffModel opened;

  EmbedPoolFn(String model, Selection selection) {
    this.model = model;
    this.selection = selection;
  }

  @Setup
  public void setUp() {
    TensorFlowLibrary.check();
  }

  /** The element is the name of the pool's set and the path of a sample file. */
  @ProcessElement
  public void process(@Element KV<String, String> file, OutputReceiver<Candidate> output) {
    if (opened == null) {
      opened = TarDiffModel.open(model);
    }
    String samples = file.getValue();
    try (CloseableIterator<GenericRecord> windows = SortedAvroShards.read(samples);
        CloseableIterator<GenericRecord> ledger =
            SortedAvroShards.read(SyntheticWindows.ledgerOf(samples))) {
      List<GeneratedSample> batch = new ArrayList<>();
      while (windows.hasNext()) {
        SyntheticWindow window = SyntheticWindows.fromAvro(windows.next());
        batch.add(new GeneratedSample(file.getKey(), window, recordOf(window, ledger, samples)));
        if (batch.size() == BATCH || !windows.hasNext()) {
          embed(batch, output);
          batch.clear();
        }
      }
    }
  }

  /**
   * Both files are sorted by id; the ledger may have records of samples that are not in the set.
   */
  private static LedgerRecord recordOf(
      SyntheticWindow window, CloseableIterator<GenericRecord> ledger, String file) {
    while (ledger.hasNext()) {
      LedgerRecord record = LedgerRecord.fromAvro(ledger.next());
      if (record.sampleId() == window.sampleId()) {
        return record;
      }
    }
    throw new IllegalStateException(
        String.format("the ledger of %s lacks sample %d", file, window.sampleId()));
  }

  private void embed(List<GeneratedSample> batch, OutputReceiver<Candidate> output) {
    float[][] features = new float[batch.size()][0];
    if (selection.method() == SelectionMethod.HERDING) {
      if (lease == null) {
        lease = TargetFeatures.lease(model, selection);
      }
      features =
          lease
              .get()
              .of(
                  SyntheticWindows.networkUnits(
                      opened.spec(),
                      opened.normaliser(),
                      batch.get(0).set(),
                      batch.stream().map(GeneratedSample::window).toList()));
    }
    for (int i = 0; i < features.length; i++) {
      output.output(new Candidate(batch.get(i), features[i]));
    }
    candidates.inc(batch.size());
  }

  @Teardown
  public void release() {
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }
}
