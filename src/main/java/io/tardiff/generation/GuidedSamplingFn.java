package io.tardiff.generation;

import io.tardiff.influence.Guidance;
import io.tardiff.progress.SharedProgress;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.synthetic.GeneratedSample;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.synthetic.SoftLabels;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.TarDiffModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Draws the samples of a batch from the model in a directory.
 *
 * <p>Workers of one JVM share one sampler per model and configuration. Samples with values that are
 * not finite are counted and dropped; finishing the set then fails, because samples are missing.
 */
final class GuidedSamplingFn extends DoFn<KV<String, SampleBatch>, GeneratedSample> {
  private final GenerationConfig config;
  private final Map<Guidance.Rule, PCollectionView<Moments>> moments;
  private final @Nullable PCollectionView<Teacher> teacher;
  private final Counter samples = Metrics.counter("tardiff.generation", "samples");
  private final Counter notFinite = Metrics.counter("tardiff.generation", "samplesNotFinite");
  private final Distribution milliseconds =
      Metrics.distribution("tardiff.generation", "millisecondsPerBatch");
  private final Gauge rate = Metrics.gauge("tardiff.generation", "samplesPerSecond");

  private transient SharedInstances.@Nullable Lease<GuidedSampler> lease;
  private transient @Nullable SharedProgress progress;
  private transient @Nullable SoftLabeller labeller;
  private transient @Nullable SoftLabels softLabels;
  private transient TarDiffModel model;
  private transient String leased;
  private transient String modelId;
  private transient String guidanceHash;

  /**
   * @param moments what rules that match moments were fitted to
   * @param teacher null without soft labels
   */
  GuidedSamplingFn(
      GenerationConfig config,
      Map<Guidance.Rule, PCollectionView<Moments>> moments,
      @Nullable PCollectionView<Teacher> teacher) {
    this.config = config;
    this.moments = moments;
    this.teacher = teacher;
  }

  @Setup
  public void setUp() {
    TensorFlowLibrary.check();
  }

  @ProcessElement
  public void process(
      ProcessContext context,
      @Element KV<String, SampleBatch> element,
      OutputReceiver<GeneratedSample> out) {
    GuidedSampler sampler = sampler(element.getKey());
    SampleBatch descriptor = element.getValue();
    Guidance guidance = descriptor.guidance();
    GuidedSampler.Steer steer = GuidedSampler.Steer.by(guidance);
    String hash = guidanceHash;
    if (guidance.rule().matchesMoments()) {
      Moments fitted = context.sideInput(moments.get(guidance.rule()));
      steer = GuidedSampler.Steer.by(guidance, fitted.tilt());
      hash = fitted.hash();
    }
    if (teacher != null && labeller == null) {
      Teacher fitted = context.sideInput(teacher);
      softLabels = softLabels(config, model, fitted);
      labeller = new SoftLabeller(model, softLabels, () -> Teacher.read(fitted.weights()));
    }
    long begin = System.nanoTime();
    List<SyntheticWindow> windows = new ArrayList<>();
    List<LedgerRecord> records = new ArrayList<>();
    for (GuidedSampler.Drawn drawn :
        sampler.draw(
            steer, descriptor.getLabel(), descriptor.getFirstId(), descriptor.getCount())) {
      if (!isFinite(drawn.values())) {
        notFinite.inc();
        continue;
      }
      LedgerRecord ledger =
          new LedgerRecord(
              drawn.id(),
              descriptor.getLabel(),
              config.seed(),
              guidance.rule().label(),
              guidance.scale(),
              drawn.influenceBefore(),
              drawn.influenceAfter(),
              modelId,
              hash,
              config.samplerHash(),
              null,
              true,
              softLabels == null ? null : softLabels.ofSample());
      windows.add(drawn.window(descriptor.getLabel()));
      records.add(ledger);
    }
    if (labeller != null) {
      windows = labeller.label(windows);
    }
    for (int i = 0; i < records.size(); i++) {
      out.output(new GeneratedSample(guidance.name(), windows.get(i), records.get(i)));
    }
    samples.inc(descriptor.getCount());
    progress.advance(descriptor.getCount());
    long nanos = System.nanoTime() - begin;
    milliseconds.update(nanos / 1_000_000);
    rate.set(Math.round(descriptor.getCount() * 1e9 / nanos));
  }

  /** Returns the description of the soft labels of each set. */
  static SoftLabels softLabels(GenerationConfig config, TarDiffModel model, Teacher teacher) {
    return teacher.softLabels(
        config.softLabelWeight(),
        config.labels().resolve(model.trainLabels()),
        model.trainLabels());
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private GuidedSampler sampler(String directory) {
    if (lease == null || !directory.equals(leased)) {
      release();
      model = TarDiffModel.open(directory);
      lease = GuidedSampler.lease(model, config);
      long total =
          config.guidances().size()
              * Arrays.stream(config.labels().resolve(model.trainLabels())).sum();
      progress =
          SharedProgress.start(GuidedSampler.key(model, config), "Sampling", total, "samples");
      leased = directory;
      modelId = model.id();
      guidanceHash = model.guidanceHash(config.guidanceEpoch(model));
    }
    return lease.get();
  }

  @Teardown
  public void release() {
    if (lease != null) {
      lease.close();
      lease = null;
      progress.close();
    }
    if (labeller != null) {
      labeller.close();
      labeller = null;
      softLabels = null;
    }
  }
}
