/**
 * Sets of labelled recordings: EEG, ECG, accelerometers.
 *
 * <p>Such a set is cut into samples of one length and rate already. A reader turns it into {@link
 * io.tardiff.ehr.signals.LabelledSeries} and dead letters, and the cohort makes a window of each;
 * as one event per value they would be a hundredfold larger. {@link
 * io.tardiff.ehr.signals.SeriesToEvents} makes events of them where those are wanted.
 *
 * <p>{@link io.tardiff.ehr.signals.Medformer} reads the arrays of APAVA, TDBrain, ADFTD and PTB,
 * {@link io.tardiff.ehr.signals.TimeSeriesArchive} the sets of the UCR and UEA archives. Both apply
 * the split that was published with a set: results are compared on its test part, and a generator
 * that has seen that part is worth nothing. Files are an element each and are read series by
 * series, since they may be larger than memory. {@link io.tardiff.files.npy.Npy} is NumPy's format
 * for arrays, for exports as well.
 */
package io.tardiff.ehr.signals;
