package io.tardiff.generation;

import io.tardiff.influence.Guidance;
import io.tardiff.progress.SharedProgress;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.synthetic.GeneratedSample;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.TarDiffModel;
import java.util.Arrays;
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
  private final Counter samples = Metrics.counter("tardiff.generation", "samples");
  private final Counter notFinite = Metrics.counter("tardiff.generation", "samplesNotFinite");
  private final Distribution milliseconds =
      Metrics.distribution("tardiff.generation", "millisecondsPerBatch");
  private final Gauge rate = Metrics.gauge("tardiff.generation", "samplesPerSecond");

  private transient SharedInstances.@Nullable Lease<GuidedSampler> lease;
  private transient @Nullable SharedProgress progress;
  private transient String leased;
  private transient String modelId;
  private transient String guidanceHash;

  /**
   * @param moments what rules that match moments were fitted to
   */
  GuidedSamplingFn(GenerationConfig config, Map<Guidance.Rule, PCollectionView<Moments>> moments) {
    this.config = config;
    this.moments = moments;
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
    long begin = System.nanoTime();
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
              true);
      out.output(new GeneratedSample(guidance.name(), drawn.window(descriptor.getLabel()), ledger));
    }
    samples.inc(descriptor.getCount());
    progress.advance(descriptor.getCount());
    long nanos = System.nanoTime() - begin;
    milliseconds.update(nanos / 1_000_000);
    rate.set(Math.round(descriptor.getCount() * 1e9 / nanos));
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
      TarDiffModel model = TarDiffModel.open(directory);
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
  }
}
