/**
 * Electronic health records as events, and what all readers share.
 *
 * <p>A reader only converts one source family into {@link io.tardiff.ehr.EhrEvent}s. It keeps every
 * value that could be a measurement, even an implausible one, because the cohort decides about
 * ranges, units and channels. A row that cannot be parsed becomes a {@link
 * io.tardiff.ehr.DeadLetter} with a reason and without the value. Readers output events, dead
 * letters and mostly also row counts ({@link io.tardiff.ehr.EhrTags}, {@link
 * io.tardiff.ehr.ReadCount}). {@link io.tardiff.ehr.DeadLetterThreshold} fails a run with too many
 * dead letters and {@link io.tardiff.ehr.WriteDeadLetters} writes them to a file.
 *
 * <p>Each source family has its own subpackage.
 */
package io.tardiff.ehr;
