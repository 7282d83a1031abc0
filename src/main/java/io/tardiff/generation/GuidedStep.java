package io.tardiff.generation;

import io.tardiff.diffusion.Denoiser;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.diffusion.Steering;
import io.tardiff.influence.ClassifierInputOps;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.GuidanceRule;
import io.tardiff.influence.Influence;
import io.tardiff.influence.MomentFeatures;
import io.tardiff.influence.TargetClassifier;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.training.DenoiserLayoutOps;
import io.tardiff.training.TarDiffModel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * A {@link ReverseStep} of a model on a graph, with one result per {@link Guidance.Rule}. Rules use
 * a gradient at the predicted clean windows in float32: that of the influence, {@code d/dx0 sum_i
 * J(x0_i, y_i)}, or that of the tilt, {@code d/dx0 sum_i <a_(y_i), features(x0_i)>}. A run computes
 * only what it fetches, so an unguided run computes no gradient.
 */
final class GuidedStep {

  /** The weights of the denoiser and the target classifier, and G. */
  record Networks(
      Parameters<TFloat32> denoiser,
      Parameters<TFloat32> classifier,
      Parameters<TFloat32> direction) {}

  /**
   * What moment guidance needs.
   *
   * @param classifiers the weights of the target classifier at the points of its training
   * @param coefficients {@code [classes, features]}
   */
  record Tilt(List<Parameters<TFloat32>> classifiers, Operand<TFloat32> coefficients) {}

  private final Operand<TFloat32> clean;
  private final Operand<TFloat32> influences;
  private final @Nullable MomentFeatures<TFloat32> features;
  private final Map<Guidance.Rule, Operand<TFloat64>> next = new EnumMap<>(Guidance.Rule.class);

  /**
   * @param weight the weight of the rule in this step, a scalar
   * @param tilt null without moment guidance
   */
  GuidedStep(
      Ops tf,
      TarDiffModel model,
      Networks networks,
      ReverseStep.Inputs in,
      Operand<TFloat64> weight,
      @Nullable Tilt tilt) {
    Denoiser<TFloat32> denoiser =
        new Denoiser<>(
            tf,
            TFloat32.class,
            networks.denoiser(),
            model.denoiser().network(),
            model.denoiserLabels(),
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
    Operand<TFloat32> inputs = inputs(tf, model, clean);
    Influence<TFloat32> influence =
        new Influence<>(
            tf,
            TFloat32.class,
            classifier(tf, model, networks.classifier()),
            networks.classifier(),
            networks.direction(),
            inputs,
            oneHot);
    influences = influence.values();
    Operand<TFloat64> ofInfluence = steered(tf, model, influence.gradient());
    for (Guidance.Rule rule : Guidance.Rule.values()) {
      if (!rule.matchesMoments()) {
        next.put(rule, step.next(tf, steering(rule.onGraph(), ofInfluence, weight)));
      }
    }
    if (tilt == null) {
      features = null;
    } else {
      features =
          new MomentFeatures<>(
              tf,
              TFloat32.class,
              tilt.classifiers().stream().map(phi -> classifier(tf, model, phi)).toList(),
              inputs,
              model.spec().channels().size());
      Operand<TFloat32> gradient = features.gradient(tilt.coefficients(), oneHot);
      next.put(
          Guidance.Rule.MOMENT,
          step.next(
              tf, steering(Guidance.Rule.MOMENT.onGraph(), steered(tf, model, gradient), weight)));
    }
  }

  private static TargetClassifier<TFloat32> classifier(
      Ops tf, TarDiffModel model, Parameters<TFloat32> weights) {
    return new TargetClassifier<>(
        tf,
        TFloat32.class,
        weights,
        model.classifier(),
        model.spec().classes(),
        Layers.Order.FIRST);
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

  /**
   * Returns the gradient of the channels that guidance moves, which are the first: those that the
   * classifier reads and the denoiser makes. Times since the last observation are not made.
   */
  private static Operand<TFloat64> steered(Ops tf, TarDiffModel model, Operand<TFloat32> gradient) {
    int channels = model.spec().channels().size();
    int moved = model.classifier().inputs().readMasks() ? 2 * channels : channels;
    Operand<TFloat64> cast = tf.dtypes.cast(gradient, TFloat64.class);
    return moved < Layers.last(cast) ? DenoiserLayoutOps.channels(tf, cast, 0, moved) : cast;
  }

  /** Moves the first channels, of which there is a gradient, and leaves the others as they are. */
  private static Steering steering(
      GuidanceRule rule, Operand<TFloat64> gradient, Operand<TFloat64> weight) {
    return (tf, predicted, unguided, coefficients) -> {
      int moved = Math.toIntExact(Layers.last(gradient));
      int others = Math.toIntExact(Layers.last(unguided)) - moved;
      GuidanceRule.Step step =
          new GuidanceRule.Step(coefficients.posteriorVariance(), coefficients.fromClean(), weight);
      return others == 0
          ? rule.move(tf, unguided, gradient, step)
          : tf.concat(
              List.of(
                  rule.move(tf, DenoiserLayoutOps.channels(tf, unguided, 0, moved), gradient, step),
                  DenoiserLayoutOps.channels(tf, unguided, moved, others)),
              tf.constant(2));
    };
  }

  /** Returns the rules by which windows can be steered: moment only with a tilt. */
  Set<Guidance.Rule> rules() {
    return next.keySet();
  }

  /** Returns the less noisy windows, {@code [batch, steps, channels]}. */
  Operand<TFloat64> next(Guidance.Rule rule) {
    return next.get(rule);
  }

  /** Returns the features of the clean windows, {@code [batch, features]}; needs a tilt. */
  Operand<TFloat32> features() {
    return features.values();
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
