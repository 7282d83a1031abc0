package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Throwables;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.PipelineOptionsValidator;
import org.apache.flink.runtime.JobException;
import org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException;
import org.junit.jupiter.api.Test;

/** An exception and its stack trace from a cluster are described alike. */
class FailuresTest {
  private static String describe(Throwable failure) {
    String here = Failures.describe(failure);
    assertThat(Failures.describe(Throwables.getStackTraceAsString(failure)), is(here));
    return here;
  }

  @Test
  void innermostCauseOfThisLibraryIsReported() {
    assertThat(
        describe(
            new RuntimeException(
                "wrapped",
                new IllegalStateException(
                    "the loss is not a number", new ArithmeticException("/ by zero")))),
        is("the loss is not a number"));
    assertThat(
        describe(new IllegalStateException("outer", new IOException("disk is full"))),
        is("disk is full"));
  }

  @Test
  void messageOfADecoderIsReportedWithTheFile() {
    assertThat(
        describe(
            new RuntimeException(
                new IOException("cannot read a.gz: it is damaged", new EOFException()))),
        is("cannot read a.gz: it is damaged"));
    assertThat(
        describe(
            new IOException("cannot read a.gz: it is damaged", new IOException("data is corrupt"))),
        is("cannot read a.gz: it is damaged"));
    assertThat(
        describe(
            new IOException(
                "cannot read a.gz: it is damaged", new IllegalArgumentException("length"))),
        is("cannot read a.gz: it is damaged"));
    assertThat(
        describe(new UncheckedIOException("cannot read a.npy", new IOException("disk is gone"))),
        is("cannot read a.npy: disk is gone"));
  }

  @Test
  void messageOfSeveralLinesIsReportedCompletely() {
    assertThat(
        describe(new RuntimeException(new IllegalArgumentException("Cannot run:\n  --a\n  --b"))),
        is("Cannot run:\n  --a\n  --b"));
  }

  @Test
  void causeThatRepeatsTheNextOneIsSkipped() {
    Exception inner = new ArithmeticException("/ by zero");
    assertThat(
        describe(new IllegalStateException(inner)), is("java.lang.ArithmeticException: / by zero"));
  }

  @Test
  void rootCauseIsReportedOtherwise() {
    assertThat(
        describe(new RuntimeException("wrapped", new NullPointerException())),
        is("java.lang.NullPointerException"));
  }

  @Test
  void otherTextIsReportedUnchanged() {
    assertThat(Failures.describe(" Job not found \n"), is("Job not found"));
  }

  @Test
  void lostTaskManagerIsReported() {
    for (String lost :
        List.of(
            "TaskManager with id taskmanager-1 is no longer reachable.",
            "The heartbeat of TaskManager with id taskmanager-1 timed out.",
            "Connection unexpectedly closed by remote task manager 'host/127.0.0.1:1 [ 1 ] '.")) {
      assertThat(
          describe(
              new JobException(
                  "Recovery is suppressed by NoRestartBackoffTimeStrategy",
                  new TimeoutException(lost))),
          startsWith("a TaskManager was lost, and Flink does not restart this job"));
    }
  }

  @Test
  void otherFailureWithoutRestartIsReportedByItsCause() {
    assertThat(
        describe(
            new JobException(
                "Recovery is suppressed by NoRestartBackoffTimeStrategy",
                new IllegalStateException("more than 1 % of the rows are dead letters"))),
        is("more than 1 % of the rows are dead letters"));
  }

  @Test
  void tooFewSlotsAreReported() {
    assertThat(
        describe(
            new RuntimeException(
                new NoResourceAvailableException(
                    "Could not acquire the minimum required resources"))),
        startsWith("Flink did not find enough free task slots"));
    assertThat(
        describe(new TimeoutException("Pending slot request timed out in slot pool.")),
        startsWith("Flink did not find enough free task slots"));
  }

  @Test
  void requiredOptionOfARunnerIsReportedByName() {
    DataflowPipelineOptions options =
        PipelineOptionsFactory.create().as(DataflowPipelineOptions.class);
    options.setProject(null);
    Throwable failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> PipelineOptionsValidator.validate(DataflowPipelineOptions.class, options));
    assertThat(Failures.describe(failure), startsWith("--project is missing: Project id."));
  }
}
