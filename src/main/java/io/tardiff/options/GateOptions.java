package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Bounds that the chosen set must meet. */
@Description("Gate")
public interface GateOptions extends PipelineOptions {
  @Description("Lowest AUROC of TSTR: mean over seeds of the first evaluation model on held_out.")
  Double getMinTstrAuroc();

  void setMinTstrAuroc(Double bound);

  @Description("Lowest AUPRC of TSTR: mean over seeds of the first evaluation model on held_out.")
  Double getMinTstrAuprc();

  void setMinTstrAuprc(Double bound);

  @Description(
      "Lowest AUPRC of TSRTR minus that of TRTR, with the first evaluation model on held_out; at"
          + " the alpha with the highest AUPRC on tuning.")
  Double getMinTsrtrGain();

  void setMinTsrtrGain(Double bound);

  @Description("Highest Kolmogorov-Smirnov statistic, mean over channels.")
  Double getMaxKs();

  void setMaxKs(Double bound);

  @Description("Highest Kolmogorov-Smirnov statistic of observed values, mean over channels.")
  Double getMaxObservedKs();

  void setMaxObservedKs(Double bound);

  @Description(
      "Lowest standard deviation divided by that of real windows, mean over channels; 1 if samples"
          + " vary as much as real windows.")
  Double getMinSdRatio();

  void setMinSdRatio(Double bound);

  @Description(
      "Largest difference of the coverage to that of real windows, over channels and classes; for"
          + " sets with masks.")
  Double getMaxCoverageDifference();

  void setMaxCoverageDifference(Double bound);

  @Description(
      "Highest discriminative score, of the best classifier that tells samples from real windows, 0"
          + " to 0.5; 0 by chance.")
  Double getMaxDiscriminative();

  void setMaxDiscriminative(Double bound);

  @Description(
      "Highest share of windows that are closer to train than to held_out, 0 to 1; about 0.5 if"
          + " nobody is copied. This and the other bounds are on the chosen set: the run writes its"
          + " results, then fails if one is not met.")
  Double getMaxCloserToTrain();

  void setMaxCloserToTrain(Double bound);

  @Description("Highest share of near copies of train windows, 0 to 1; about 0.01 by chance.")
  Double getMaxNearCopies();

  void setMaxNearCopies(Double bound);

  @Description("Highest number of exact copies of train windows.")
  Integer getMaxCopies();

  void setMaxCopies(Integer bound);

  @Description(
      "Highest AUC of membership inference, of the better of two attacks, 0 to 1; 0.5 by chance.")
  Double getMaxMembershipAuc();

  void setMaxMembershipAuc(Double bound);
}
