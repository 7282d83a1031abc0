/**
 * Evidence of how a stay in hospital ended.
 *
 * <p>{@link io.tardiff.ehr.outcome.HospitalOutcome} has the values: died in this stay, left it
 * alive, or not known, with why; and the rule by which several pieces of evidence make one. {@link
 * io.tardiff.ehr.outcome.Dispositions} knows the codes and words of sources, from {@code
 * dispositions.yaml} among the resources and from files of one's own. Both are pure: readers say
 * what their source states, the cohort sets it against the times of death, and neither takes
 * silence for survival.
 */
package io.tardiff.ehr.outcome;
