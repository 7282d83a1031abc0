/**
 * Guided sampling: a model in, labelled synthetic windows and their ledger out.
 *
 * <p>{@link io.tardiff.generation.GenerateSyntheticEhr} is the transform. It cuts the request (how
 * many samples of which label, with which guidance) into {@link io.tardiff.generation.SampleBatch
 * descriptors} of a few bytes, spreads them over the workers, and each worker's DoFn draws the
 * windows of a descriptor with a {@link io.tardiff.generation.GuidedSampler}. Its steps are those
 * of {@link io.tardiff.diffusion.ReverseStep}, steered by the rules of {@link
 * io.tardiff.influence.Guidance}; here the two meet, in one TensorFlow graph ({@link
 * io.tardiff.generation.GuidedStep}).
 *
 * <p>A sample is a pure function of the model, the configuration, the seed and its id. Noise is
 * drawn per (seed, id, step); batches are always filled up to one fixed size, for the last bits of
 * a row depend on the size of its batch and on nothing else in it. So a sample is the same on every
 * runner and beside any neighbours, a bundle that is executed twice gives the same records, and a
 * single sample can be drawn again from its {@link io.tardiff.synthetic.LedgerRecord}.
 *
 * <p>{@link io.tardiff.generation.ExportSavedModels} writes the networks as TensorFlow SavedModels,
 * for other programs.
 */
package io.tardiff.generation;
