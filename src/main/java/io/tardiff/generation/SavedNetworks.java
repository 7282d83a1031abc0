package io.tardiff.generation;

import io.tardiff.cohort.ChannelScale;
import io.tardiff.cohort.StaticCovariate;
import io.tardiff.diffusion.Denoiser;
import io.tardiff.diffusion.ReverseProcess;
import io.tardiff.diffusion.ReverseStep;
import io.tardiff.influence.ClassifierInputOps;
import io.tardiff.influence.Guidance;
import io.tardiff.influence.TargetClassifier;
import io.tardiff.tensorflow.Layers;
import io.tardiff.tensorflow.Parameters;
import io.tardiff.tensorflow.SavedModelGraph;
import io.tardiff.training.DenoiserLayout;
import io.tardiff.training.DenoiserLayoutOps;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * The graphs of {@link ExportSavedModels}, in a separate class so that launchers do not need
 * TensorFlow.
 */
final class SavedNetworks {
  static final List<String> NAMES = List.of("denoiser", "classifier", "sampler");

  private static final Class<TFloat32> FLOAT = TFloat32.class;

  private SavedNetworks() {}

  /** Writes the SavedModel of a network, one of {@link #NAMES}. */
  static void write(String network, TarDiffModel model, GenerationConfig config, OutputStream out)
      throws IOException {
    try (SavedModelGraph graph = new SavedModelGraph()) {
      switch (network) {
        case "denoiser" -> denoiser(graph, model);
        case "classifier" -> classifier(graph, model, config);
        case "sampler" -> sampler(graph, model, config);
        default -> throw new IllegalArgumentException("network must be one of " + NAMES);
      }
      graph.write(out);
    }
  }

  private static Shape windows(TarDiffModel model) {
    return Shape.of(-1, model.spec().steps(), model.spec().channels().size());
  }

  /** The shape of what the denoiser sees: values, masks, static covariates. */
  private static Shape noisy(TarDiffModel model) {
    return Shape.of(-1, model.spec().steps(), model.layout().width());
  }

  private static void denoiser(SavedModelGraph graph, TarDiffModel model) {
    Operand<TFloat32> x = graph.input("x", FLOAT, noisy(model));
    Operand<TInt32> noiseStep = graph.input("noise_step", TInt32.class, Shape.of(-1));
    Operand<TInt32> label = graph.input("label", TInt32.class, Shape.of(-1));
    Denoiser<TFloat32> denoiser =
        new Denoiser<>(
            graph.ops(),
            FLOAT,
            Parameters.fixed(graph.ops(), FLOAT, model.denoiserWeights()),
            model.denoiser().network(),
            model.denoiserLabels(),
            model.denoiser().noiseSchedule(),
            model.layout().constant());
    graph.signature(
        SavedModelGraph.DEFAULT,
        Map.of("x", x, "noise_step", noiseStep, "label", label),
        Map.of("noise", denoiser.noise(x, noiseStep, label)));
  }

  private static void classifier(
      SavedModelGraph graph, TarDiffModel model, GenerationConfig config) {
    Ops tf = graph.ops();
    Operand<TFloat32> values = graph.input("values", FLOAT, windows(model));
    int epoch = config.guidanceEpoch(model);
    TargetClassifier<TFloat32> classifier =
        new TargetClassifier<>(
            tf,
            FLOAT,
            Parameters.fixed(tf, FLOAT, model.classifierWeights(epoch)),
            model.classifier(),
            model.spec().classes(),
            Layers.Order.FIRST);
    Operand<TFloat32> normalised = new NormaliserOps(tf, model.normaliser()).normalise(values);
    Map<String, Operand<?>> inputs = new HashMap<>(Map.of("values", values));
    if (model.classifier().inputs().readMasks()) {
      Operand<TBool> mask = graph.input("mask", TBool.class, windows(model));
      inputs.put("mask", mask);
      Operand<TFloat32> bits =
          tf.math.sub(tf.math.mul(tf.dtypes.cast(mask, FLOAT), tf.constant(2f)), tf.constant(1f));
      normalised = ClassifierInputOps.of(tf, model.classifier().inputs(), normalised, bits);
    }
    Operand<TFloat32> logits = classifier.logits(normalised);
    graph.signature(
        SavedModelGraph.DEFAULT,
        inputs,
        Map.of("logits", logits, "probabilities", tf.nn.softmax(logits)));
  }

