/**
 * Guided sampling: draws labelled synthetic windows and their ledger from a model.
 *
 * <p>{@link io.tardiff.generation.GenerateSyntheticEhr} is the transform. It splits the samples to
 * draw into {@link io.tardiff.generation.SampleBatch batch descriptors} of a few bytes and
 * distributes them over the workers, where a {@link io.tardiff.generation.GuidedSampler} draws
 * their windows. It combines the {@link io.tardiff.diffusion.ReverseStep} of the diffusion model
 * and the rules of {@link io.tardiff.influence.Guidance} in one TensorFlow graph ({@link
 * io.tardiff.generation.GuidedStep}).
 *
 * <p>A sample is a pure function of the model, the configuration, the seed and its id. Noise is
 * drawn per (seed, id, step). Batches are padded to a fixed size, because the last bits of a row
 * depend on the size of its batch, though on nothing else in it. A sample is therefore the same on
 * every runner and next to any others, a retried bundle gives the same records, and a single sample
 * can be drawn again from its {@link io.tardiff.synthetic.LedgerRecord}.
 *
 * <p>Moment guidance is fitted before, by {@link io.tardiff.generation.FitMoments}: in rounds, each
 * a few transforms, that draw pilots with the same sampler. The fit, {@link
 * io.tardiff.generation.Moments}, is kept in the set.
 *
 * <p>Soft labels are fitted before too, by {@link io.tardiff.generation.FitTeacher}, and given by
 * the workers that sample, because a label depends on nothing but the window and the teacher. The
 * weights of the teacher travel with the pipeline and end in every set, so that a set explains its
 * labels by itself.
 *
 * <p>{@link io.tardiff.generation.ExportSavedModels} exports the networks as TensorFlow SavedModels
 * for other programs.
 */
package io.tardiff.generation;
