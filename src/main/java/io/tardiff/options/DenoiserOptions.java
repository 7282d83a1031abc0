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
      "What the denoiser computes: the noise itself, or the velocity, from which the noise follows."
          + " Velocity suits short trainings, where noise gives samples that vary too much; after"
          + " long ones its samples vary less than those of noise.")
  @Values(constantsOf = Prediction.class)
  String getPrediction();

  void setPrediction(String prediction);

  @Description("Training steps of the denoiser.")
  Integer getTrainingSteps();

  void setTrainingSteps(Integer steps);

  @Description("Windows in a training step.")
  Integer getBatchSize();

  void setBatchSize(Integer size);

  @Description("Largest learning rate of the denoiser; it warms up and then falls along a cosine.")
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

  @Description("Steps of the noise schedule.")
  Integer getNoiseSteps();

  void setNoiseSteps(Integer steps);

  @Description("How noise grows over the schedule.")
  @Values(constantsOf = NoiseSchedule.Kind.class)
  String getNoiseSchedule();

  void setNoiseSchedule(String schedule);

  @Description("Seconds between checkpoints, from which a killed run goes on.")
  Integer getCheckpointSeconds();

  void setCheckpointSeconds(Integer seconds);

  @Description(
      "Steps of the pipeline that the training of the denoiser is spread over, each at most"
          + " --roundMinutes long but for the last: for runners that give up on a worker whose one"
          + " element takes hours. The weights are the same with any number.")
  Integer getTrainingRounds();

  void setTrainingRounds(Integer rounds);

  @Description("Minutes after which a training round leaves the rest to the next.")
  Integer getRoundMinutes();

  void setRoundMinutes(Integer minutes);
}
