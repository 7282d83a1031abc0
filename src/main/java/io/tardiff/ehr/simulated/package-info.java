/**
 * A simulated intensive care unit: patients that nobody has to protect, with a known dependence of
 * death on the trajectories.
 *
 * <p>It serves to try every part of the library without data, to test at any size, and to tell
 * whether a model finds what is there to be found. It is a small model of how the vital signs hang
 * together and not a model of any disease.
 *
 * <h2>Severity</h2>
 *
 * Each stay has a latent severity s(h), a mean-reverting walk over the hours h of the stay around a
 * level m of its own:
 *
 * <pre>
 * s(0) ~ N(0, 1)        m = 0.6 s(0) + N(0, 0.8)
 * s(h+1) = s(h) + 0.06 (m - s(h)) + N(0, 0.1)
 * </pre>
 *
 * <h2>Signs</h2>
 *
 * With s = s(h), s+ = ln(1 + e^(2s)) / 2 (only the ill part of it), b a standard normal number per
 * stay and channel, and e noise of each hour:
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
 * With the age A ~ N(64, 15) kept within 18 to 90 years, the outcome is drawn with
 *
 * <pre>
 * logit P(death) = -3.2 + 2.5 mean(s(36..47)) + 0.02 (A - 64)
 * </pre>
 *
 * which gives about 15 % deaths. Knowing s itself an AUROC of about 0.91 is possible; from the
 * noisy, incomplete signs a classifier must stay below that.
 *
 * <h2>Observation</h2>
 *
 * Signs are charted at random minutes, more often in the ill: an hour has an entry of HR with
 * probability 0.9, of the pressures 0.75, urine 0.65, temperature 0.4, GCS 0.3, each multiplied by
 * 0.85 to 1.15 with severity. 45 % of the stays have an arterial line ({@code SysABP, DiasABP,
 * MAP}), the others a cuff ({@code NISysABP, NIDiasABP, NIMAP}); 60 % have charted respiratory
 * rates and 50 % blood gases with a saturation now and then. Two entries in a thousand are
 * artefacts: a zero, as of a lead that is off. Height and weight are unknown in some stays.
 *
 * <p>Codes are those of PhysioNet 2012, so that one vocabulary serves both.
 */
package io.tardiff.ehr.simulated;
