/**
 * A simulated intensive care unit: synthetic patients without privacy concerns, whose death depends
 * on their trajectories in a known way.
 *
 * <p>Use it to try the library without data, to test at any scale, and to check whether a model
 * finds the signal that is in the data. It is a small model of how vital signs are related, not a
 * model of any disease.
 *
 * <h2>Severity</h2>
 *
 * Each stay has a latent severity s(h), a mean-reverting walk over the hours h of the stay around
 * its own level m:
 *
 * <pre>
 * s(0) ~ N(0, 1)        m = 0.6 s(0) + N(0, 0.8)
 * s(h+1) = s(h) + 0.06 (m - s(h)) + N(0, 0.1)
 * </pre>
 *
 * <h2>Signs</h2>
 *
 * With s = s(h), s+ = ln(1 + e^(2s)) / 2 (a softplus, near 0 in the healthy), b ~ N(0, 1) per stay
 * and channel, and e ~ N(0, 1) per hour:
 *
 * <pre>
 * HR    =  84 + 9 b + 8 s + 3 cos(2 pi (h - 16) / 24) + 3 e           bpm
 * SBP   = 122 + 12 b - 9 s + 5 e                                     mmHg
 * DBP   =  61 + 7 b - 4 s + 3 e                                      mmHg
 * MAP   = DBP + (SBP - DBP) / 3 + 1.5 e                              mmHg
 * RR    =  17 + 2 b + 2.5 s + 1.5 e                                  1/min
 * Temp  =  36.8 + 0.35 b + 0.3 s+ + 0.15 cos(2 pi (h - 18) / 24) + 0.1 e    Cel
 * SaO2  =  98 - 1.6 s+ + 0.7 e, at most 100                          %
 * Urine =  90 exp(0.35 b - 0.45 s + 0.4 e)                           mL per hour
 * GCS   =  14.8 + b - 2.6 s+ + 0.5 e, rounded, 3 to 15
 * </pre>
 *
 * <h2>Death</h2>
 *
 * With the age A ~ N(64, 15), clamped to 18 to 90 years, the outcome is drawn with
 *
 * <pre>
 * logit P(death) = -3.2 + 2.5 mean(s(36..47)) + 0.02 (A - 64)
 * </pre>
 *
 * so that about 15% die. A classifier that knew s would reach an AUROC of about 0.91; from the
 * noisy, incomplete signs, no classifier can.
 *
 * <h2>Observation</h2>
 *
 * Signs are charted at random minutes, more often for sicker patients: in each hour with
 * probability 0.9 for HR, 0.75 for the pressures, 0.65 for urine, 0.4 for temperature and 0.3 for
 * GCS, each multiplied by 0.85 to 1.15 depending on severity.
 *
 * <p>What is measured at all is informative, as in real units, where about half as many of those
 * who die have respiratory rates. The level m decides who is ventilated and who has an arterial
 * line ({@code SysABP, DiasABP, MAP}) rather than a cuff ({@code NISysABP, NIDiasABP, NIMAP}):
 *
 * <pre>
 * logit P(ventilated) = -0.8 + 1.2 m        logit P(arterial line) = -0.4 + 0.8 m
 * </pre>
 *
 * <p>Respiratory rates are charted in 15% of the ventilated stays and 75% of the others
 * (probability 0.85 per hour), saturations from blood gases in 80% and 35% (0.1). Two entries in a
 * thousand are artefacts: the zero of a disconnected lead. Some stays lack height or weight.
 *
 * <p>Codes are those of PhysioNet 2012, so that both share one vocabulary.
 */
package io.tardiff.ehr.simulated;
