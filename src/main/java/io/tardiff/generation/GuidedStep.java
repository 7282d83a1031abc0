package io.tardiff.generation;

import io.tardiff.diffusion.AnalogBits;
import io.tardiff.diffusion.Denoiser;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.diffusion.Steering;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.GuidanceRule;
import io.tardiff.influence.Influence;
import io.tardiff.influence.TargetClassifier;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.training.TarDiffModel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/**
 * A {@link ReverseStep} of a model on a graph, with one result per {@link Guidance.Rule}. Rules use
 * the influence gradient at the predicted clean windows, {@code g = d/dx0 sum_i J(x0_i, y_i)}, in
 * float32. A run computes only what it fetches, so an unguided run computes no gradient.
 */
final class GuidedStep {

  /** The weights of the denoiser and the target classifier, and G. */
  record Networks(
      Parameters<TFloat32> denoiser,
      Parameters<TFloat32> classifier,
      Parameters<TFloat32> direction) {}

  private final Operand<TFloat32> clean;
  private final Operand<TFloat32> influences;
  private final Map<Guidance.Rule, Operand<TFloat64>> next = new EnumMap<>(Guidance.Rule.class);

  /**
   * @param weight the guidance scale w, a scalar
   */
  GuidedStep(
      Ops tf,
      TarDiffModel model,
      Networks networks,
      ReverseStep.Inputs in,
      Operand<TFloat64> weight) {
    Denoiser<TFloat32> denoiser =
        new Denoiser<>(
            tf,
            TFloat32.class,
            networks.denoiser(),
            model.denoiser().network(),
            model.spec().classes(),
            model.denoiser().noiseSchedule());
    float[] low = model.normaliser().low();
    float[] high = model.normaliser().high();
    ReverseStep step =
        model.isMasked()
            ? ReverseStep.of(
                tf, denoiser, AnalogBits.bounds(low, -1), AnalogBits.bounds(high, 1), in)
            : ReverseStep.of(tf, denoiser, low, high, in);

    // Differentiate at the predicted clean windows, not through the denoiser.
    clean = tf.stopGradient(tf.dtypes.cast(step.clean(), TFloat32.class));
    Operand<TFloat32> oneHot =
        tf.oneHot(
            in.label(), tf.constant(model.spec().classes()), tf.constant(1f), tf.constant(0f));
    TargetClassifier<TFloat32> classifier =
        new TargetClassifier<>(
            tf,
            TFloat32.class,
            networks.classifier(),
            model.classifier(),
            model.spec().classes(),
            Layers.Order.FIRST);
    Influence<TFloat32> influence =
        new Influence<>(
            tf,
            TFloat32.class,
            classifier,
            networks.classifier(),
            networks.direction(),
            inputs(tf, model, clean),
            oneHot);
    influences = influence.values();
    Operand<TFloat64> gradient = tf.dtypes.cast(influence.gradient(), TFloat64.class);
    int steered = steered(model);
    if (steered < Layers.last(gradient)) {
      // Times since the last observation are no channels of the denoiser.
      gradient = part(tf, gradient, 0, steered);
    }
    Operand<TFloat64> direction = gradient;
    for (Guidance.Rule rule : Guidance.Rule.values()) {
      next.put(rule, step.next(tf, steering(rule.onGraph(), direction, weight)));
    }
  }

  /** Returns what the target classifier reads of clean windows of the denoiser. */
  private static Operand<TFloat32> inputs(Ops tf, TarDiffModel model, Operand<TFloat32> clean) {
    if (!model.isMasked()) {
      return clean;
    }
    int channels = model.spec().channels().size();
    return model
        .classifier()
        .inputs()
        .of(tf, part(tf, clean, 0, channels), part(tf, clean, channels, channels));
  }

  private static <T extends TNumber> Operand<T> part(
      Ops tf, Operand<T> x, int first, int channels) {
    return tf.slice(
        x, tf.constant(new int[] {0, 0, first}), tf.constant(new int[] {-1, -1, channels}));
  }

  /** Returns the number of channels that guidance moves: those that the classifier reads. */
  private static int steered(TarDiffModel model) {
    return model.classifier().inputs().readMasks()
        ? model.denoiserChannels()
        : model.spec().channels().size();
  }

  /** Moves the first channels, of which there is a gradient, and leaves the others as they are. */
  private static Steering steering(
      GuidanceRule rule, Operand<TFloat64> gradient, Operand<TFloat64> weight) {
    return (tf, predicted, unguided, coefficients) -> {
      int all = Math.toIntExact(Layers.last(unguided));
      int moved = Math.toIntExact(Layers.last(gradient));
      Operand<TFloat64> variance = coefficients.posteriorVariance();
      return moved == all
          ? rule.move(tf, unguided, gradient, variance, weight)
          : tf.concat(
              List.of(
                  rule.move(tf, part(tf, unguided, 0, moved), gradient, variance, weight),
                  part(tf, unguided, moved, all - moved)),
              tf.constant(2));
    };
  }

  /** Returns the less noisy windows, {@code [batch, steps, channels]}. */
  Operand<TFloat64> next(Guidance.Rule rule) {
    return next.get(rule);
  }

  /** Returns the predicted clean windows, which can also be fed. */
  Operand<TFloat32> clean() {
    return clean;
  }

  /** Returns the influence of the clean windows, {@code [batch]}. */
  Operand<TFloat32> influences() {
    return influences;
  }
}
