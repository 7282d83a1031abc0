package io.tardiff.options;

import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.Prediction;
import io.tardiff.training.DenoiserTraining;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The denoiser and its training. */
@Description("Denoiser")
public interface DenoiserOptions extends PipelineOptions {
  @Description(
      "Size of the denoiser: tiny (for trying things out), small (about 1.5 million weights, for"
          + " CPUs) or paper (the size of the TarDiff paper, for GPUs).")
  @Values({"tiny", "small", "paper"})
  String getDenoiser();

  void setDenoiser(String size);

  @Description(
      "What the denoiser makes of values that were not observed: filled windows, all of whose values"
          + " count as observed, or masks, which are made together with the values and say which are"
          + " observed. The gaps of samples with masks are filled like those of the cohort. A cohort"
          + " without gaps gives filled windows either way. Use the prediction velocity with masks: with"
          + " noise, values vary too much.")
  @Values(constantsOf = DenoiserTraining.Missingness.class)
  String getMissingness();

  void setMissingness(String missingness);

  @Description(
      "Whether samples get static covariates (age, sex, height, weight, or those of the cohort),"
          + " made together with their values and labels. Without it, or without any in the cohort,"
          + " samples have none.")
  Boolean getGenerateStatics();

  void setGenerateStatics(Boolean generate);

  @Description(
      "What the denoiser predicts: the noise, or the velocity, from which the noise follows."
          + " Velocity is better for short trainings, where samples of a noise model vary too much;"
          + " after long trainings its samples vary less than those of a noise model.")
  @Values(constantsOf = Prediction.class)
  String getPrediction();

  void setPrediction(String prediction);

  @Description("Training steps of the denoiser.")
  Integer getTrainingSteps();

  void setTrainingSteps(Integer steps);

  @Description("Windows per training step.")
  Integer getBatchSize();

  void setBatchSize(Integer size);

  @Description("Peak learning rate of the denoiser, with warm-up and cosine decay.")
  Double getLearningRate();

  void setLearningRate(Double rate);

  @Description(
      "Loss between the noise and its prediction: mean absolute (l1) or squared (l2) error.")
  @Values(constantsOf = DenoiserTraining.Loss.class)
  String getLoss();

  void setLoss(String loss);

  @Description("Decay of the moving average of the weights that sampling uses, 0 to below 1.")
  Double getEmaDecay();

  void setEmaDecay(Double decay);

  @Description(
      "Share of the labels, 0 to below 1, that training replaces by the null class, which stands for"
          + " any label and which --labelGuidance needs. Default: 0.1 if the cohort has windows"
          + " without a label, which have the null class, else 0.")
  Double getLabelDropout();

  void setLabelDropout(Double share);

  @Description("Number of steps of the noise schedule.")
  Integer getNoiseSteps();

  void setNoiseSteps(Integer steps);

  @Description("Shape of the noise schedule.")
  @Values(constantsOf = NoiseSchedule.Kind.class)
  String getNoiseSchedule();

  void setNoiseSchedule(String schedule);

  @Description("Seconds between checkpoints, from which a killed run resumes.")
  Integer getCheckpointSeconds();

  void setCheckpointSeconds(Integer seconds);

  @Description(
      "Number of pipeline steps over which the training of the denoiser is spread, each at most"
          + " --roundMinutes long except the last. For runners that give up on a worker if one"
          + " element takes hours. The weights do not depend on it.")
  Integer getTrainingRounds();

  void setTrainingRounds(Integer rounds);

  @Description("Minutes after which a training round hands over to the next.")
  Integer getRoundMinutes();

  void setRoundMinutes(Integer minutes);

  @Description(
      "Number of workers that train the denoiser together. Each has its own files of the train"
          + " split and takes its share of the training steps, and they average their weights from"
          + " time to time (DiLoCo), so that training takes a fraction of the time. The weights"
          + " depend on this number. Use 1 unless the cohort and the network are large.")
  Integer getTrainers();

  void setTrainers(Integer trainers);

  @Description(
      "Steps that each of several trainers takes between two exchanges of weights: a round, which is"
          + " a pipeline step and the most that a lost worker costs.")
  @Conditional
  Integer getLocalSteps();

  void setLocalSteps(Integer steps);

  @Description(
      "Learning rate, above 0 to 1, of the step that the common weights take towards the mean of"
          + " several trainers after a round.")
  @Conditional
  Double getOuterLearningRate();

  void setOuterLearningRate(Double rate);

  @Description(
      "Momentum of that step, 0 to below 1; 0 with a learning rate of 1 is plain averaging.")
  @Conditional
  Double getOuterMomentum();

  void setOuterMomentum(Double momentum);
}
