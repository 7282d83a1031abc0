package io.tardiff.progress;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_ERR)
class SharedProgressTest {
  private static List<String> lines(Runnable phase) {
    PrintStream before = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      phase.run();
    } finally {
      System.setErr(before);
    }
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("Shared phase"))
        .toList();
  }

  @Test
  void instancesAdvanceOnePhaseThatEndsWithItsTotal() {
    assertThat(
        lines(
            () -> {
              try (SharedProgress first = SharedProgress.start("a", "Shared phase", 5, "steps");
                  SharedProgress second = SharedProgress.start("a", "Shared phase", 5, "steps")) {
                first.advance(2);
                second.advance(3);
                System.err.println("Shared phase is over");
              }
            }),
        contains(
            containsString("Shared phase: 5 steps in"), containsString("Shared phase is over")));
  }

  @Test
  void otherKeysAreOtherPhases() {
    assertThat(
        lines(
            () -> {
              try (SharedProgress first = SharedProgress.start("a", "Shared phase", 5, "steps");
                  SharedProgress second = SharedProgress.start("b", "Shared phase", 5, "steps")) {
                first.advance(5);
                second.advance(4);
              }
            }),
        contains(
            containsString("Shared phase: 5 steps in"),
            containsString("Shared phase: stopped at 4 of 5 steps")));
  }

  /** Runners tear down late. */
  @Test
  void unitsThatAreToldAtTheEndTakeNoTime() {
    AtomicLong nanos = new AtomicLong();
    List<String> log = new ArrayList<>();
    Progress progress =
        new Progress("Phase", 0, "rows", nanos::get, new LogDisplay(log::add), log::add);
    nanos.set(6_000_000_000L);
    progress.advance(600);
    log.clear();
    nanos.set(90_000_000_000L);
    progress.addLate(30);
    progress.close();
    assertThat(log, contains("Phase: 630 rows in 6.0s (105 rows/s)"));
  }

  /** Most runs are small, and their console is for what matters. */
  @Test
  void shortPhaseOfUnknownLengthIsSilent() {
    assertThat(
        lines(
            () -> {
              try (SharedProgress only = SharedProgress.start("a", "Shared phase", 0, "rows")) {
                only.advance(1000);
              }
            }),
        empty());
  }
}
