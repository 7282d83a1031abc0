package io.tardiff.evaluation;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import java.util.List;

/**
 * Gives studies access to package-private parts of the evaluation: the windows of a cohort, the
 * paired bootstrap over its held-out subjects, and the privacy of a set.
 */
public final class StudyCohort {
  /** Number of bootstrap replicates. */
  public static final int REPLICATES = PairedBootstrap.REPLICATES;

  private final RealWindows real;

  private StudyCohort(RealWindows real) {
    this.real = real;
  }

  public static StudyCohort open(String directory) {
    return new StudyCohort(RealWindows.open(Cohort.open(directory)));
  }

  public LabelledWindows train() {
    return real.train();
  }

  public LabelledWindows tuning() {
    return real.tuning();
  }

  public LabelledWindows heldOut() {
    return real.heldOut();
  }

  /** Returns the windows of a synthetic set in network units. */
  public LabelledWindows read(SyntheticSet set) {
    return real.networkUnits(set, SyntheticWindows.read(set));
  }

  /** Mean AUROC and AUPRC over fits, on held_out itself and on every replicate. */
  public record Replicates(
      double auroc, double auprc, double[] replicatedAuroc, double[] replicatedAuprc) {}

  /**
   * Bootstraps fits over held-out subjects. All calls draw the same replicates, so they are paired.
   *
   * @param fits probabilities of the held-out windows by each fit
   */
  public Replicates replicate(List<double[][]> fits) {
    PairedBootstrap.Replicates mean =
        PairedBootstrap.Replicates.mean(
            fits.stream()
                .map(fit -> new Ranking(fit, real.heldOut().labels(), real.heldOutKeys()))
                .map(PairedBootstrap::replicate)
                .toList());
    return new Replicates(
        mean.auroc(), mean.auprc(), mean.replicatedAuroc(), mean.replicatedAuprc());
  }

  /** Compares a set with train and held_out. */
  public Privacy privacy(SyntheticSet set) {
    return Privacy.measure(real.train(), real.heldOut(), read(set));
  }
}
