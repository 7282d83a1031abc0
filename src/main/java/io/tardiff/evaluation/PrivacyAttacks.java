package io.tardiff.evaluation;

import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpec.Channel;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Attacks on the patients a set was made from. Train subjects are the victims; held_out subjects,
 * whom the model never saw, show what the same attack finds by chance.
 *
 * <ul>
 *   <li>{@code distance}: membership by closeness. The score of a window x is {@code -d(x, S)}, the
 *       distance to the nearest window of the set S.
 *   <li>{@code densityRatio}: membership by local overfitting, as in DOMIAS (van Breugel et al.,
 *       <em>Membership inference attacks against synthetic data through overfitting detection</em>,
 *       AISTATS 2023), which scores x by {@code p_S(x) / p_R(x)} with a reference R of other real
 *       patients. Here R is the tuning split, and the densities are nearest-neighbour estimates
 *       (Loftsgaarden and Quesenberry, 1965), {@code p(x) ~ 1 / (n d(x)^D)}. The ratio increases
 *       with {@code log(d(x, R) + e) - log(d(x, S) + e)}, which is the score, whatever the
 *       dimension D; {@code e} is the rounding within which windows count as copies. Unlike {@code
 *       distance} it does not mistake a common patient for a member.
 *   <li>{@code attribute}: {@link AttributeDisclosure}; null if there is only one channel.
 * </ul>
 *
 * <p>Distances and exclusions are those of {@link Privacy}. In the row of the real tuning windows,
 * which take the place of the set, {@code densityRatio} splits them by subject into a set and a
 * reference.
 */
