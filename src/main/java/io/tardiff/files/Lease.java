package io.tardiff.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.common.annotations.VisibleForTesting;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exclusive use of a directory on any Beam file system, by one process at a time.
 *
 * <pre>{@code
 * try (Lease lease = Lease.take("gs://bucket/run/", out::println)) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Each process writes a claim of its own, {@code run.lease-<random>}, and then lists the claims:
 * where two start at once, at least one of them sees the other and withdraws. Beam's {@link
 * FileSystems} has no create-if-absent that every file system honours; this needs only what they
 * all give, that a listing shows the files written before it.
 *
 * <p>The holder renews its claim every 15 seconds. A process that finds a claim watches it for 60
 * seconds: it refuses to start when the claim changes, and takes over when it does not. Clocks are
 * never compared, so those of two machines may differ. The wait is saved where the claim was left
 * by a process of the same machine that has ended.
 *
 * <p>A process that submits a job to a cluster and leaves calls {@link #handOver}. Nobody renews
 * the claim from then on; a later process watches the directory's other files instead, and the job
 * ends the claim with {@link #endIfSubmitted}.
 */
@Internal
public final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private static final String PREFIX = "run.lease-";

  private static final Timing TIMING =
      new Timing(Duration.ofSeconds(15), Duration.ofSeconds(60), Thread::sleep);

  /** How often a claim is renewed, and how long another one is watched. */
  record Timing(Duration renewal, Duration watch, Sleeper sleeper) {}

  /** {@link Thread#sleep}, or a test's. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(long millis) throws InterruptedException;
  }

  /**
   * The content of a claim.
   *
   * @param machine identity of the booted machine and its process namespace; empty where unknown
   * @param process process id
   * @param processStarted when the process began; tells it from a later one of the same id
   * @param since when the claim was made
   * @param renewals how often it was renewed
   * @param submitted whether its job goes on without the process
   */
  record Claim(
      String host,
      String machine,
      long process,
      String processStarted,
      String since,
      long renewals,
      boolean submitted) {

    /** A damaged file: its holder, if it lives, writes it again within the watch. */
    private static final Claim UNREADABLE =
        new Claim("an unknown host", "", 0, "", "an unknown time", 0, false);

    static Claim ofThisProcess() {
      ProcessHandle self = ProcessHandle.current();
      return new Claim(
          hostName(), machineId(), self.pid(), startOf(self), Instant.now().toString(), 0, false);
    }

    Claim renewed() {
      return new Claim(host, machine, process, processStarted, since, renewals + 1, submitted);
    }

    Claim handedOver() {
      return new Claim(host, machine, process, processStarted, since, renewals + 1, true);
    }

    /** Whether its process can be looked up, so that there is no need to wait. */
    boolean isOfThisMachine() {
      return !submitted && !machine.isEmpty() && machine.equals(machineId());
    }

    boolean hasEnded() {
      return isOfThisMachine()
          && ProcessHandle.of(process)
              .filter(handle -> handle.isAlive() && startOf(handle).equals(processStarted))
              .isEmpty();
    }

    private static String startOf(ProcessHandle handle) {
      return handle.info().startInstant().map(Instant::toString).orElse("");
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "an unnamed host";
      }
    }

    /** Process ids mean something only within one boot and one process namespace. */
    private static String machineId() {
      try {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
            + " "
            + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
      } catch (IOException | UnsupportedOperationException e) {
        return "";
      }
    }
  }

  private final String path;
  private final ScheduledExecutorService renewing;
  private Claim claim;
  private boolean ended;

  private Lease(String path, Claim claim, Timing timing) {
    this.path = path;
    this.claim = claim;
    this.renewing =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lease");
              thread.setDaemon(true);
              return thread;
            });
    long millis = timing.renewal().toMillis();
    renewing.scheduleAtFixedRate(this::renew, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the lease, after a wait of up to a minute where a claim is there whose holder may have
   * died.
   *
   * @param directory ends with a separator; need not exist
   * @param notice is given a line for a person before such a wait
   * @throws IllegalStateException if another process holds the lease
   */
  public static Lease take(String directory, Consumer<String> notice) throws IOException {
    return take(directory, Claim.ofThisProcess(), TIMING, notice);
  }

  @VisibleForTesting
  static Lease take(String directory, Claim claim, Timing timing, Consumer<String> notice)
      throws IOException {
    endStaleClaims(directory, timing, notice);
    String path = AtomicFile.resolve(directory, PREFIX + UUID.randomUUID());
    write(path, claim);
    Lease lease = new Lease(path, claim, timing);
    try {
      Map<String, Claim> others = claims(directory);
      others.remove(AtomicFile.name(path));
      if (!others.isEmpty()) {
        throw inUse(directory, others.values().iterator().next());
      }
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
    return lease;
  }

  /** Whether a file of a directory is a claim, which is no content of it. */
  public static boolean isClaim(String name) {
    return name.startsWith(PREFIX);
  }

  /** The file of the claim. */
  public String path() {
    return path;
  }

  /**
   * Leaves the claim to a job that goes on without this process; closing is then without effect.
   */
  public synchronized void handOver() throws IOException {
    renewing.shutdownNow();
    ended = true;
    claim = claim.handedOver();
    write(path, claim);
  }

  /** Ends the claim of a job that was handed over, as the job's last act. */
  public static void endIfSubmitted(String path) throws IOException {
    if (AtomicFile.exists(path) && read(path).submitted()) {
      end(path);
    }
  }

  /** Ends a claim; does nothing where it has ended. */
  public static void end(String path) throws IOException {
    FileSystems.delete(
        List.of(FileSystems.matchNewResource(path, /* isDirectory= */ false)),
        StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /** Gives the lease back. */
  @Override
  public void close() {
    renewing.shutdownNow();
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    try {
      end(path);
    } catch (IOException | RuntimeException e) {
      // The next process finds the claim unchanged, and takes over.
      LOG.warn("{} could not be deleted: {}", path, e.getMessage());
    }
  }

  private synchronized void renew() {
    if (ended) {
      return;
    }
    try {
      if (!AtomicFile.exists(path)) {
        // Both write the same bytes, so neither needs to be stopped.
        LOG.warn(
            "{} is gone: another process took this one for dead, and both now write to the"
                + " directory",
            path);
        ended = true;
        return;
      }
      claim = claim.renewed();
      write(path, claim);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} could not be renewed: {}", path, e.getMessage());
    }
  }

  /** Ends the claims of processes that are no more, and refuses where one is at work. */
  private static void endStaleClaims(String directory, Timing timing, Consumer<String> notice)
      throws IOException {
    Map<String, Claim> watched = claims(directory);
    for (String name : List.copyOf(watched.keySet())) {
      if (watched.get(name).hasEnded()) {
        end(AtomicFile.resolve(directory, name));
        watched.remove(name);
      }
    }
    if (watched.isEmpty()) {
      return;
    }
    for (Claim claim : watched.values()) {
      if (claim.isOfThisMachine()) {
        throw inUse(directory, claim);
      }
    }
    Claim first = watched.values().iterator().next();
    notice.accept(
        String.format(
            "%s was in use by %s; waiting %d s to see whether it still is.",
            directory, holder(first), timing.watch().toSeconds()));
    Map<String, String> before = files(directory);
    sleep(timing);
    Map<String, Claim> now = claims(directory);
    for (Map.Entry<String, Claim> claim : now.entrySet()) {
      if (!claim.getValue().equals(watched.get(claim.getKey()))) {
        throw inUse(directory, claim.getValue());
      }
    }
    if (now.values().stream().anyMatch(Claim::submitted) && !files(directory).equals(before)) {
      throw inUse(directory, first);
    }
    for (String name : now.keySet()) {
      end(AtomicFile.resolve(directory, name));
    }
  }

  private static void sleep(Timing timing) {
    try {
      timing.sleeper().sleep(timing.watch().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static IllegalStateException inUse(String directory, Claim claim) {
    return new IllegalStateException(
        String.format(
            "%s is in use by %s; wait for its end, or choose another directory",
            directory, holder(claim)));
  }

  private static String holder(Claim claim) {
    return claim.submitted()
        ? String.format("a job that was submitted from %s at %s", claim.host(), claim.since())
        : String.format("process %d on %s since %s", claim.process(), claim.host(), claim.since());
  }

  private static Map<String, Claim> claims(String directory) throws IOException {
    Map<String, Claim> claims = new TreeMap<>();
    for (Metadata file : match(directory + PREFIX + "*")) {
      String name = file.resourceId().getFilename();
      if (name.endsWith(AtomicFile.TEMPORARY)) {
        continue;
      }
      try {
        claims.put(name, read(file.resourceId().toString()));
      } catch (FileNotFoundException e) {
        // Ended since it was listed.
        continue;
      }
    }
    return claims;
  }

  private static Claim read(String path) throws IOException {
    try {
      return Json.RECORDS.readValue(AtomicFile.readText(path), Claim.class);
    } catch (JsonProcessingException e) {
      return Claim.UNREADABLE;
    }
  }

  private static Map<String, String> files(String directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Metadata file : match(directory + "**")) {
      if (!isClaim(file.resourceId().getFilename())) {
        files.put(file.resourceId().toString(), file.sizeBytes() + " " + file.lastModifiedMillis());
      }
    }
    return files;
  }

  private static List<Metadata> match(String pattern) throws IOException {
    return FileSystems.match(pattern, EmptyMatchTreatment.ALLOW).metadata();
  }

  private static void write(String path, Claim claim) throws IOException {
    AtomicFile.writeText(path, Json.pretty(claim) + "\n");
  }
}
