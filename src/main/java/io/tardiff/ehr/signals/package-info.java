/**
 * Sets of labelled recordings: EEG, ECG, accelerometers.
 *
 * <p>Such a set is cut into samples of one length and rate already. A reader turns it into {@link
 * io.tardiff.ehr.signals.LabelledSeries} and dead letters, and the cohort makes a window of each;
 * as one event per value they would be a hundredfold larger. {@link
 * io.tardiff.ehr.signals.SeriesToEvents} makes events of them where those are wanted.
 */
package io.tardiff.ehr.signals;
