/**
 * Selection: of a larger pool of samples, the part that matches the real windows in what the target
 * classifier sees of them.
 *
 * <p>{@link io.tardiff.selection.SelectForTarget} is the transform. Its mathematics is in {@link
 * io.tardiff.influence.Herding} and {@link io.tardiff.influence.FourierFeatures}; here is what
 * streams windows through the classifier, adds up their embeddings in one fixed order, and herds
 * the parts of a pool side by side. Output is a {@link io.tardiff.synthetic.SyntheticSet} like any
 * other.
 */
package io.tardiff.selection;
