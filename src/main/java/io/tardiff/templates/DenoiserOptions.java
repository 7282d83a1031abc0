package io.tardiff.templates;

import io.tardiff.diffusion.NoiseSchedule;
import io.tardiff.diffusion.Prediction;
import io.tardiff.training.DenoiserTraining;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The denoiser and its training. */
@Description("Denoiser")
public interface DenoiserOptions extends PipelineOptions {
  @Description(
      "Size of the denoiser: tiny (for trying things out), small (about 1.5 million weights, for"
          + " CPUs) or paper (the size of the TarDiff paper, for GPUs).")
  @Default.String("small")
  @Values({"tiny", "small", "paper"})
  String getDenoiser();

  void setDenoiser(String size);

  @Description(
      "What the denoiser computes: the noise itself, or the velocity, from which the noise follows."
          + " Velocity suits short trainings, where noise gives samples that vary too much; after"
          + " long ones its samples vary less than those of noise.")
  @Default.String("noise")
  @Values(constantsOf = Prediction.class)
  String getPrediction();

  void setPrediction(String prediction);

  @Description("Training steps of the denoiser.")
  @Default.Integer(4000)
  Integer getTrainingSteps();

  void setTrainingSteps(Integer steps);

  @Description("Windows in a training step.")
  @Default.Integer(128)
  Integer getBatchSize();

  void setBatchSize(Integer size);

  @Description("Largest learning rate of the denoiser; it warms up and then falls along a cosine.")
  @Default.Double(5e-4)
  Double getLearningRate();

  void setLearningRate(Double rate);

  @Description(
      "Loss between the noise and its prediction: mean absolute (l1) or squared (l2) error.")
  @Default.String("l2")
  @Values(constantsOf = DenoiserTraining.Loss.class)
  String getLoss();

  void setLoss(String loss);

  @Description("Decay of the moving average of the weights that sampling uses, 0 to below 1.")
  @Default.Double(0.999)
  Double getEmaDecay();

  void setEmaDecay(Double decay);

  @Description("Steps of the noise schedule.")
  @Default.Integer(200)
  Integer getNoiseSteps();

  void setNoiseSteps(Integer steps);

  @Description("How noise grows over the schedule.")
  @Default.String("linear")
  @Values(constantsOf = NoiseSchedule.Kind.class)
  String getNoiseSchedule();

  void setNoiseSchedule(String schedule);

  @Description("Seconds between checkpoints, from which a killed run goes on.")
  @Default.Integer(60)
  @Operational
  Integer getCheckpointSeconds();

  void setCheckpointSeconds(Integer seconds);

  @Description(
      "Steps of the pipeline that the training of the denoiser is spread over, each at most"
          + " --roundMinutes long but for the last: for runners that give up on a worker whose one"
          + " element takes hours. The weights are the same with any number.")
  @Default.Integer(1)
  @Operational
  Integer getTrainingRounds();

  void setTrainingRounds(Integer rounds);

  @Description("Minutes after which a training round leaves the rest to the next.")
  @Default.Integer(60)
  @Operational
  Integer getRoundMinutes();

  void setRoundMinutes(Integer minutes);
}
