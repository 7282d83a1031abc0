package io.tardiff.evaluation;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.evaluation.PairedBootstrap.Ranking;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import java.util.List;

/**
 * A cohort with what a study of its own design needs of the evaluation: its windows, the paired
 * bootstrap over its held-out subjects, and the privacy of a set.
 */
public final class StudyCohort {
  /** Replicates per bootstrap. */
  public static final int REPLICATES = PairedBootstrap.REPLICATES;

  private static final long SEED = 7;

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

  /** The windows of a synthetic set in network units. */
  public LabelledWindows read(SyntheticSet set) {
    return real.networkUnits(set, SyntheticWindows.read(set));
  }

  /** Mean AUROC and AUPRC over fits, on held_out as it is and on every replicate. */
  public record Replicates(
      double auroc, double auprc, double[] replicatedAuroc, double[] replicatedAuprc) {}

  /**
   * Bootstraps fits over held-out subjects; all calls draw the same replicates, so they are paired.
   *
   * @param fits of each fit the probabilities of the held-out windows
   */
  public Replicates replicate(List<double[][]> fits) {
    PairedBootstrap.Replicates drawn =
        PairedBootstrap.Replicates.mean(
            fits.stream()
                .map(fit -> new Ranking(fit, real.heldOut().labels(), real.heldOutSubjects()))
                .map(ranking -> PairedBootstrap.replicate(ranking, SEED))
                .toList());
    return new Replicates(
        drawn.auroc(), drawn.auprc(), drawn.replicatedAuroc(), drawn.replicatedAuprc());
  }

  /** Compares a set with train and held_out. */
  public Privacy privacy(SyntheticSet set) {
    return Privacy.measure(real.train(), real.heldOut(), read(set));
  }
}
