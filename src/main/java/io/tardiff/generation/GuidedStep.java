package io.tardiff.generation;

import io.tardiff.diffusion.Denoiser;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.diffusion.Steering;
import io.tardiff.influence.ClassifierInputOps;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.GuidanceRule;
import io.tardiff.influence.Influence;
import io.tardiff.influence.TargetClassifier;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.training.DenoiserLayoutOps;
import io.tardiff.training.TarDiffModel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

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
            model.denoiser().noiseSchedule(),
            model.layout().constant());
    ReverseStep step =
        ReverseStep.of(
            tf,
            denoiser,
            model.layout().low(model.normaliser()),
            model.layout().high(model.normaliser()),
            in);

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
      gradient = DenoiserLayoutOps.channels(tf, gradient, 0, steered);
    }
    Operand<TFloat64> direction = gradient;
    for (Guidance.Rule rule : Guidance.Rule.values()) {
      next.put(
          rule,
          step.next(
              tf, steering(rule.onGraph(), direction, weight, model.layout().width() - steered)));
    }
  }

  /** Returns what the target classifier reads of clean windows of the denoiser. */
  private static Operand<TFloat32> inputs(Ops tf, TarDiffModel model, Operand<TFloat32> clean) {
    int channels = model.spec().channels().size();
    if (model.layout().width() == channels) {
      return clean;
    }
    Operand<TFloat32> values = DenoiserLayoutOps.channels(tf, clean, 0, channels);
    return model.isMasked()
        ? ClassifierInputOps.of(
            tf,
            model.classifier().inputs(),
            values,
            DenoiserLayoutOps.channels(tf, clean, channels, channels))
        : values;
  }

  /** Returns the number of channels that guidance moves: those that the classifier reads. */
  private static int steered(TarDiffModel model) {
    int channels = model.spec().channels().size();
    return model.classifier().inputs().readMasks() ? 2 * channels : channels;
  }

  /** Moves the first channels, of which there is a gradient, and leaves the others as they are. */
  private static Steering steering(
      GuidanceRule rule, Operand<TFloat64> gradient, Operand<TFloat64> weight, int others) {
    return (tf, predicted, unguided, coefficients) -> {
      int moved = Math.toIntExact(Layers.last(gradient));
      Operand<TFloat64> variance = coefficients.posteriorVariance();
      return others == 0
          ? rule.move(tf, unguided, gradient, variance, weight)
          : tf.concat(
              List.of(
                  rule.move(
                      tf,
                      DenoiserLayoutOps.channels(tf, unguided, 0, moved),
                      gradient,
                      variance,
                      weight),
                  DenoiserLayoutOps.channels(tf, unguided, moved, others)),
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
