/**
 * Cohorts of the R package ricu in the layout of YAIB (Yet Another ICU Benchmark): harmonised stays
 * of MIMIC, eICU, HiRID, AmsterdamUMCdb and others.
 *
 * <p>{@link io.tardiff.ehr.ricu.Ricu} is the entry point. ricu has already mapped each database's
 * items to its concepts, converted their units and aggregated them by hour, so a file is a wide
 * table whose columns are codes with a known unit ({@code Concepts}). What remains is the time:
 * {@code Elapsed} reads durations, whose unit the file states, and plain numbers, whose unit it
 * does not.
 *
 * <p>The files name stays but no patients, so every stay is a subject of its own.
 */
package io.tardiff.ehr.ricu;
