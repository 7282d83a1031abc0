/**
 * A thin layer on TensorFlow Java: layers, gradients, an optimiser, weights and devices. It knows
 * nothing about diffusion, EHR or Beam.
 *
 * <p>Everything runs in graph mode. {@link io.tardiff.tensorflow.Layers} adds a network to a graph
 * and keeps its weights in {@link io.tardiff.tensorflow.Parameters}; {@link
 * io.tardiff.tensorflow.GradientTape} adds derivatives, nested for second order; {@link
 * io.tardiff.tensorflow.Adam} adds an update; a {@link io.tardiff.tensorflow.GraphSession} runs it.
 * {@link io.tardiff.tensorflow.Weights} are stored as Avro records of name, shape and values:
 * exact, small and readable without TensorFlow. The graph is not stored with them but rebuilt from
 * the configuration; {@link io.tardiff.tensorflow.SavedModelGraph} exports one for other programs.
 *
 * <p>Two facts about TensorFlow's C++ gradients shape this package. Several ops (Tanh, Sigmoid,
 * Conv2D, ...) have only a first derivative, and a few have a silently wrong second one, so layers
 * come in two {@link io.tardiff.tensorflow.Layers.Order orders}, and a network that is
 * differentiated twice in reverse consists of ops that are correct in both. Graphs are expensive to
 * build, so each is built once per model and JVM and shared ({@link
 * io.tardiff.sharing.SharedInstances}).
 *
 * <p>All layers are generic in the float type: networks run in float32, and tests compare them with
 * finite differences in float64.
 */
@Internal
package io.tardiff.tensorflow;

import org.apache.beam.sdk.annotations.Internal;
