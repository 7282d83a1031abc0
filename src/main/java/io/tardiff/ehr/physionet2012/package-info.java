/**
 * The PhysioNet/CinC 2012 challenge data set: one small CSV file per ICU stay and a table of
 * outcomes.
 *
 * <p>{@link io.tardiff.ehr.physionet2012.PhysioNet2012} is the whole of it. Files are matched and
 * read in parallel by Beam's {@code FileIO}; one is parsed at a time, in memory, since it holds 48
 * hours of one patient.
 */
package io.tardiff.ehr.physionet2012;
