/**
 * Guided sampling: a model directory in, labelled synthetic windows and their ledger out.
 *
 * <p>{@link io.tardiff.generation.GenerateSyntheticEhr} is the transform. It cuts the wish (how
 * many samples of which label, with which guidance) into {@link io.tardiff.generation.SampleBatch
 * descriptors} of a few bytes, spreads them over the workers, and each worker's DoFn draws the
 * windows of a descriptor with a {@link io.tardiff.generation.GuidedSampler}: denoise, influence
 * gradient and update of one reverse step are one TensorFlow graph.
 *
 * <p>A sample is a pure function of the model, the configuration, the seed and its id. Noise is
 * drawn per (seed, id, step); batches are always filled up to one fixed size, for the last bits of
 * a row depend on the size of its batch and on nothing else in it. So a sample is the same on every
 * runner and beside any neighbours, a bundle that is executed twice gives the same records, and a
 * single sample can be drawn again from its {@link io.tardiff.generation.LedgerRecord}.
 *
 * <p>{@link io.tardiff.generation.ReadSynthetic} brings the windows of finished sets back into a
 * pipeline, for a sink or a step of its own.
 *
 * <p>{@link io.tardiff.generation.SelectForTarget} keeps of a pool of samples the part that matches
 * the real windows in what the target classifier sees of them. Its mathematics is in {@link
 * io.tardiff.influence.Herding} and {@link io.tardiff.influence.FourierFeatures}; here is what
 * streams windows through the classifier, adds up their embeddings in one fixed order, and herds
 * the parts of a pool side by side.
 *
 * <p>For others: {@link io.tardiff.generation.ExportSynthetic} and {@link
 * io.tardiff.generation.SyntheticToEvents} write sets as a cohort's export does, {@link
 * io.tardiff.generation.ExportSavedModels} the networks as TensorFlow SavedModels.
 */
package io.tardiff.generation;
