/**
 * Data sets of labelled recordings: EEG, ECG, acceleration.
 *
 * <p>Such a set consists of samples of equal length and rate. A reader turns it into {@link
 * io.tardiff.ehr.signals.LabelledSeries} and dead letters, and each series becomes a window of the
 * cohort; one event per value would take a hundred times the space. {@link
 * io.tardiff.ehr.signals.SeriesToEvents} converts them to events if needed.
 *
 * <p>{@link io.tardiff.ehr.signals.Medformer} reads the arrays of APAVA, TDBrain, ADFTD and PTB,
 * {@link io.tardiff.ehr.signals.TimeSeriesArchive} the sets of the UCR and UEA archives. Both apply
 * the published split, because results are only comparable on its test part, which a generator must
 * not have seen. Files are read series by series, since they may be larger than memory. {@link
 * io.tardiff.files.npy.Npy} reads NumPy arrays.
 */
package io.tardiff.ehr.signals;
