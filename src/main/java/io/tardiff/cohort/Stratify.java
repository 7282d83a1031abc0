package io.tardiff.cohort;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SetCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Splits each class by the shares: sorts its subjects by position and assigns the first share to
 * train, the next to tuning and the rest to held_out. Input keys are strata. Only positions are
 * collected, 8 bytes per subject.
 */
final class Stratify
    extends PTransform<PCollection<KV<Integer, EhrWindow>>, PCollection<EhrWindow>> {
  /**
   * Stratum of windows that keep their split: the source publishes it, or their subject has no
   * label, which must not move the bounds of a class.
   */
  static final int KEPT = -1;

  private static final long serialVersionUID = 1L;

  private final CohortConfig config;

  Stratify(CohortConfig config) {
    this.config = config;
  }

  @Override
  public PCollection<EhrWindow> expand(PCollection<KV<Integer, EhrWindow>> windows) {
    PCollectionView<Map<Integer, List<Double>>> bounds =
        windows
            .apply("Positions", ParDo.of(new PositionFn(config)))
            .setCoder(KvCoder.of(VarIntCoder.of(), DoubleCoder.of()))
            .apply("Bounds", Combine.perKey(new BoundsFn(config)))
            .apply("By class", View.asMap());
    return windows
        .apply("Assign", ParDo.of(new AssignFn(config, bounds)).withSideInputs(bounds))
        .setCoder(EhrWindowCoder.of());
  }

  private static final class PositionFn extends DoFn<KV<Integer, EhrWindow>, KV<Integer, Double>> {
    private final CohortConfig config;

    PositionFn(CohortConfig config) {
      this.config = config;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, EhrWindow> element, OutputReceiver<KV<Integer, Double>> output) {
      EhrWindow window = element.getValue();
      if (element.getKey() != KEPT) {
        output.output(KV.of(element.getKey(), config.position(window.subjectId())));
      }
    }
  }

  /** Computes the positions at which the tuning and held_out parts of a class begin. */
  private static final class BoundsFn extends Combine.CombineFn<Double, Set<Double>, List<Double>> {
    private static final long serialVersionUID = 1L;

    private final double trainShare;
    private final double tuningShare;

    BoundsFn(CohortConfig config) {
      trainShare = config.trainShare();
      tuningShare = config.tuningShare();
    }

    @Override
    public Set<Double> createAccumulator() {
      return new HashSet<>();
    }

    @Override
    public Set<Double> addInput(Set<Double> positions, Double position) {
      positions.add(position);
      return positions;
    }

    @Override
    public Set<Double> mergeAccumulators(Iterable<Set<Double>> parts) {
      Set<Double> merged = createAccumulator();
      parts.forEach(merged::addAll);
      return merged;
    }

    @Override
    public List<Double> extractOutput(Set<Double> positions) {
      List<Double> sorted = new ArrayList<>(positions);
      sorted.sort(null);
      return List.of(at(sorted, trainShare), at(sorted, trainShare + tuningShare));
    }

    private static double at(List<Double> sorted, double share) {
      int index = (int) Math.round(share * sorted.size());
      return index < sorted.size() ? sorted.get(index) : 1;
    }

    @Override
    public Coder<Set<Double>> getAccumulatorCoder(CoderRegistry registry, Coder<Double> input) {
      return SetCoder.of(DoubleCoder.of());
    }

    @Override
    public Coder<List<Double>> getDefaultOutputCoder(CoderRegistry registry, Coder<Double> input) {
      return ListCoder.of(DoubleCoder.of());
    }
  }

  private static final class AssignFn extends DoFn<KV<Integer, EhrWindow>, EhrWindow> {
    private final CohortConfig config;
    private final PCollectionView<Map<Integer, List<Double>>> boundsView;

    AssignFn(CohortConfig config, PCollectionView<Map<Integer, List<Double>>> boundsView) {
      this.config = config;
      this.boundsView = boundsView;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      EhrWindow window = context.element().getValue();
      if (context.element().getKey() == KEPT) {
        context.output(window);
        return;
      }
      List<Double> bounds = context.sideInput(boundsView).get(context.element().getKey());
      double position = config.position(window.subjectId());
      Split split =
          position < bounds.get(0)
              ? Split.TRAIN
              : position < bounds.get(1) ? Split.TUNING : Split.HELD_OUT;
      context.output(
          new EhrWindow(
              window.windowId(),
              window.subjectId(),
              window.label(),
              split,
              window.values(),
              window.mask(),
              window.statics()));
    }
  }
}
