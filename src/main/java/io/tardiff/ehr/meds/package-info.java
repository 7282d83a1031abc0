/**
 * Reads and writes the Medical Event Data Standard (MEDS).
 *
 * <p>A MEDS row is almost an {@link io.tardiff.ehr.EhrEvent}, so {@link io.tardiff.ehr.meds.Meds}
 * translates little: codes of stays with details ({@code ICU_ADMISSION//Medical}, {@code
 * HOSPITAL_DISCHARGE//DIED}) also give events with the library's reserved codes, and units are
 * taken from the codes that contain them. {@link io.tardiff.ehr.meds.WriteMeds} does not write what
 * reading derives, so events survive a round trip unchanged. {@link io.tardiff.files.parquet} reads
 * and writes the files.
 *
 * <p>MEDS standardises the layout but not the codes, so there is one vocabulary per ETL and
 * hospital: {@code meds_mimic4} is for MIMIC-IV in MEDS.
 */
package io.tardiff.ehr.meds;
