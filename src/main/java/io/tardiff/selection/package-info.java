/**
 * Selection: chooses from a larger pool of samples the part that matches the real windows in the
 * features of the target classifier.
 *
 * <p>{@link io.tardiff.selection.SelectForTarget} is the transform. The mathematics is in {@link
 * io.tardiff.influence.Herding} and {@link io.tardiff.influence.FourierFeatures}; this package
 * streams windows through the classifier, sums their embeddings in a fixed order, and herds the
 * parts of a pool in parallel. The output is a {@link io.tardiff.synthetic.SyntheticSet} like any
 * other.
 */
package io.tardiff.selection;
