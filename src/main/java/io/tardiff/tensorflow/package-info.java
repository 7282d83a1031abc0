/**
 * A thin layer on TensorFlow Java: what a network needs and nothing about diffusion, EHR or Beam.
 *
 * <p>Everything runs in graph mode. {@link io.tardiff.tensorflow.Layers} writes a network onto a
 * graph and keeps its weights in {@link io.tardiff.tensorflow.Parameters}; {@link
 * io.tardiff.tensorflow.GradientTape} adds derivatives, nested for second order; {@link
 * io.tardiff.tensorflow.Adam} adds an update; a {@link io.tardiff.tensorflow.GraphSession} runs it.
 * Weights travel as {@link io.tardiff.tensorflow.Weights}, Avro records of name, shape and numbers:
 * exact, small and readable without TensorFlow. The graph itself is not saved with them, it is
 * built again from the configuration; {@link io.tardiff.tensorflow.SavedModelGraph} is for other
 * programs.
 *
 * <p>Two facts about TensorFlow's C++ gradients shape this package. Several ops (Tanh, Sigmoid,
 * Conv2D, ...) have a first derivative only and a few have a silently wrong second one; so layers
 * come in two {@link io.tardiff.tensorflow.Layers.Order orders}, and whatever is differentiated
 * twice is composed of ops that are right in both. And a graph is not cheap to build; so it is
 * built once per model and JVM, and shared ({@link io.tardiff.tensorflow.SharedSessions}).
 *
 * <p>All layers are generic in the float type: networks run in float32, their tests against finite
 * differences in float64.
 */
@Internal
package io.tardiff.tensorflow;

import org.apache.beam.sdk.annotations.Internal;
