/**
 * The target classifier, and how much a candidate window would improve it.
 *
 * <p>A {@link io.tardiff.influence.TargetClassifier} f_phi is the clinical model that synthetic
 * windows are meant to improve. {@link io.tardiff.influence.GuidanceDirection} averages the
 * gradient of its loss over a guidance set: G, the direction in weight space that raises the
 * guidance loss fastest. {@link io.tardiff.influence.Influence} computes how far a training step on
 * a candidate (x, y) moves the weights against G, {@code J = <grad_phi loss(f_phi(x), y), G>}, and
 * dJ/dx, the direction in which to move x to raise J.
 *
 * <p>dJ/dx is a mixed second derivative. J is computed in forward mode as the slope of the loss
 * along G ({@link io.tardiff.tensorflow.ForwardAccumulator}) and then differentiated once in
 * reverse. This never forms a gradient in weight space, costs a fraction of differentiating twice
 * in reverse, and gives J for every row. Losses are summed over rows, never averaged or normalised
 * over the batch, so no row depends on its neighbours.
 *
 * <p>A {@link io.tardiff.influence.GuidanceRule} defines how the gradient enters a reverse step;
 * {@link io.tardiff.influence.Guidance.Rule} lists the rules. A new rule is a class and a constant
 * there. Of the reverse process, a rule knows only {@link io.tardiff.influence.GuidanceRule.Step}.
 *
 * <p>J is what one more window would do for a classifier of real windows. A set that replaces them
 * has to match them instead: {@link io.tardiff.influence.MomentFit} fits a vector lambda for each
 * class so that the mean {@link io.tardiff.influence.MomentFeatures} of samples, in the components
 * of {@link io.tardiff.influence.MomentBasis}, are those of real windows, and the rule moment
 * follows the gradient of {@code <lambda, phi>}.
 *
 * <p>{@link io.tardiff.influence.Purpose} is what a target asks for: windows that are added to real
 * ones, or that stand for them.
 *
 * <p>{@link io.tardiff.influence.Herding} selects samples instead of steering them, so that their
 * mean in {@link io.tardiff.influence.FourierFeatures} of the classifier's features is close to
 * that of real windows.
 *
 * <p>This package is independent of Beam and EHR.
 */
package io.tardiff.influence;
