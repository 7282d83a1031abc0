/**
 * The target classifier, and how much a candidate window would help it.
 *
 * <p>A {@link io.tardiff.influence.TargetClassifier} f_phi is the clinical model that synthetic
 * windows are to improve. {@link io.tardiff.influence.GuidanceDirection} averages the gradient of
 * its loss over a guidance set: G, the direction in weight space that raises the guidance loss
 * fastest. {@link io.tardiff.influence.Influence} asks of a candidate (x, y) how far a training
 * step on it would go the other way: {@code J = <grad_phi loss(f_phi(x), y), G>}, and in which
 * direction x must move to raise J.
 *
 * <p>J is a derivative of a derivative. Here it is taken as the slope of the loss along G ({@link
 * io.tardiff.tensorflow.ForwardAccumulator}), which one more gradient takes to x: no gradient in
 * weight space is ever formed, so it costs a fraction of differentiating twice in reverse, and the
 * J of every row comes along. Losses are summed over rows, never averaged or normalised over the
 * batch: what a row gets does not depend on its neighbours.
 *
 * <p>How that direction enters a reverse step is a {@link io.tardiff.influence.GuidanceRule}, one
 * class each, and {@link io.tardiff.influence.Guidance.Rule} is their list: a new rule is a class
 * and a constant there. They know nothing of the reverse process but the variance of a step.
 *
 * <p>{@link io.tardiff.influence.Herding} takes the other way: not to steer samples but to select
 * them, so that their mean in {@link io.tardiff.influence.FourierFeatures} of the classifier's
 * features comes close to that of real windows.
 *
 * <p>No Beam and no EHR here.
 */
package io.tardiff.influence;
