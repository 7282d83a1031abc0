package io.tardiff.ehr.simulated;

import com.google.common.hash.Hashing;
import io.tardiff.ehr.EhrEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.joda.time.Instant;

/** One simulated stay; the package documentation has the equations. */
final class SimulatedStay {
  static final int HOURS = 48;

  private static final int LAST_HOURS = 12;
  private static final double ARTEFACTS = 0.002;

  private final String id;
  private final UniformRandomProvider random;
  private final ContinuousSampler normal;
  private final double[] severity = new double[HOURS];
  private final double level;
  private final double age;
  private final double risk;
  private final List<EhrEvent> events = new ArrayList<>();

  SimulatedStay(long seed, long stay) {
    id = "S" + stay;
    // One generator per stay, so that stays do not depend on each other. The seed is hashed because
    // the generator never leaves the all-zero state and is slow to leave states close to it.
    random =
        RandomSource.XO_RO_SHI_RO_128_PP.create(
            Hashing.murmur3_128().newHasher().putLong(seed).putLong(stay).hash().asLong());
    normal = ZigguratSampler.NormalizedGaussian.of(random);
    age = Math.rint(clamp(64 + 15 * normal.sample(), 18, 90));
    severity[0] = normal.sample();
    level = 0.6 * severity[0] + 0.8 * normal.sample();
    for (int h = 1; h < HOURS; h++) {
      severity[h] = severity[h - 1] + 0.06 * (level - severity[h - 1]) + 0.1 * normal.sample();
    }
    double last = 0;
    for (int h = HOURS - LAST_HOURS; h < HOURS; h++) {
      last += severity[h] / LAST_HOURS;
    }
    risk = logistic(-3.2 + 2.5 * last + 0.02 * (age - 64));
    addFacts();
    chart();
  }

  List<EhrEvent> events() {
    return events;
  }

  /** Probability of death, the prediction of a perfect classifier. */
  double risk() {
    return risk;
  }

  private void addFacts() {
    events.add(event(EhrEvent.ADMISSION).setTime(Instant.EPOCH).build());
    fact("Age", age);
    boolean male = random.nextDouble() < 0.56;
    fact("Gender", male ? 1 : 0);
    double height = Math.rint((male ? 176 : 163) + 7 * normal.sample());
    double weight = Math.rint(10 * (height - 92 + 14 * normal.sample())) / 10;
    if (random.nextDouble() < 0.55) {
      fact("Height", height);
    }
    if (random.nextDouble() < 0.92) {
      fact("Weight", Math.max(35, weight));
    }
    fact(EhrEvent.HOSPITAL_DEATH, random.nextDouble() < risk ? 1 : 0);
  }

  private void chart() {
    double bHr = normal.sample();
    double bSbp = normal.sample();
    double bDbp = normal.sample();
    double bRr = normal.sample();
    double bTemp = normal.sample();
    double bUrine = normal.sample();
    double bGcs = normal.sample();
    // What is measured says how ill a patient is: informative missingness.
    String site = random.nextDouble() < logistic(-0.4 + 0.8 * level) ? "" : "NI";
    boolean isVentilated = random.nextDouble() < logistic(-0.8 + 1.2 * level);
    double rrShare = random.nextDouble() < (isVentilated ? 0.15 : 0.75) ? 0.85 : 0;
    double gasShare = random.nextDouble() < (isVentilated ? 0.8 : 0.35) ? 0.1 : 0;
    for (int h = 0; h < HOURS; h++) {
      double s = severity[h];
      double ill = StrictMath.log1p(StrictMath.exp(2 * s)) / 2;
      double care = clamp(1 + 0.1 * s, 0.85, 1.15);
      double sbp = 122 + 12 * bSbp - 9 * s + 5 * normal.sample();
      double dbp = 61 + 7 * bDbp - 4 * s + 3 * normal.sample();
      double map = dbp + (sbp - dbp) / 3 + 1.5 * normal.sample();
      double hr = 84 + 9 * bHr + 8 * s + 3 * daily(h, 16) + 3 * normal.sample();
      double rr = 17 + 2 * bRr + 2.5 * s + 1.5 * normal.sample();
      double temp = 36.8 + 0.35 * bTemp + 0.3 * ill + 0.15 * daily(h, 18) + 0.1 * normal.sample();
      double saturation = Math.min(100, 98 - 1.6 * ill + 0.7 * normal.sample());
      double urine = 90 * StrictMath.exp(0.35 * bUrine - 0.45 * s + 0.4 * normal.sample());
      double gcs = clamp(14.8 + bGcs - 2.6 * ill + 0.5 * normal.sample(), 3, 15);
      if (isCharted(0.9 * care)) {
        chartValue(h, minute(), "HR", hr, 1);
      }
      if (isCharted(0.75 * care)) {
        int minute = minute();
        chartValue(h, minute, site + "SysABP", sbp, 1);
        chartValue(h, minute, site + "DiasABP", dbp, 1);
        chartValue(h, minute, site + "MAP", map, 1);
      }
      if (isCharted(rrShare * care)) {
        chartValue(h, minute(), "RespRate", rr, 1);
      }
      if (isCharted(0.4 * care)) {
        chartValue(h, minute(), "Temp", temp, 0.1);
      }
      if (isCharted(gasShare * care)) {
        chartValue(h, minute(), "SaO2", saturation, 1);
      }
      if (isCharted(0.65 * care)) {
        chartValue(h, minute(), "Urine", urine, 5);
      }
      if (isCharted(0.3 * care)) {
        chartValue(h, minute(), "GCS", gcs, 1);
      }
    }
  }

  private boolean isCharted(double probability) {
    return random.nextDouble() < probability;
  }

  private int minute() {
    return random.nextInt(60);
  }

  /** Charts a value, rounded as a nurse would, or occasionally the zero of a disconnected lead. */
  private void chartValue(int hour, int minute, String code, double value, double resolution) {
    double charted = Math.max(0, Math.rint(value / resolution) * resolution);
    boolean artefact = random.nextDouble() < ARTEFACTS;
    events.add(
        event(code)
            .setTime(Instant.ofEpochSecond((hour * 60L + minute) * 60))
            .setNumericValue(artefact ? 0 : charted)
            .build());
  }

  private void fact(String code, double value) {
    events.add(event(code).setNumericValue(value).build());
  }

  private EhrEvent.Builder event(String code) {
    return EhrEvent.builder().setSubjectId(id).setStayId(id).setCode(code);
  }

  /** Circadian rhythm from -1 to 1, highest at hour {@code peak}. */
  private static double daily(int hour, int peak) {
    return StrictMath.cos(2 * Math.PI * (hour - peak) / 24);
  }

  private static double logistic(double logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }

  private static double clamp(double value, double low, double high) {
    return Math.max(low, Math.min(value, high));
  }
}
