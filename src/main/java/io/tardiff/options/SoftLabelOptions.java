package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Whether samples have soft labels. */
@Description("Soft labels")
public interface SoftLabelOptions extends PipelineOptions {
  @Description(
      "Number of classifiers, fitted to bootstraps of the train subjects, whose mean is the teacher"
          + " that gives samples class probabilities beside their label, 0 to 100; 0: labels only."
          + " Models of the evaluation are fitted to the probabilities. Needs the cohort.")
  Integer getSoftLabels();

  void setSoftLabels(Integer fits);

  @Description(
      "Weight of the teacher's probabilities in soft labels, 0 to 1; the rest is that of the label.")
  @Conditional
  Double getSoftLabelWeight();

  void setSoftLabelWeight(Double weight);
}
