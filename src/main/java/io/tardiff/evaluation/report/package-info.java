/**
 * Reports of an evaluation: {@link io.tardiff.evaluation.report.WriteEvaluation} writes {@code
 * metrics.json} for programs and {@code report.html} for people; {@link
 * io.tardiff.evaluation.report.EvaluationTable} formats the results as text.
 *
 * <p>The page is one file without external resources, of four parts, each of which is where its
 * author would look for it:
 *
 * <ul>
 *   <li>{@code report.html}, {@code report.css} and {@code report.js}, resources of this package:
 *       structure and captions, look, figures. {@code ReportPage} only puts them together.
 *   <li>{@code ReportSections}: all text that depends on results, and all tables. They are complete
 *       without a script.
 *   <li>{@code ReportData}: what the script draws, as JSON that cannot leave its element.
 *   <li>{@code TrafficLights}: the criteria of the summary and their thresholds.
 * </ul>
 *
 * <p>Figures are drawn by Apache ECharts as SVG, embedded whole from its WebJar: a library of
 * charts is not the business of this project, and a page that loads one from the network would be
 * no record of a run. Colours are CSS variables, so that dark mode and print need no redrawing. A
 * Content Security Policy allows the two scripts of the page by their hashes and no request.
 *
 * <p>The page shows aggregates of real patients, and synthetic windows; {@link
 * io.tardiff.evaluation.SetFigures} has the rules.
 */
package io.tardiff.evaluation.report;
