package io.tardiff.ehr.fhir;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs the patients who have times with and without UTC offsets. */
final class WarnOfOffsets extends PTransform<PCollection<KV<String, Integer>>, PCollection<Long>> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(FhirR4.class);
  private static final String ALL = "patients";

  @Override
  public PCollection<Long> expand(PCollection<KV<String, Integer>> offsets) {
    return offsets
        .apply("Of each patient", Combine.perKey(new Union()))
        .apply("Both kinds", Filter.by(patient -> patient.getValue() == Offsets.BOTH))
        .apply(
            "Patients",
            MapElements.into(
                    TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.longs()))
                .via(patient -> KV.of(ALL, 1L)))
        .apply("Count", Sum.longsPerKey())
        .apply("Warn", ParDo.of(new WarnFn()));
  }

  private static final class Union implements SerializableFunction<Iterable<Integer>, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer apply(Iterable<Integer> offsets) {
      int union = Offsets.NONE;
      for (int kinds : offsets) {
        union |= kinds;
      }
      return union;
    }
  }

  private static final class WarnFn extends DoFn<KV<String, Long>, Long> {
    private final Counter mixed = Metrics.counter("tardiff.ehr.fhir", "patientsWithMixedOffsets");

    @ProcessElement
    public void process(@Element KV<String, Long> count, OutputReceiver<Long> output) {
      mixed.inc(count.getValue());
      LOG.warn(
          "{} patients have times with and without a UTC offset; those without are read as UTC,"
              + " so some values may be hours off",
          count.getValue());
      output.output(count.getValue());
    }
  }
}
