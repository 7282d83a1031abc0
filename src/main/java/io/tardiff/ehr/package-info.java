/**
 * Electronic health records as events, and what every reader of them shares.
 *
 * <p>A reader turns one source family into {@link io.tardiff.ehr.EhrEvent}s and nothing more: it
 * keeps every value that could be a measurement, however odd, because ranges, units of time and
 * channels are the cohort's business. What cannot be read as a row at all becomes a {@link
 * io.tardiff.ehr.DeadLetter} with a reason and without the value. Both are outputs of the reader
 * ({@link io.tardiff.ehr.EhrTags}), as is how many rows it read ({@link io.tardiff.ehr.ReadCount});
 * {@link io.tardiff.ehr.DeadLetterThreshold} fails a run with too many of them and {@link
 * io.tardiff.ehr.WriteDeadLetters} keeps a table of them.
 *
 * <p>Each source family has a package of its own beneath this one.
 */
package io.tardiff.ehr;
