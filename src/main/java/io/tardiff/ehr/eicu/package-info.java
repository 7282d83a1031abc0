/**
 * The eICU Collaborative Research Database 2.0: intensive care stays of 208 hospitals, as CSV
 * files.
 *
 * <p>{@link io.tardiff.ehr.eicu.Eicu} is the whole of it. Times are minutes since the admission to
 * the unit, so each stay has an axis of its own, which begins at the epoch; negative times lie
 * before the admission. Only the table of patients knows which person a stay is of, and the split
 * must be by person: the stays and their persons, a few hundred thousand pairs, are a side input to
 * the tables of observations.
 */
package io.tardiff.ehr.eicu;
