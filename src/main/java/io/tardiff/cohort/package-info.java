/**
 * From events to a cohort: labelled windows of one shape, split by subject, with everything a later
 * step must know about them.
 *
 * <h2>The way of the data</h2>
 *
 * <ol>
 *   <li>Events are gathered by one {@code Combine.perKey}, a bucket of subjects to a key, into
 *       arrays of the cohort's own channels ({@link io.tardiff.cohort.SubjectRecord}): not by stay,
 *       because much of what a source records (laboratory values, deaths) names the person only,
 *       and the time says which stay it falls into. Units are converted on the way. Observations
 *       are not binned at once because bins count from the admission, which may be the last event
 *       to arrive; what lies behind the only window of a stay is dropped where room is needed.
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
 * <p>A {@link io.tardiff.cohort.Cohort} is both the opened directory and what travels between
 * transforms: its {@code cohort.json} goes with it, so that whoever gets one need not read the
 * directory again, and has no other type to learn. As a row it is its directory, hash and that
 * file, for a schema of all its fields would have to change with every one of them. Models and
 * synthetic sets travel in the same way.
 *
 * <p>Recordings of signals come as whole windows and join at the third step ({@link
 * io.tardiff.cohort.BuildSeriesCohort}). Files hold clinical units; {@link
 * io.tardiff.cohort.Normaliser}s are applied where windows enter a network.
 *
 * <h2>What is configuration</h2>
 *
 * What a channel means, and its codes in each source, is written in {@code concepts.yaml} and
 * {@code vocabularies/} ({@link io.tardiff.cohort.ConceptDictionary}); what is predicted from which
 * part of a stay in {@code tasks/} ({@link io.tardiff.cohort.Task}). Users add both without code.
 *
 * <h2>Leaks</h2>
 *
 * A window holds nothing from after its prediction time, and is left out where the outcome or the
 * end of the stay came before it. Events that frame a stay or tell how it ended cannot be channels,
 * nor can the codes of the label's own rule; static facts are those recorded without a time.
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
 * <h2>Memory</h2>
 *
 * A worker holds one bucket of subjects at a time, 22 bytes for each observation of the cohort's
 * own channels; more {@code numShards} make smaller buckets, and a subject with more than {@code
 * maxObservations} is left out and counted. No table and no PCollection is ever held whole.
 *
 * <h2>Classes</h2>
 *
 * {@link io.tardiff.cohort.BuildCohort} is the whole, {@link io.tardiff.cohort.ExtractWindows} its
 * first half, {@link io.tardiff.cohort.CohortConfig} their configuration and {@link
 * io.tardiff.cohort.Cohort} what later steps open. {@link io.tardiff.files.SortedAvroShards} is for
 * every package that writes records.
 */
package io.tardiff.cohort;
