package io.tardiff.ehr;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Throwables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.NoSuchSchemaException;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersTest {
  private final Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());

  @Test
  void passesUpToTheThreshold() throws Exception {
    PCollection<Long> bad = read(98, letters(2, "odd")).apply(DeadLetterThreshold.of(0.02));

    PAssert.thatSingleton(bad).isEqualTo(2L);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void noDeadLettersPassThresholdZero() throws Exception {
    PCollection<Long> bad = read(5, List.of()).apply(DeadLetterThreshold.of(0));

    PAssert.thatSingleton(bad).isEqualTo(0L);
    pipeline.run().waitUntilFinish();
  }

  @Test
  void failsAboveTheThresholdWithTheReasons() throws Exception {
    List<DeadLetter> letters = new ArrayList<>(letters(2, "odd"));
    letters.addAll(letters(1, "rare"));
    read(97, letters).apply(DeadLetterThreshold.of(0.02));

    Exception e = assertThrows(Exception.class, () -> pipeline.run().waitUntilFinish());

    assertThat(
        Throwables.getRootCause(e).getMessage(),
        allOf(
            startsWith("3 of 100 rows (3.00%) could not be read"),
            containsString("deadLetterThreshold (2.00%)"),
            endsWith(": odd (2), rare (1)")));
  }

  @Test
  void rejectsAnInvalidShare() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> DeadLetterThreshold.of(1.5))
            .getMessage(),
        is("deadLetterThreshold must be from 0 to 1, was 1.5"));
  }

  @Test
  void fileHasOneLinePerSourceAndReason(@TempDir Path directory) throws Exception {
    List<DeadLetter> letters = new ArrayList<>(letters(3, "odd"));
    letters.add(DeadLetter.of("table", 17L, "even \"worse\""));
    read(1, letters).get(EhrTags.deadLetters()).apply(WriteDeadLetters.to(directory.toString()));
    pipeline.run().waitUntilFinish();

    assertThat(
        Files.readAllLines(directory.resolve("dead-letter/dead-letters.jsonl")),
        containsInAnyOrder(
            "{\"source\":\"file\",\"reason\":\"odd\",\"count\":3}",
            "{\"source\":\"table\",\"line\":17,\"reason\":\"even \\\"worse\\\"\",\"count\":1}"));
  }

  @Test
  void fileIsEmptyWithoutDeadLetters(@TempDir Path directory) throws Exception {
    read(1, List.of()).get(EhrTags.deadLetters()).apply(WriteDeadLetters.to(directory.toString()));
    pipeline.run().waitUntilFinish();

    assertThat(Files.size(directory.resolve("dead-letter/dead-letters.jsonl")), is(0L));
  }

  private static List<DeadLetter> letters(int count, String reason) {
    return Collections.nCopies(count, DeadLetter.of("file", null, reason));
  }

  private PCollectionTuple read(int events, List<DeadLetter> letters) throws NoSuchSchemaException {
    EhrEvent event = EhrEvent.builder().setSubjectId("1").setCode("HR").build();
    return PCollectionTuple.of(
            EhrTags.events(),
            pipeline.apply("Some events", Create.of(Collections.nCopies(events, event))))
        .and(
            EhrTags.deadLetters(),
            pipeline.apply(
                "Some dead letters",
                Create.of(letters)
                    .withCoder(pipeline.getSchemaRegistry().getSchemaCoder(DeadLetter.class))));
  }
}
