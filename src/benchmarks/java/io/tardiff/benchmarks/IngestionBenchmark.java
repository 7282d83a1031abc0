package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.Concept;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.cohort.Split;
import io.tardiff.ehr.EhrEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.joda.time.Instant;

/**
 * Measures building a cohort from events, and prints events per second and the peak memory of the
 * process as JSON.
 *
 * <pre>
 * mvn -q test-compile exec:exec@benchmark -Dbenchmark=IngestionBenchmark \
 *     -Dbenchmark.args="20000000 --runner=DirectRunner"
 * mvn -q test-compile exec:exec@benchmark -Dbenchmark=IngestionBenchmark \
 *     -Dbenchmark.args="20000000 --runner=FlinkRunner --flinkMaster=[local] --parallelism=2"
 * </pre>
 *
 * <p>The argument is the number of events. A stay lasts two weeks and has 4,000 events at random
 * times, of the nine channels of the cohort and as many unused codes, so about one in fourteen is
 * used and falls into the 48-hour window. The time includes generating the events. Peak memory
 * never falls within a process, so start one for each figure.
 */
public final class IngestionBenchmark {
  private static final int EVENTS_PER_STAY = 4_000;
  private static final int STAYS_PER_ELEMENT = 4;
  private static final long STAY_MILLIS = 14 * 86_400_000L;

  private IngestionBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    checkArgument(arguments.length >= 1, "arguments must be the number of events and options");
    long events = Long.parseLong(arguments[0]);
    long stays = events / EVENTS_PER_STAY;
    Path directory = Files.createTempDirectory("tardiff-ingestion");
    Pipeline pipeline = Benchmarks.pipeline(arguments, 1);
    List<Long> firsts =
        LongStream.iterate(0, first -> first < stays, first -> first + STAYS_PER_ELEMENT)
            .boxed()
            .toList();
    pipeline
        .apply("Stays", Create.of(firsts))
        .apply("Spread", Reshuffle.<Long>viaRandomKey().withNumBuckets(256))
        .apply("Generate", ParDo.of(new GenerateFn()))
        .apply("Build cohort", BuildCohort.to(directory.toString()));
    long start = System.nanoTime();
    pipeline.run().waitUntilFinish();
    double seconds = (System.nanoTime() - start) / 1e9;

    Cohort cohort = Cohort.open(directory.toString());
    ObjectNode json = Benchmarks.report();
    json.put("runner", pipeline.getOptions().getRunner().getSimpleName());
    json.put("events", stays * EVENTS_PER_STAY);
    json.put("stays", stays);
    json.put("windows", Arrays.stream(Split.values()).mapToLong(cohort::count).sum());
    json.put("cohort_hash", cohort.hash());
    json.put("seconds", seconds);
    json.put("events_per_second", stays * EVENTS_PER_STAY / seconds);
    Benchmarks.finish(json);
  }

  private static final class GenerateFn extends DoFn<Long, EhrEvent> {
    private static final List<Concept> CONCEPTS =
        CohortConfig.DEFAULT_CHANNELS.stream().map(ConceptDictionary.standard()::channel).toList();

    @ProcessElement
    public void process(@Element Long first, OutputReceiver<EhrEvent> output) {
      for (long stay = first; stay < first + STAYS_PER_ELEMENT; stay++) {
        String id = Long.toString(stay);
        SplittableRandom random = new SplittableRandom(stay);
        output.output(event(id, EhrEvent.ADMISSION, 0, null));
        output.output(event(id, EhrEvent.DISCHARGE, STAY_MILLIS, null));
        output.output(
            event(id, EhrEvent.HOSPITAL_DEATH, STAY_MILLIS, (double) (stay % 7 == 0 ? 1 : 0)));
        for (int i = 3; i < EVENTS_PER_STAY; i++) {
          int channel = random.nextInt(2 * CohortConfig.DEFAULT_CHANNELS.size());
          String code =
              channel < CohortConfig.DEFAULT_CHANNELS.size()
                  ? CohortConfig.DEFAULT_CHANNELS.get(channel)
                  : "unwanted-" + channel;
          Concept concept = CONCEPTS.get(channel % CONCEPTS.size());
          double value =
              concept.validLow() + (concept.validHigh() - concept.validLow()) * random.nextDouble();
          output.output(event(id, code, random.nextLong(STAY_MILLIS), value));
        }
      }
    }

    private static EhrEvent event(String stay, String code, long millis, Double value) {
      return EhrEvent.builder()
          .setSubjectId(stay)
          .setStayId(stay)
          .setTime(new Instant(millis))
          .setCode(code)
          .setNumericValue(value)
          .build();
    }
  }
}
