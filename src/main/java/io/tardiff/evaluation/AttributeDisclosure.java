package io.tardiff.evaluation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * What an attacker who knows all channels of a patient but one learns about the hidden one from the
 * synthetic set: the mean of the hidden channel over the window is predicted to be that of the
 * synthetic window that is nearest in the other channels.
 *
 * <p>A set that predicts well teaches medicine; a set that predicts <em>train</em> patients better
 * than patients it never saw discloses them. Errors are mean absolute errors in network units over
 * subjects (each the mean of its windows), averaged over hidden channels.
 *
 * @param trainError error for train subjects
 * @param heldOutError error for held_out subjects
 * @param baselineError error for train subjects of predicting the mean of the real tuning windows
 *     of the patient's class, without the set
 * @param advantage {@code heldOutError - trainError}; near 0 if nobody is disclosed
 * @param advantageLow 2.5 % quantile of the advantage over 1,000 bootstrap draws of the subjects
 * @param advantageHigh 97.5 % quantile
 * @param channels the errors by hidden channel
 */
public record AttributeDisclosure(
    double trainError,
    double heldOutError,
    double baselineError,
    double advantage,
    double advantageLow,
    double advantageHigh,
    List<Channel> channels)
    implements Serializable {

  /** The errors for one hidden channel. */
  public record Channel(
      String channel, double trainError, double heldOutError, double baselineError)
      implements Serializable {}

  /**
   * Summarises errors.
   *
   * @param train {@code [subjects][channels]}; so are the others
   */
  static AttributeDisclosure of(
      List<String> names, double[][] train, double[][] heldOut, double[][] baseline) {
    double[] ofTrain = overChannels(train);
    double[] ofHeldOut = overChannels(heldOut);
    double[] interval =
        PairedBootstrap.interval(
            random -> drawnMean(random, ofHeldOut) - drawnMean(random, ofTrain));
    Channel[] channels = new Channel[names.size()];
    Arrays.setAll(
        channels,
        c -> new Channel(names.get(c), mean(train, c), mean(heldOut, c), mean(baseline, c)));
    double trainError = StatUtils.mean(ofTrain);
    double heldOutError = StatUtils.mean(ofHeldOut);
    return new AttributeDisclosure(
        trainError,
        heldOutError,
        StatUtils.mean(overChannels(baseline)),
        heldOutError - trainError,
        interval[0],
        interval[1],
        List.of(channels));
  }

  private static double[] overChannels(double[][] errors) {
    return Arrays.stream(errors).mapToDouble(StatUtils::mean).toArray();
  }

  private static double mean(double[][] errors, int channel) {
    return Arrays.stream(errors)
        .mapToDouble(ofSubject -> ofSubject[channel])
        .average()
        .orElse(Double.NaN);
  }

  private static double drawnMean(UniformRandomProvider random, double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[random.nextInt(values.length)];
    }
    return sum / values.length;
  }
}
