/**
 * The PhysioNet/CinC 2012 challenge data set: one small CSV file per ICU stay and a table of
 * outcomes.
 *
 * <p>{@link io.tardiff.ehr.physionet2012.PhysioNet2012} is the entry point. Files are read in
 * parallel, each one as a whole in memory, since it holds 48 hours of one patient.
 */
package io.tardiff.ehr.physionet2012;
