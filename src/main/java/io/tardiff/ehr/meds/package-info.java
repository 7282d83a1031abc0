/**
 * The Medical Event Data Standard (MEDS) as a source and as an output.
 *
 * <p>A MEDS row is nearly an {@link io.tardiff.ehr.EhrEvent}, so {@link io.tardiff.ehr.meds.Meds}
 * has little to translate: what the codes say of stays and how they end ({@code
 * ICU_ADMISSION//Medical}, {@code HOSPITAL_DISCHARGE//DIED}) comes out again under the names that
 * the rest of the library knows, and the unit is taken from the code that holds it. {@link
 * io.tardiff.ehr.meds.WriteMeds} leaves out what reading would add, so that events go through files
 * unchanged. Files are read and written by {@link io.tardiff.files.parquet}.
 *
 * <p>Codes of concepts are in vocabularies, one per ETL and hospital, since MEDS standardises the
 * layout and not the codes: {@code meds_mimic4} is for MIMIC-IV in MEDS.
 */
package io.tardiff.ehr.meds;
