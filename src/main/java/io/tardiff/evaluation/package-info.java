/**
 * What synthetic sets are worth, how faithful they are, and whether they leak.
 *
 * <p>{@link io.tardiff.evaluation.EvaluateSyntheticEhr} takes complete synthetic sets, one element
 * each, and the directory of the cohort they were learned from. It answers three questions:
 *
 * <ul>
 *   <li><b>Utility</b>: does a model trained on them ({@link io.tardiff.evaluation.Protocol TSTR}),
 *       or on them and the real windows (TSRTR), predict on real patients as well as one trained on
 *       real windows (TRTR)? A {@link io.tardiff.evaluation.DownstreamTrainer} fits the models.
 *       Each fit is one element, because fits are few and long and nothing else spreads them over
 *       workers. Models stop by the tuning split and are scored on held_out; both scores are
 *       reported. Differences to the unguided set carry a paired bootstrap interval over subjects.
 *   <li><b>Choice</b>: which guidance should be kept? It is made on the tuning split alone, and
 *       keeps guidance only where its gain exceeds the noise of seeds and patients. It comes out as
 *       a {@link io.tardiff.evaluation.GuidanceChoice} of its own, so that a pipeline can go on
 *       with the chosen set (write it out, draw more of it) as the next transform.
 *   <li><b>Fidelity, plausibility, privacy</b> of each set, in {@link
 *       io.tardiff.evaluation.SetMeasures}: no model is fitted for them. The real tuning split is
 *       measured in the same way, as a yardstick: figures such as a Kolmogorov-Smirnov statistic
 *       say little without knowing what real patients score against each other.
 * </ul>
 *
 * <p>{@link io.tardiff.evaluation.report.WriteEvaluation} gathers all that, and what other steps of
 * the run hand in, into {@code metrics.json} for programs and {@code report.html} for people. A
 * launcher reads {@code metrics.json} when the run has ended and prints {@link
 * io.tardiff.evaluation.report.EvaluationTable}: standard output belongs to the launcher, not to a
 * worker.
 *
 * <pre>
 *   sets ──┬──────────────► TSTR ──► choice ──► TSRTR ──┐
 *          ├─ wait ───────► TRTR ───────────────────────┴─► rows ──┐
 *          └──────────────► fidelity, plausibility, privacy ───────┴─► metrics.json, report.html
 * </pre>
 *
 * <p>TSRTR comes after the choice because its many fits (alphas times models times seeds per set)
 * would take most of a run; by default only the unguided and the best guided set are worth them.
 *
 * <p>The mathematics is apart from the pipeline, in package-private classes without Beam: each
 * takes {@link io.tardiff.cohort.LabelledWindows} or scores and returns figures. Ranking metrics,
 * quantiles, covariances and the Kolmogorov-Smirnov statistic are those of libraries. Sets are held
 * in memory, one and the cohort per worker thread; distances are taken row by row, and beyond ten
 * thousand windows on a seeded part. No output names a subject or a window.
 */
package io.tardiff.evaluation;
