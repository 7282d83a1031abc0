/**
 * Reports of an evaluation: {@link io.tardiff.evaluation.report.WriteEvaluation} writes {@code
 * metrics.json} for programs and {@code report.html} for people; {@link
 * io.tardiff.evaluation.report.EvaluationTable} formats the results as text.
 *
 * <p>The page is a single file without scripts or external resources. Charts are SVG and contain
 * only aggregates.
 */
package io.tardiff.evaluation.report;
