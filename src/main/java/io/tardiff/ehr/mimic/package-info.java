/**
 * MIMIC-III and MIMIC-IV: intensive care at one hospital, as CSV tables.
 *
 * <p>{@link io.tardiff.ehr.mimic.Mimic3} and {@link io.tardiff.ehr.mimic.Mimic4} read a directory
 * as it is downloaded. The two share their tables but for the names of columns and the way a
 * patient's age is told, so they share parsers: one for what is charted, measured or put out, one
 * for stays, one for admissions and one each for patients. Every parser looks at one row alone.
 * Nothing is joined: a row that names a hospital admission but no stay in the unit belongs to the
 * patient, and its time says which window it falls into.
 *
 * <p>Item ids are the codes. Which of them make a heart rate is told by the vocabularies {@code
 * mimic3} and {@code mimic4} among the resources of the cohort, each id with its label in the
 * source's own dictionary.
 */
package io.tardiff.ehr.mimic;
