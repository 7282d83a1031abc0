package io.tardiff.selection;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.files.CloseableIterator;
import io.tardiff.progress.SharedProgress;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.CohortWindows;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Computes the features of a file of real windows, about a thousand at a time. */
final class EmbedRealFn extends DoFn<String, RealFeatures> {
  private static final int PART = 1_024;

  private final String model;
  private final String cohort;
  private final Selection selection;
  private transient SharedInstances.@Nullable Lease<TargetFeatures> lease;
  private transient @Nullable SharedProgress progress;

  EmbedRealFn(String model, String cohort, Selection selection) {
    this.model = model;
    this.cohort = cohort;
    this.selection = selection;
  }

  @Setup
  public void setUp() {
    TensorFlowLibrary.check();
    progress = SharedProgress.start(model, "Features of real windows", 0, "windows");
  }

  @ProcessElement
  public void process(@Element String shard, OutputReceiver<RealFeatures> output) {
    if (lease == null) {
      lease = TargetFeatures.lease(model, selection);
    }
    Cohort opened = Cohort.open(cohort);
    List<EhrWindow> part = new ArrayList<>();
    int number = 0;
    try (CloseableIterator<EhrWindow> windows = opened.read(shard)) {
      while (windows.hasNext()) {
        part.add(windows.next());
        if (part.size() == PART || !windows.hasNext()) {
          LabelledWindows batch = CohortWindows.of(opened, part);
          output.output(
              new RealFeatures(
                  String.format("%s#%08d", shard, number++),
                  batch.labels(),
                  lease.get().of(batch)));
          progress.advance(part.size());
          part.clear();
        }
      }
    }
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
