package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the soft labels of a set were made: the field {@code soft_labels} of its {@code set.json}.
 *
 * <p>A teacher, a mean of classifiers fitted to real windows, gives each sample a probability of
 * each class, p. The soft label is {@code (1 - weight) one_hot(label) + weight p}.
 *
 * <pre>{@code
 * SoftLabels labels = SyntheticSet.open("out/synthetic/none").softLabels();
 * double gain = labels.uncalibratedLogLoss() - labels.logLoss();
 * }</pre>
 *
 * @param fits number of classifiers of the teacher
 * @param weight weight of the teacher
 * @param temperature what log-probabilities of the teacher are divided by: above 1, the classifiers
 *     were too sure of themselves
 * @param outOfFold number of train windows that the temperature was fitted to, each with the
 *     classifiers that were not fitted to its subject
 * @param uncalibratedLogLoss mean cross-entropy on them at temperature 1
 * @param logLoss the same at the temperature
 * @param shareRatios for each class, its share of the samples divided by that of the train windows.
 *     A teacher learns the shares of train; its probabilities are multiplied by these ratios and
 *     normalised (Bayes' rule), so that they fit a set with other shares
 * @param teacher hash of the teacher
 */
public record SoftLabels(
    int fits,
    double weight,
    double temperature,
    long outOfFold,
    double uncalibratedLogLoss,
    double logLoss,
    @JsonProperty(required = true) List<Double> shareRatios,
    @JsonProperty(required = true) String teacher)
    implements Serializable {

  public SoftLabels {
    shareRatios = List.copyOf(shareRatios);
  }

  /** Checks numbers that were read. */
  void check(int classes) {
    checkArgument(fits >= 1, "fits of soft_labels must be at least 1, were %s", fits);
    checkArgument(
        weight >= 0 && weight <= 1, "weight of soft_labels must be from 0 to 1, was %s", weight);
    checkArgument(
        temperature > 0 && Double.isFinite(temperature),
        "temperature of soft_labels must be above 0, was %s",
        temperature);
    checkArgument(
        shareRatios.size() == classes
            && shareRatios.stream().allMatch(ratio -> ratio >= 0 && Double.isFinite(ratio)),
        "share_ratios of soft_labels must be %s numbers from 0",
        classes);
  }

  /** Returns the part of ledger records that says the same. */
  public LedgerRecord.SoftLabel ofSample() {
    return new LedgerRecord.SoftLabel(fits, weight, temperature, teacher);
  }

  /** Returns the names of the teacher's files in the directory of a set, in order. */
  public List<String> files() {
    return IntStream.range(0, fits)
        .mapToObj(fit -> String.format("teacher-%03d.avro", fit))
        .toList();
  }
}