  private static void sampler(SavedModelGraph graph, TarDiffModel model, GenerationConfig config) {
    config.checkLabelGuidance(model);
    Ops tf = graph.ops();
    Operand<TFloat64> x = graph.input("x", TFloat64.class, noisy(model));
    Operand<TFloat32> noise = graph.input("noise", FLOAT, noisy(model));
    Operand<TInt32> label = graph.input("label", TInt32.class, Shape.of(-1));
    Operand<TInt32> number = graph.input("step", TInt32.class, Shape.scalar());
    Operand<TFloat64> scale = graph.input("scale", TFloat64.class, Shape.scalar());

    List<ReverseProcess.Step> steps = GuidedSampler.process(model, config).steps();
    int[] noiseSteps = steps.stream().mapToInt(ReverseProcess.Step::noiseStep).toArray();
    double[][] scalars =
        steps.stream().map(ReverseStep.Coefficients::scalars).toArray(double[][]::new);
    double[][] deviations =
        steps.stream().map(ReverseProcess.Step::deviation).toArray(double[][]::new);
    Operand<TInt32> first = tf.constant(0);
    int epoch = config.guidanceEpoch(model);
    GuidedStep step =
        new GuidedStep(
            tf,
            model,
            new GuidedStep.Networks(
                Parameters.fixed(tf, FLOAT, model.denoiserWeights()),
                Parameters.fixed(tf, FLOAT, model.classifierWeights(epoch)),
                Parameters.fixed(tf, FLOAT, model.guidanceDirection(epoch))),
            new ReverseStep.Inputs(
                // Callers need not know which channels are constant over time.
                DenoiserLayoutOps.holdConstant(tf, model.layout(), x),
                DenoiserLayoutOps.holdConstant(tf, model.layout(), noise),
                label,
                config.labelGuidance(),
                tf.fill(tf.shape(label), tf.gather(tf.constant(noiseSteps), number, first)),
                ReverseStep.Coefficients.of(
                    tf,
                    tf.gather(tf.constant(scalars), number, first),
                    tf.gather(tf.constant(deviations), number, first))),
            scale,
            null);
    for (Guidance.Rule rule : step.rules()) {
      boolean guided = rule != Guidance.Rule.NONE;
      Map<String, Operand<?>> inputs =
          guided
              ? Map.of("x", x, "noise", noise, "label", label, "step", number, "scale", scale)
              : Map.of("x", x, "noise", noise, "label", label, "step", number);
      graph.signature(guided ? rule.label() : "unguided", inputs, Map.of("x", step.next(rule)));
    }
    graph.signature("clinical", Map.of("x", x), clinical(tf, model, tf.dtypes.cast(x, FLOAT)));
  }

  /** Returns values and static covariates in clinical units, NaN where they are not observed. */
  private static Map<String, Operand<?>> clinical(Ops tf, TarDiffModel model, Operand<TFloat32> x) {
    NormaliserOps normaliser = new NormaliserOps(tf, model.normaliser());
    int channels = model.spec().channels().size();
    Map<String, Operand<?>> clinical = new HashMap<>();
    Operand<TFloat32> values =
        round(
            tf,
            model.scales(),
            normaliser.denormalise(
                model.layout().width() == channels
                    ? x
                    : DenoiserLayoutOps.channels(tf, x, 0, channels)));
    if (model.isMasked()) {
      Operand<TBool> mask =
          tf.math.greater(DenoiserLayoutOps.channels(tf, x, channels, channels), tf.constant(0f));
      clinical.put("mask", mask);
      values = tf.select(mask, values, unknown(tf, values));
    }
    clinical.put("values", values);
    if (model.hasStatics()) {
      clinical.put("statics", statics(tf, model, x));
    }
    return clinical;
  }

  private static Operand<TFloat32> unknown(Ops tf, Operand<TFloat32> like) {
    return tf.fill(tf.shape(like), tf.constant(Float.NaN));
  }

