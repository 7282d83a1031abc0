/**
 * Training in a pipeline: reads a cohort directory and writes a model directory.
 *
 * <p>{@link io.tardiff.training.TrainModels} is the transform. One element, the cohort, goes to two
 * workers: one trains the denoiser, streaming the train split from its files ({@code
 * ShuffledWindows}; a GroupByKey would bring all windows to one worker's memory) and writing
 * checkpoints; the other trains the target classifier and takes the guidance direction after every
 * epoch. The denoiser may take its time in several rounds, each a transform of its own. Each leaves
 * its part in the model directory under the run's id, so a bundle that is executed again finds
 * finished work if its files are undamaged and continues unfinished work. The last step joins the
 * parts into {@code model.json} and writes the manifest; {@link io.tardiff.training.TarDiffModel}
 * reads the directory.
 *
 * <p>The training loops ({@code DenoiserTrainer}, {@link io.tardiff.training.ClassifierTrainer})
 * are independent of pipelines; {@link io.tardiff.training.ClassifierTrainer} also fits the
 * downstream models of an evaluation. Results are a pure function of data, configuration and seed.
 *
 * <p>{@link io.tardiff.training.DenoiserLayout} says what the channels of a denoiser are: values,
 * observation masks, static covariates. A static covariate is one number, so it has one noise, held
 * constant over time. With noise of its own at each step, the mean over time of a long window would
 * show it at every noise step, and the correction of the variance, which is per number, would not
 * reach that mean.
 *
 * <p>Squared error is the default loss of the denoiser because the reverse process assumes that the
 * predicted noise is a mean. Absolute error predicts a median, which pulls samples towards the most
 * common value of mostly imputed channels.
 */
package io.tardiff.training;
