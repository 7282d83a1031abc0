/**
 * The OMOP common data model: persons, visits, deaths, measurements and observations.
 *
 * <p>{@link io.tardiff.ehr.omop.Omop} is the entry point. Each table has a parser. Measurements
 * have no stay and are assigned to stays by time, since the visit they name need not be the stay of
 * the cohort: it may be an emergency visit or a visit detail. The only join is that of a person's
 * visits and deaths, to derive outcomes ({@code HospitalDeaths}).
 */
package io.tardiff.ehr.omop;