  /** Does the same as {@link DenoiserLayout#statics(float[])}, {@code [batch, statics]}. */
  private static Operand<TFloat32> statics(Ops tf, TarDiffModel model, Operand<TFloat32> x) {
    // They are constant over time.
    Operand<TFloat32> first =
        tf.squeeze(
            tf.slice(x, tf.constant(new int[] {0, 0, 0}), tf.constant(new int[] {-1, 1, -1})),
            Squeeze.axis(List.of(1L)));
    List<Operand<TFloat32>> columns = new ArrayList<>();
    for (DenoiserLayout.Placed placed : model.layout().statics()) {
      columns.add(
          placed.width() == 0
              ? unknown(tf, columns(tf, first, 0, 1))
              : clinical(tf, placed, columns(tf, first, placed.first(), placed.width())));
    }
    return tf.concat(columns, tf.constant(1));
  }

  /**
   * @param x the channels of the covariate, {@code [batch, width]}
   */
  private static Operand<TFloat32> clinical(
      Ops tf, DenoiserLayout.Placed placed, Operand<TFloat32> x) {
    StaticCovariate covariate = placed.covariate();
    if (covariate.isCategorical()) {
      float[] categories = new float[placed.width()];
      Arrays.fill(categories, Float.NaN);
      for (int c = 0; c < covariate.categories().size(); c++) {
        categories[c] = covariate.categories().get(c).floatValue();
      }
      Operand<TInt32> largest = tf.math.argMax(x, tf.constant(1), TInt32.class);
      return tf.expandDims(
          tf.gather(tf.constant(categories), largest, tf.constant(0)), tf.constant(1));
    }
    Operand<TFloat64> value =
        tf.math.add(
            tf.constant(covariate.mean()),
            tf.math.mul(
                tf.dtypes.cast(columns(tf, x, 0, 1), TFloat64.class),
                tf.constant(covariate.standardDeviation())));
    double resolution = covariate.scale().resolution();
    if (resolution > 0) {
      Operand<TFloat64> divisor = tf.constant(resolution);
      value = tf.math.mul(tf.math.rint(tf.math.div(value, divisor)), divisor);
    }
    Operand<TFloat32> rounded =
        tf.dtypes.cast(
            tf.math.maximum(
                tf.constant(covariate.scale().low()),
                tf.math.minimum(value, tf.constant(covariate.scale().high()))),
            FLOAT);
    return covariate.isSometimesMissing()
        ? tf.select(
            tf.math.greater(columns(tf, x, 1, 1), tf.constant(0f)), rounded, unknown(tf, rounded))
        : rounded;
  }

  private static Operand<TFloat32> columns(Ops tf, Operand<TFloat32> x, int first, int count) {
    return tf.slice(x, tf.constant(new int[] {0, first}), tf.constant(new int[] {-1, count}));
  }

  /**
   * Does the same as {@link ChannelScale#round(List, float[])}, {@code [batch, steps, channels]}.
   */
  static Operand<TFloat32> round(Ops tf, List<ChannelScale> scales, Operand<TFloat32> x) {
    if (scales.stream().allMatch(scale -> scale.resolution() == 0)) {
      return x;
    }
    double[] resolution = new double[scales.size()];
    double[] low = new double[scales.size()];
    double[] high = new double[scales.size()];
    boolean[] isContinuous = new boolean[scales.size()];
    for (int c = 0; c < scales.size(); c++) {
      ChannelScale scale = scales.get(c);
      isContinuous[c] = scale.resolution() == 0;
      resolution[c] = isContinuous[c] ? 1 : scale.resolution();
      low[c] = scale.low();
      high[c] = scale.high();
    }
    Operand<TFloat64> divisor = tf.constant(resolution);
    Operand<TFloat64> nearest =
        tf.math.mul(tf.math.rint(tf.math.div(tf.dtypes.cast(x, TFloat64.class), divisor)), divisor);
    Operand<TFloat64> rounded =
        tf.math.maximum(tf.constant(low), tf.math.minimum(nearest, tf.constant(high)));
    return tf.select(
        tf.broadcastTo(tf.constant(isContinuous), tf.shape(x)), x, tf.dtypes.cast(rounded, FLOAT));
  }
}
