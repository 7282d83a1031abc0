/**
 * Training in a pipeline: reads a cohort directory and writes a model directory.
 *
 * <p>{@link io.tardiff.training.TrainModels} is the transform. It sends one element, the cohort, to
 * two workers. One trains the denoiser, streaming the train split from its files ({@code
 * ShuffledWindows}; a GroupByKey would collect all windows in the memory of one worker) and writing
 * checkpoints. The other trains the target classifier and computes the guidance direction for every
 * epoch. Training of the denoiser can be spread over several rounds, each a separate transform.
 * Each part is written to the model directory with the id of the run, so a repeated bundle keeps
 * finished work and continues unfinished work. The last step joins the parts into {@code
 * model.json}; {@link io.tardiff.training.TarDiffModel} reads the directory.
 *
 * <p>The training loops ({@code DenoiserTrainer}, {@link io.tardiff.training.ClassifierTrainer})
 * are independent of pipelines; {@link io.tardiff.training.ClassifierTrainer} also fits the
 * downstream models of an evaluation. Results are a pure function of data, configuration and seed.
 *
 * <p>Squared error is the default loss of the denoiser because the reverse process assumes that the
 * predicted noise is a mean. Absolute error predicts a median, which pulls samples towards the most
 * common value of mostly imputed channels.
 */
package io.tardiff.training;
