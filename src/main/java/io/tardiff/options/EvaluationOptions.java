package io.tardiff.options;

import io.tardiff.evaluation.EvaluationConfig;
import org.apache.beam.sdk.options.Description;

/** How synthetic sets are evaluated. */
@Description("Evaluation")
public interface EvaluationOptions extends PurposeOptions {
  @Description("Number of times each downstream classifier is trained, each with another seed.")
  Integer getEvaluationSeeds();

  void setEvaluationSeeds(Integer seeds);

  @Description(
      "Downstream classifiers. The first one is used to choose the guidance. Those with mask in"
          + " their name also read which values were observed, or with time how long ago; they need"
          + " sets with masks (missingness).")
  @Values(
      value = {
        "gru",
        "cnn",
        "transformer",
        "summary",
        "logistic",
        "gru_mask",
        "gru_mask_time",
        "cnn_mask",
        "cnn_mask_time",
        "transformer_mask",
        "transformer_mask_time",
        "summary_mask",
        "summary_mask_time"
      },
      items = Values.Items.WORDS)
  String getEvaluationModels();

  void setEvaluationModels(String models);

  @Description(
      "Numbers of synthetic windows added in TSRTR, as shares of the number of real windows.")
  @Values(form = "number,number,...", items = Values.Items.NUMBERS)
  String getAlphas();

  void setAlphas(String alphas);

  @Description(
      "Directories of other cohorts, such as of other hospitals, that downstream classifiers are"
          + " also scored on: written by ingest with the same channels, steps and classes. All of"
          + " their splits are test data, which the choice of a set never uses.")
  @Values(form = "directory,directory,...", items = Values.Items.WORDS)
  String getTestCohorts();

  void setTestCohorts(String directories);

  @Description(
      "What else to do with the real stays, for comparison with adding synthetic ones: half of the"
          + " tuning stays join (guidance_set), weights by class, repeated stays of rare classes"
          + " (oversampling), noise (jitter), mixtures (mixup), what the model says of stays without a"
          + " label (self_training, with --unlabelled=train). Each is fitted with every evaluation"
          + " model and seed.")
  @Values(
      value = {
        "guidance_set",
        "class_weights",
        "oversampling",
        "jitter",
        "mixup",
        "self_training",
        "none"
      },
      items = Values.Items.WORDS)
  String getBaselines();

  void setBaselines(String baselines);

  @Description(
      "Classifiers of the discriminative score, which try to tell synthetic from real windows: a"
          + " decision forest on summaries of each channel, the GRU, both or none. The GRU takes as"
          + " long as up to six fits of a downstream classifier per set.")
  @Values(constantsOf = EvaluationConfig.Discriminators.class)
  String getDiscriminators();

  void setDiscriminators(String discriminators);
}