public record PrivacyAttacks(
    MembershipInference distance,
    MembershipInference densityRatio,
    @Nullable AttributeDisclosure attribute)
    implements Serializable {

  /** The windows of a split that can be compared, and the subject of each. */
  private record Victims(LabelledWindows windows, int[] varying, int[] subjects) {
    static Victims of(LabelledWindows windows, int[] subjects, UniformRandomProvider random) {
      int[] varying = Privacy.varying(windows, random);
      int[] of = Arrays.stream(varying).map(i -> subjects[i]).toArray();
      // Number the subjects that have a window left from 0.
      int[] distinct = Arrays.stream(of).distinct().sorted().toArray();
      return new Victims(
          windows, varying, Arrays.stream(of).map(s -> Arrays.binarySearch(distinct, s)).toArray());
    }

    int count() {
      return Arrays.stream(subjects).max().orElse(-1) + 1;
    }

    /** Returns the highest score of each subject. */
    double[] highest(double[] scores) {
      double[] highest = new double[count()];
      Arrays.fill(highest, Double.NEGATIVE_INFINITY);
      for (int i = 0; i < scores.length; i++) {
        highest[subjects[i]] = Math.max(highest[subjects[i]], scores[i]);
      }
      return highest;
    }

    /** Returns the mean errors of each subject, {@code [subjects][channels]}. */
    double[][] means(double[][] errors) {
      double[][] means = new double[count()][windows.channels()];
      int[] sizes = new int[count()];
      for (int i = 0; i < errors.length; i++) {
        sizes[subjects[i]]++;
        for (int c = 0; c < errors[i].length; c++) {
          means[subjects[i]][c] += errors[i][c];
        }
      }
      for (int s = 0; s < means.length; s++) {
        for (int c = 0; c < means[s].length; c++) {
          means[s][c] /= sizes[s];
        }
      }
      return means;
    }
  }

  /** Some windows of a set. */
  private record Part(LabelledWindows windows, int[] indices) {}

  /**
   * Attacks a set.
   *
   * @param set windows in network units; null for the real tuning windows
   */
  static PrivacyAttacks measure(RealWindows real, @Nullable LabelledWindows set) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1);
    Victims train = Victims.of(real.trained(), real.trainedSubjects(), random);
    Victims heldOut = Victims.of(real.heldOut(), real.heldOutSubjects(), random);
    int[] tuning = Privacy.varying(real.tuning(), random);
    Part attacked =
        set == null ? new Part(real.tuning(), tuning) : new Part(set, Privacy.varying(set, random));
    Part copies = new Part(real.trained(), sample(random, train.varying, attacked.indices.length));
    Part ratioSet = attacked;
    Part reference = new Part(real.tuning(), tuning);
    if (set == null) {
      ratioSet = new Part(real.tuning(), half(tuning, real.tuningSubjects(), 0));
      reference = new Part(real.tuning(), half(tuning, real.tuningSubjects(), 1));
    }

    // What the attacker knows of a victim includes the label.
    Victims labelled =
        real.trained() == real.train()
            ? train
            : Victims.of(real.train(), real.trainSubjects(), random);
    double[][] toSet = distances(train, heldOut, attacked);
    double[][] toRatioSet = set == null ? distances(train, heldOut, ratioSet) : toSet;
    double[][] toReference = distances(train, heldOut, reference);
    double[][] toCopies = distances(train, heldOut, copies);
    return new PrivacyAttacks(
        attack(
            train, heldOut, i -> negative(toSet[i]), i -> negative(toCopies[i]), List.of(attacked)),
        attack(
            train,
            heldOut,
            i -> logRatio(toReference[i], toRatioSet[i]),
            i -> logRatio(toReference[i], toCopies[i]),
            List.of(ratioSet, reference)),
        disclosure(real, labelled, heldOut, attacked, new Part(real.tuning(), tuning)));
  }

  /** Scores of the windows of train (0) or held_out (1). */
  private interface Scores {
    double[] of(int split);
  }

  private static MembershipInference attack(
      Victims train, Victims heldOut, Scores scores, Scores ifCopied, List<Part> needed) {
    if (needed.stream().anyMatch(part -> part.indices.length == 0)) {
      // No window is nearest, which must not look like an attack that finds nobody.
      return MembershipInference.of(new double[0], new double[0], Double.NaN);
    }
    return MembershipInference.of(
        train.highest(scores.of(0)),
        heldOut.highest(scores.of(1)),
        MembershipInference.auc(train.highest(ifCopied.of(0)), heldOut.highest(ifCopied.of(1))));
  }

  private static double[] negative(double[] distances) {
    return Arrays.stream(distances).map(d -> -d).toArray();
  }

  private static double[] logRatio(double[] toReference, double[] toSet) {
    double[] ratio = new double[toSet.length];
    Arrays.setAll(
        ratio, i -> Math.log(toReference[i] + Privacy.COPY) - Math.log(toSet[i] + Privacy.COPY));
    return ratio;
  }

  private static int[] sample(UniformRandomProvider random, int[] from, int count) {
    if (count == 0) {
      return new int[0];
    }
    return count >= from.length
        ? from
        : Arrays.stream(new PermutationSampler(random, from.length, count).sample())
            .map(i -> from[i])
            .sorted()
            .toArray();
  }

  private static int[] half(int[] windows, int[] subjects, int parity) {
    return Arrays.stream(windows).filter(i -> subjects[i] % 2 == parity).toArray();
  }

  private static double[][] distances(Victims train, Victims heldOut, Part set) {
    return new double[][] {distances(train, set), distances(heldOut, set)};
  }

  /** Returns the distance of each victim's window to the nearest window of the set. */
  private static double[] distances(Victims victims, Part set) {
    double[] nearest = new double[victims.varying.length];
    new WindowDistances(set.windows, set.indices)
        .from(
            victims.windows,
            victims.varying,
            (i, row) -> {
              nearest[i] = Arrays.stream(row).min().orElse(Double.POSITIVE_INFINITY);
            });
    return nearest;
  }

  private static @Nullable AttributeDisclosure disclosure(
      RealWindows real, Victims train, Victims heldOut, Part set, Part reference) {
    WindowSpec spec = real.spec();
    int channels = spec.channels().size();
    if (channels < 2 || set.indices.length == 0 || train.count() == 0 || heldOut.count() == 0) {
      return null;
    }
    List<String> names = spec.channels().stream().map(Channel::name).toList();
    double[][] ofSet = means(set.windows);
    double[][] classMeans = classMeans(reference);
    return AttributeDisclosure.of(
        names,
        train.means(errors(train, set, ofSet)),
        heldOut.means(errors(heldOut, set, ofSet)),
        train.means(
            IntStream.of(train.varying)
                .mapToObj(
                    i -> absolute(means(train.windows, i), classMeans[train.windows.labels()[i]]))
                .toArray(double[][]::new)));
  }

  /** Returns the errors for each window of the victims, {@code [windows][channels]}. */
  private static double[][] errors(Victims victims, Part set, double[][] ofSet) {
    int channels = victims.windows.channels();
    double[][] errors = new double[victims.varying.length][];
    for (int i = 0; i < errors.length; i++) {
      int[] nearest = nearestWithout(victims.windows, victims.varying[i], set);
      double[] predicted = new double[channels];
      Arrays.setAll(predicted, c -> ofSet[nearest[c]][c]);
      errors[i] = absolute(means(victims.windows, victims.varying[i]), predicted);
    }
    return errors;
  }

  /**
   * Returns for each channel the window of the set that is nearest without that channel, the first
   * of several.
   */
  private static int[] nearestWithout(LabelledWindows from, int window, Part set) {
    int channels = from.channels();
    int stride = from.stride();
    float[] a = from.values();
    float[] b = set.windows.values();
    int[] nearest = new int[channels];
    double[] least = new double[channels];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    double[] ofChannel = new double[channels];
    for (int j : set.indices) {
      Arrays.fill(ofChannel, 0);
      for (int at = 0; at < stride; at += channels) {
        int ka = window * stride + at;
        int kb = j * stride + at;
        for (int c = 0; c < channels; c++) {
          double difference = a[ka + c] - b[kb + c];
          ofChannel[c] += difference * difference;
        }
      }
      double sum = 0;
      for (double part : ofChannel) {
        sum += part;
      }
      for (int c = 0; c < channels; c++) {
        double without = sum - ofChannel[c];
        if (without < least[c]) {
          least[c] = without;
          nearest[c] = j;
        }
      }
    }
    return nearest;
  }

  private static double[] absolute(double[] a, double[] b) {
    double[] difference = new double[a.length];
    Arrays.setAll(difference, c -> Math.abs(a[c] - b[c]));
    return difference;
  }

  private static double[][] means(LabelledWindows windows) {
    return IntStream.range(0, windows.size())
        .mapToObj(i -> means(windows, i))
        .toArray(double[][]::new);
  }

  /** Returns the mean of each channel over the steps of a window. */
  private static double[] means(LabelledWindows windows, int window) {
    double[] means = new double[windows.channels()];
    for (int i = 0; i < windows.stride(); i++) {
      means[i % means.length] += windows.values()[window * windows.stride() + i];
    }
    for (int c = 0; c < means.length; c++) {
      means[c] /= windows.steps();
    }
    return means;
  }

  /** Returns the mean of each channel over the windows of each class, {@code [classes][]}. */
  private static double[][] classMeans(Part reference) {
    LabelledWindows windows = reference.windows;
    double[][] sums = new double[windows.classes()][windows.channels()];
    int[] counts = new int[windows.classes()];
    for (int i : reference.indices) {
      int label = windows.labels()[i];
      counts[label]++;
      double[] means = means(windows, i);
      for (int c = 0; c < means.length; c++) {
        sums[label][c] += means[c];
      }
    }
    for (int k = 0; k < sums.length; k++) {
      for (int c = 0; c < sums[k].length; c++) {
        sums[k][c] /= counts[k];
      }
    }
    return sums;
  }
}
