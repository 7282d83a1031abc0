/**
 * Builds cohorts from events: labelled windows of one shape, split by subject, with all that later
 * steps need to know about them.
 *
 * <h2>Data flow</h2>
 *
 * <ol>
 *   <li>One {@code Combine.perKey}, with a bucket of subjects as the key, collects the events of
 *       the cohort's channels in arrays ({@link io.tardiff.cohort.SubjectRecord}) and converts
 *       units. It collects them by subject, not by stay, because many events (laboratory values,
 *       deaths) name only the person and are assigned to a stay by time. Observations are not
 *       binned at once, because bins are relative to the admission, which may arrive last; those
 *       after the only window of a stay are dropped when memory grows.
 *   <li>Each stay is cut into windows by the rules of a {@link io.tardiff.cohort.Task} ({@link
 *       io.tardiff.cohort.Windowing}) and laid on the grid ({@link io.tardiff.cohort.Grid}):
 *       two-level ranges, the preferred source of a channel in each step, one number per step. Here
 *       stays and windows drop out, and are counted by rule.
 *   <li>Gaps are filled ({@link io.tardiff.cohort.Imputation}), by default forward, never backward,
 *       and what has no past gets the train median of the observed cells.
 *   <li>Label counts, coverage, the hash and what the normaliser needs are summed up in one pass,
 *       while the windows are written as sorted shards. {@code cohort.json} and the manifest are
 *       written last: a directory with a manifest is a complete cohort.
 * </ol>
 *
 * <p>A {@link io.tardiff.cohort.Cohort} represents an opened directory and is also passed between
 * transforms. It carries the content of {@code cohort.json}, so that the receiver need not read the
 * directory again. As a row it consists of directory, hash and that content, because a schema with
 * all its fields would change with each of them. Models and synthetic sets are passed in the same
 * way.
 *
 * <p>Recordings of signals are whole windows and enter at the third step ({@link
 * io.tardiff.cohort.BuildSeriesCohort}). Files hold clinical units; {@link
 * io.tardiff.cohort.Normaliser}s are applied when windows enter a network.
 *
 * <h2>Configuration</h2>
 *
 * Channels are defined in {@code concepts.yaml}, their codes in each source in {@code
 * vocabularies/} ({@link io.tardiff.cohort.ConceptDictionary}), and tasks in {@code tasks/} ({@link
 * io.tardiff.cohort.Task}). Users can add their own in YAML files.
 *
 * <h2>Leaks</h2>
 *
 * A window holds nothing from after its prediction time, and is dropped if the outcome or the end
 * of the stay came before it. Events that begin or end a stay or state its outcome cannot be
 * channels, nor can the codes of the label rule. Static covariates are facts recorded without a
 * time.
 *
 * <h2>Independence of order</h2>
 *
 * The order of elements depends on runner, bundles and retries, so the result must not depend on
 * it, down to the last bit: observations are sorted before they are added up, moments are exact
 * decimal sums, quantiles come from the bins of a sketch, files are sorted by id and have a fixed
 * sync marker, and the cohort's hash is the sum of the hashes of its windows. A test shuffles the
 * input and compares the result.
 *
 * <h2>Repeated rows</h2>
 *
 * Rows with the same stay, code, time and value are one observation delivered twice, and count
 * once. Rows that differ in value are separate observations: two urine routes are added up, two
 * pressure lines are averaged.
 *
 * <h2>Memory</h2>
 *
 * A worker holds one bucket of subjects at a time, with 22 bytes per observation of the cohort's
 * channels. A larger {@code numShards} makes buckets smaller. A subject with more than {@code
 * maxObservations} rows is dropped and counted. No table and no PCollection is ever held in memory
 * as a whole.
 *
 * <h2>Classes</h2>
 *
 * {@link io.tardiff.cohort.BuildCohort} performs all steps and {@link
 * io.tardiff.cohort.ExtractWindows} the first three, both configured by {@link
 * io.tardiff.cohort.CohortConfig}. Later steps open the result as a {@link
 * io.tardiff.cohort.Cohort}. Every package that writes records uses {@link
 * io.tardiff.files.SortedAvroShards}.
 */
package io.tardiff.cohort;
