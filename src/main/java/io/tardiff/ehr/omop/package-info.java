/**
 * The OMOP common data model: persons, visits, deaths, measurements and observations.
 *
 * <p>{@link io.tardiff.ehr.omop.Omop} is the whole of it. Each table has a parser. Measurements are
 * left without a stay and find theirs by their time, since the visit they name need not be the stay
 * that a cohort is made of: the laboratory of an emergency room, or a detail of a visit. So nothing
 * is joined but the little that says how a stay ended: visits and deaths of a person are grouped
 * ({@code HospitalDeaths}).
 */
package io.tardiff.ehr.omop;
