/**
 * What an evaluation found, for programs and people: {@link
 * io.tardiff.evaluation.report.WriteEvaluation} writes {@code metrics.json} and {@code
 * report.html}, {@link io.tardiff.evaluation.report.EvaluationTable} is the same as text for a
 * console.
 *
 * <p>The page is one file without scripts or anything to load: charts are SVG, and hold aggregates
 * only.
 */
package io.tardiff.evaluation.report;
