/**
 * From events to a cohort: labelled windows of one shape, split by subject, with everything a later
 * step must know about them.
 *
 * <h2>The way of the data</h2>
 *
 * <ol>
 *   <li>Events are gathered by one {@code Combine.perKey}, a bucket of stays to a key, into arrays
 *       of the cohort's own channels. They are not binned at once because bins count from the
 *       admission, which may be the last event to arrive; what lies behind the window is dropped on
 *       the way.
 *   <li>Each stay is laid on the grid: two-level ranges, the preferred source of a channel in each
 *       step, one number per step. Here stays without admission, outcome or observation drop out,
 *       and are counted.
 *   <li>Gaps are filled forward, never backward, and what has no past gets the train median of the
 *       observed cells.
 *   <li>Label counts, coverage, the hash and what the normaliser needs are summed up in one pass,
 *       while the windows are written as sorted shards. {@code cohort.json} is written last: a
 *       directory without it is no cohort.
 * </ol>
 *
 * <p>Files hold clinical units; {@link io.tardiff.cohort.Normaliser}s are applied where windows
 * enter a network.
 *
 * <h2>Nothing depends on order</h2>
 *
 * Bundles, retries and other runners change the order of everything, so nothing may depend on it,
 * down to the last bit: observations are sorted before they are added up, moments are exact decimal
 * sums, quantiles come from the bins of a sketch, files are sorted by id with a fixed sync marker,
 * and the cohort's hash is a sum of the windows' own hashes. A test shuffles the input and
 * compares.
 *
 * <h2>Repeated rows</h2>
 *
 * Rows that agree in stay, code, time and value are one observation that was delivered twice, and
 * count once. Rows that differ in value only are several: two urine routes add up, two pressure
 * lines are averaged.
 *
 * <h2>Classes</h2>
 *
 * {@link io.tardiff.cohort.BuildCohort} is the whole, {@link io.tardiff.cohort.ExtractWindows} its
 * first half, {@link io.tardiff.cohort.CohortConfig} their configuration and {@link
 * io.tardiff.cohort.Cohort} what later steps open. {@link io.tardiff.cohort.SortedAvroShards} and
 * {@link io.tardiff.cohort.AtomicFile} are for every package that writes files.
 */
package io.tardiff.cohort;
