package io.tardiff.progress;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(3));
  private final List<String> log = new ArrayList<>();

  private Progress start(long total) {
    return new Progress(
        "Training the denoiser", total, "steps", now::get, new LogDisplay(log::add), log::add);
  }

  private void pass(double seconds) {
    now.addAndGet((long) (seconds * 1e9));
  }

  @Test
  void aFinishedPhaseLeavesOneLineWithItsRateAndLastNote() {
    try (Progress progress = start(7500)) {
      progress.note("loss %.2f", 0.4);
      pass(2);
      progress.advance(7500);
      progress.note("loss %.2f", 0.31);
    }
    assertThat(
        log, contains("Training the denoiser: 7,500 steps in 2.0s (3,750 steps/s), loss 0.31"));
  }

  @Test
  void aShortPhaseLogsNothingBeforeItsEnd() {
    Progress progress = start(10);
    for (int i = 0; i < 10; i++) {
      pass(0.4);
      progress.advance(1);
    }
    assertThat(log, is(empty()));
    progress.close();
    assertThat(log, contains("Training the denoiser: 10 steps in 4.0s (2.5 steps/s)"));
  }

  @Test
  void logsAfterFiveSecondsAndThenEveryFifteen() {
    Progress progress = start(1000);
    List<Integer> logged = new ArrayList<>();
    for (int second = 1; second <= 40; second++) {
      int before = log.size();
      pass(1);
      progress.advance(10);
      if (log.size() > before) {
        logged.add(second);
      }
    }
    assertThat(logged, contains(5, 20, 35));
    assertThat(
        log.get(1),
        is("Training the denoiser: 20 % (200 of 1,000 steps), 10.0 steps/s, 1m 20s left"));
  }

  @Test
  void oneLineOnlyAfterALongSilence() {
    Progress progress = start(100);
    pass(3600);
    progress.advance(1);
    progress.advance(1);
    assertThat(log, hasSize(1));
    assertThat(log.get(0), containsString("1h 00m each"));
  }

  @Test
  void phaseCutShortIsNotReportedAsDone() {
    assertThrows(
        IllegalStateException.class,
        () -> {
          try (Progress progress = start(100)) {
            pass(98);
            progress.advance(25);
            throw new IllegalStateException("loss is NaN");
          }
        });
    assertThat(
        log.get(log.size() - 1),
        is("Training the denoiser: stopped at 25 of 100 steps after 1m 38s"));
  }

  /** A fit of minutes cannot tell how far it is. */
  @Test
  void showsThatALongCallIsRunning() throws InterruptedException {
    BlockingQueue<String> shown = new LinkedBlockingQueue<>();
    try (Progress progress =
        new Progress("Fitting", 2, "fits", now::get, new LogDisplay(shown::add), line -> {})) {
      try (Progress.Working fitting = progress.working("gru, seed 3")) {
        pass(7);
        assertThat(
            shown.poll(60, TimeUnit.SECONDS),
            is("Fitting: 0 % (0 of 2 fits), gru, seed 3 for 7.0s"));
      }
      progress.note("AUROC 0.8");
      pass(20);
      progress.advance(1);
      assertThat(shown.poll(60, TimeUnit.SECONDS), containsString("left, AUROC 0.8"));
    }
  }

  @Test
  void phaseMayEndEarly() {
    try (Progress progress = start(100)) {
      pass(5);
      progress.advance(25);
      progress.finish();
    }
    assertThat(
        log.get(log.size() - 1), is("Training the denoiser: 25 steps in 5.0s (5.0 steps/s)"));
  }

  @Test
  void unitsOfAnEarlierRunCountForTheTotalButNotForTheRate() {
    Progress progress = start(1000);
    progress.skip(900);
    pass(10);
    progress.advance(50);
    assertThat(
        log, contains("Training the denoiser: 95 % (950 of 1,000 steps), 5.0 steps/s, 10.0s left"));
  }

  @Test
  void anUnknownTotalHasNeitherPercentNorEnd() {
    Progress progress = start(0);
    pass(10);
    progress.advance(500);
    progress.close();
    assertThat(
        log,
        contains(
            "Training the denoiser: 500 steps in 10.0s, 50.0 steps/s",
            "Training the denoiser: 500 steps in 10.0s (50.0 steps/s)"));
  }

  @Test
  void closingTwiceWritesOneLine() {
    Progress progress = start(1);
    progress.advance(1);
    progress.close();
    progress.close();
    progress.advance(1);
    assertThat(log, hasSize(1));
  }

  @Test
  void isCompleteWithItsLastUnit() {
    Progress progress = start(10);
    progress.skip(4);
    progress.advance(5);
    assertThat(progress.isComplete(), is(false));
    progress.advance(1);
    assertThat(progress.isComplete(), is(true));
    Progress unknown = start(0);
    unknown.advance(5);
    assertThat(unknown.isComplete(), is(false));
  }

  @Test
  void manyThreadsLoseNoUnit() {
    Progress progress = start(8000);
    IntStream.range(0, 8000).parallel().forEach(i -> progress.advance(1));
    pass(1);
    progress.close();
    assertThat(log, contains("Training the denoiser: 8,000 steps in 1.0s (8,000 steps/s)"));
  }

  @Test
  void rejectsNegativeCounts() {
    assertThrows(IllegalArgumentException.class, () -> start(-1));
    assertThrows(IllegalArgumentException.class, () -> start(1).advance(-1));
    assertThrows(IllegalArgumentException.class, () -> start(1).skip(-1));
  }
}
