package io.tardiff.selection;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.CloseableIterator;
import io.tardiff.progress.SharedProgress;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.synthetic.GeneratedSample;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.List;
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
  private transient SharedInstances.@Nullable Lease<TargetFeatures> lease;
  private transient @Nullable SharedProgress progress;
  private transient @Nullable TarDiffModel opened;

  EmbedPoolFn(String model, Selection selection) {
    this.model = model;
    this.selection = selection;
  }

  @Setup
  public void setUp() {
    TensorFlowLibrary.check();
    progress = SharedProgress.start(model, "Features of the pool", 0, "samples");
  }

  /** The element is the name of the pool's set and the path of a sample file. */
  @ProcessElement
  public void process(@Element KV<String, String> file, OutputReceiver<Candidate> output) {
    if (opened == null) {
      opened = TarDiffModel.open(model);
    }
    SyntheticSet pool = SyntheticSet.open(file.getKey());
    ArtefactDirectory files = pool.files();
    String samples = file.getValue();
    try (CloseableIterator<SyntheticWindow> windows = SyntheticWindows.read(pool, files, samples);
        CloseableIterator<LedgerRecord> ledger =
            SyntheticWindows.readLedger(files, SyntheticWindows.ledgerOf(samples))) {
      List<GeneratedSample> batch = new ArrayList<>();
      while (windows.hasNext()) {
        SyntheticWindow window = windows.next();
        batch.add(
            new GeneratedSample(
                pool.name(), window, recordOf(window, ledger, files.resolve(samples))));
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
  private LedgerRecord recordOf(
      SyntheticWindow window, CloseableIterator<LedgerRecord> ledger, String file) {
    while (ledger.hasNext()) {
      LedgerRecord record = ledger.next();
      if (record.sampleId() == window.sampleId()) {
        checkArgument(
            record.modelId().equals(opened.id()),
            "the pool must be of the model %s, the ledger beside %s is of another",
            model,
            file);
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
    progress.advance(batch.size());
  }

  @Teardown
  public void release() {
    if (lease != null) {
      lease.close();
      lease = null;
    }
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }
}
