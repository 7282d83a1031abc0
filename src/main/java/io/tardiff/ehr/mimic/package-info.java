/**
 * MIMIC-III and MIMIC-IV: intensive care at one hospital, as CSV tables.
 *
 * <p>{@link io.tardiff.ehr.mimic.Mimic3} and {@link io.tardiff.ehr.mimic.Mimic4} read a directory
 * as downloaded. Their tables differ only in column names and in how they record age, so they share
 * parsers: one for charted, laboratory and output values, one for stays, one for admissions and one
 * for patients. A parser sees one row at a time and nothing is joined: a row without a unit stay
 * belongs to the patient, and its time determines its window.
 *
 * <p>Codes are item ids. The vocabularies {@code mimic3} and {@code mimic4} of the cohort map them
 * to concepts, each id with its label from the source's dictionary.
 */
package io.tardiff.ehr.mimic;
