/**
 * MIMIC-III and MIMIC-IV: the CSV files of the intensive care databases of the Beth Israel Deaconess
 * Medical Center, as PhysioNet distributes them.
 *
 * <p>{@link io.tardiff.ehr.mimic.Mimic3} and {@link io.tardiff.ehr.mimic.Mimic4} find the files of
 * their tables and give each to its parser. The tables of the two generations differ in names and
 * columns but not in kind, so they share parsers: {@link io.tardiff.ehr.mimic.StayTable} (a stay is an
 * admission and a discharge), {@link io.tardiff.ehr.mimic.AdmissionTable}, {@link
 * io.tardiff.ehr.mimic.PatientTable} and {@link io.tardiff.ehr.mimic.MeasurementTable} for all that is
 * charted, put out or analysed.
 *
 * <p>No table is joined to another: laboratory values and deaths name the person and a time, and the
 * cohort finds the stay by that. Item ids stay as they are; what they mean is in the vocabularies
 * {@code mimic3} and {@code mimic4}.
 */
package io.tardiff.ehr.mimic;
