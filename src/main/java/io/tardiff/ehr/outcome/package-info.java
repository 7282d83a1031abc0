/**
 * Evidence of how a hospital stay ended.
 *
 * <p>{@link io.tardiff.ehr.outcome.HospitalOutcome} lists the outcomes (died, discharged alive, or
 * unknown and why) and combines several pieces of evidence. {@link
 * io.tardiff.ehr.outcome.Dispositions} maps the codes and texts of sources to outcomes, from the
 * resource {@code dispositions.yaml} and from user files. Readers emit what their source states,
 * the cohort checks it against times of death, and neither takes missing evidence for survival.
 */
package io.tardiff.ehr.outcome;
