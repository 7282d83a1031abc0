package io.tardiff.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.files.Lease.Claim;
import io.tardiff.files.Lease.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  /** A process on another machine, which cannot be looked up. */
  private static final Claim ELSEWHERE =
      new Claim("ward-7", "another boot", 42, "", "2026-01-02T03:04:05Z", 0, false);

  private static final Duration LONG = Duration.ofHours(1);

  @TempDir private Path directory;
  private final List<String> notices = new ArrayList<>();

  private String root() {
    return directory + "/";
  }

  /** Takes the lease; {@code meanwhile} runs during the watch. */
  private Lease take(Claim claim, Callable<?> meanwhile) throws IOException {
    Timing timing =
        new Timing(
            LONG,
            Duration.ofSeconds(60),
            millis -> {
              try {
                meanwhile.call();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    return Lease.take(root(), claim, timing, notices::add);
  }

  private Lease take(Claim claim) throws IOException {
    return take(
        claim,
        () -> {
          return null;
        });
  }

  private List<Path> claims() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> Lease.isClaim(file.getFileName().toString())).toList();
    }
  }

  private void write(String name, Claim claim) throws IOException {
    Files.writeString(directory.resolve(name), Json.pretty(claim));
  }

  @Test
  void releasedLeaseLeavesNoFile() throws IOException {
    try (Lease lease = take(Claim.ofThisProcess())) {
      assertThat(claims(), hasItem(Path.of(lease.path())));
    }
    assertThat(claims(), is(empty()));
    assertThat(notices, is(empty()));
  }

  @Test
  void liveProcessOnThisMachineIsReportedWithoutWaiting() throws IOException {
    try (Lease first = take(Claim.ofThisProcess())) {
      String refusal =
          assertThrows(IllegalStateException.class, () -> take(ELSEWHERE, Assertions::unreachable))
              .getMessage();
      assertThat(refusal, containsString("is in use by process " + ProcessHandle.current().pid()));
      assertThat(claims(), is(List.of(Path.of(first.path()))));
    }
  }

  @Test
  void claimOfADeadProcessOnThisMachineIsTakenOverWithoutWaiting() throws IOException {
    Claim self = Claim.ofThisProcess();
    // The process id was reused since.
    write(
        "run.lease-dead",
        new Claim(
            self.host(), self.machine(), self.process(), "2001-01-01T00:00:00Z", "", 3, false));
    try (Lease lease = take(self, Assertions::unreachable)) {
      assertThat(claims(), is(List.of(Path.of(lease.path()))));
    }
  }

  @Test
  void renewedClaimIsNotTakenOver() throws IOException {
    write("run.lease-a", ELSEWHERE);
    String refusal =
        assertThrows(
                IllegalStateException.class,
                () ->
                    take(
                        Claim.ofThisProcess(),
                        () -> {
                          write("run.lease-a", ELSEWHERE.renewed());
                          return null;
                        }))
            .getMessage();
    assertThat(refusal, containsString("process 42 on ward-7 since 2026-01-02T03:04:05Z"));
    assertThat(claims(), hasSize(1));
  }

  @Test
  void claimThatIsNotRenewedIsTakenOver() throws IOException {
    write("run.lease-a", ELSEWHERE);
    try (Lease lease = take(Claim.ofThisProcess())) {
      assertThat(claims(), is(List.of(Path.of(lease.path()))));
    }
    assertThat(notices.get(0), containsString("was in use by process 42 on ward-7"));
    assertThat(notices.get(0), containsString("waiting 60 s"));
  }

  @Test
  void damagedClaimIsWatchedLikeAnyOther() throws IOException {
    Files.writeString(directory.resolve("run.lease-a"), "{\"host\" : \"wa");
    take(Claim.ofThisProcess()).close();
    assertThat(notices, hasSize(1));
    assertThat(claims(), is(empty()));
  }

  @Test
  void claimMadeDuringTheWatchIsNotTakenOver() throws IOException {
    write("run.lease-a", ELSEWHERE);
    assertThrows(
        IllegalStateException.class,
        () ->
            take(
                Claim.ofThisProcess(),
                () -> {
                  write("run.lease-b", ELSEWHERE);
                  return null;
                }));
  }

  @Test
  void claimOfASubmittedJobIsTakenOverOnlyIfNoFileChanges() throws IOException {
    Lease submitted = take(ELSEWHERE);
    submitted.handOver();
    submitted.close();
    assertThat(claims(), hasSize(1));
    String refusal =
        assertThrows(
                IllegalStateException.class,
                () ->
                    take(
                        Claim.ofThisProcess(),
                        () -> Files.writeString(directory.resolve("shard"), "more")))
            .getMessage();
    assertThat(refusal, containsString("a job that was submitted from ward-7"));
    try (Lease lease = take(Claim.ofThisProcess())) {
      assertThat(claims(), is(List.of(Path.of(lease.path()))));
    }
  }

  @Test
  void endIfSubmittedDeletesOnlyHandedOverClaims() throws IOException {
    Lease lease = take(ELSEWHERE);
    Lease.endIfSubmitted(lease.path());
    assertThat(claims(), hasSize(1));
    lease.handOver();
    Lease.endIfSubmitted(lease.path());
    assertThat(claims(), is(empty()));
    Lease.endIfSubmitted(lease.path());
  }

  @Test
  void holderRenewsItsClaim() throws Exception {
    Timing fast = new Timing(Duration.ofMillis(5), LONG, Thread::sleep);
    try (Lease lease = Lease.take(root(), Claim.ofThisProcess(), fast, notices::add)) {
      long renewals = 0;
      for (int i = 0; i < 2000 && renewals < 2; i++) {
        Thread.sleep(5);
        renewals =
            Json.RECORDS.readValue(Files.readString(Path.of(lease.path())), Claim.class).renewals();
      }
      assertThat(renewals, is(greaterThan(1L)));
    }
    assertThat(claims(), is(empty()));
  }

  @Test
  void holderWhoseClaimWasDeletedDoesNotRecreateIt() throws Exception {
    Timing fast = new Timing(Duration.ofMillis(5), LONG, Thread::sleep);
    Lease lease = Lease.take(root(), Claim.ofThisProcess(), fast, notices::add);
    Lease.end(lease.path());
    Thread.sleep(100);
    // A renewal in progress during the deletion may have rewritten the claim.
    Lease.end(lease.path());
    Thread.sleep(100);
    assertThat(claims(), is(empty()));
    lease.close();
  }

  @Test
  void atMostOneOfSeveralSimultaneousStartsGetsTheLease() throws Exception {
    int contenders = 8;
    ExecutorService threads = Executors.newFixedThreadPool(contenders);
    CyclicBarrier start = new CyclicBarrier(contenders);
    // No waiting: a live holder would renew its claim during the watch.
    Timing alive =
        new Timing(
            LONG,
            LONG,
            millis -> {
              throw new IllegalStateException("is in use by a live process");
            });
    try {
      for (int round = 0; round < 20; round++) {
        List<Future<Lease>> attempts = new ArrayList<>();
        for (int i = 0; i < contenders; i++) {
          attempts.add(
              threads.submit(
                  () -> {
                    start.await();
                    return Lease.take(root(), ELSEWHERE, alive, line -> {});
                  }));
        }
        List<Lease> held = new ArrayList<>();
        for (Future<Lease> attempt : attempts) {
          try {
            held.add(attempt.get());
          } catch (ExecutionException e) {
            assertThat(e.getCause().getMessage(), containsString("is in use by"));
          }
        }
        assertThat(held.size(), is(lessThanOrEqualTo(1)));
        held.forEach(Lease::close);
        assertThat(claims(), is(empty()));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static final class Assertions {
    static Void unreachable() {
      throw new AssertionError("waited");
    }
  }
}
