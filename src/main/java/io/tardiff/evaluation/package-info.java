/**
 * Evaluation of synthetic sets: utility, fidelity, plausibility and privacy.
 *
 * <p>{@link io.tardiff.evaluation.EvaluateSyntheticEhr} takes complete synthetic sets and the
 * directory of the cohort their model was trained on. It measures and decides:
 *
 * <ul>
 *   <li><b>Utility</b>: does a model trained on them ({@link io.tardiff.evaluation.Protocol TSTR}),
 *       or on them and the real windows (TSRTR), predict on real patients as well as one trained on
 *       real windows (TRTR)? A {@link io.tardiff.evaluation.DownstreamTrainer} fits the models.
 *       Each fit is one element, so that these few, long tasks spread over workers. Models use the
 *       tuning split for early stopping and are scored on held_out; scores on both are reported.
 *       Differences to real windows alone, and to the baseline (the set without guidance or
 *       selection), have paired bootstrap intervals over subjects.
 *   <li><b>Choice</b>: which set should be kept? That depends on the {@link
 *       io.tardiff.influence.Purpose}: sets that replace real windows are compared in TSTR, sets
 *       that augment them in TSRTR. The choice uses only the tuning split, and keeps a set only if
 *       its gain exceeds the noise of seeds and patients. It is output as a {@link
 *       io.tardiff.evaluation.GuidanceChoice}, so that a pipeline can continue with the chosen set.
 *   <li><b>Fidelity, plausibility, privacy</b> of each set, in {@link
 *       io.tardiff.evaluation.SetMeasures}. Fidelity includes what was measured and when, for sets
 *       with masks ({@link io.tardiff.evaluation.Missingness}), and whether a classifier can tell
 *       the set from real windows ({@link io.tardiff.evaluation.Discriminative}). The real tuning
 *       split is measured in the same way for reference, because figures such as a
 *       Kolmogorov-Smirnov statistic mean little without the value for real patients.
 * </ul>
 *
 * <p>Privacy includes {@link io.tardiff.evaluation.PrivacyAttacks}. A {@link
 * io.tardiff.evaluation.Gate} holds bounds on these figures that the chosen set must meet.
 *
 * <p>{@link io.tardiff.evaluation.report.WriteEvaluation} writes the results, with sections
 * supplied by other steps of the run, to {@code metrics.json} for programs and {@code report.html}
 * for people, with figures of {@link io.tardiff.evaluation.UtilityCurves} and {@link
 * io.tardiff.evaluation.SetFigures}. After the run, a launcher reads {@code metrics.json} and
 * prints {@link io.tardiff.evaluation.report.EvaluationTable}; workers do not write to standard
 * output.
 *
 * <pre>
 *   sets ──┬──────────────► TSTR ──► choice ──► TSRTR ──┐
 *          ├─ wait ───────► TRTR ───────────────────────┴─► rows ──┐
 *          └──────────────► fidelity, plausibility, privacy ───────┴─► metrics.json, report.html
 * </pre>
 *
 * <p>TSRTR runs after the choice because its many fits (alphas times models times seeds per set)
 * would take most of a run. By default it uses only the baseline and the best guided or selected
 * set. If sets augment real windows, TSRTR with the first model and TRTR decide the choice instead
 * of TSTR, so they run before it.
 *
 * <p>The mathematics is separate from the pipeline, in package-private classes without Beam that
 * take {@link io.tardiff.cohort.LabelledWindows} or scores and return figures. Libraries compute
 * ranking metrics, quantiles, covariances and the Kolmogorov-Smirnov statistic. Each worker holds
 * the cohort in memory, and one set for each thread at most; distances are computed row by row, on
 * a seeded sample if there are more than ten thousand windows. No output identifies a subject or a
 * window.
 */
package io.tardiff.evaluation;
