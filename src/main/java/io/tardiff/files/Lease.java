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
 * A lease that gives one process at a time exclusive use of a directory on any Beam file system.
 *
 * <pre>{@code
 * try (Lease lease = Lease.take("gs://bucket/run/", out::println)) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Each process writes its own claim file, {@code run.lease-<random>}, and then lists all claims.
 * If two processes start at once, at least one sees the other's claim and withdraws. This only
 * requires that a listing shows all files written before it, which all file systems guarantee.
 * Beam's {@link FileSystems} offers no create-if-absent that all of them honour.
 *
 * <p>The holder renews its claim every 15 seconds. A process that finds a claim watches it for 60
 * seconds. It fails if the claim changes and takes over otherwise. Clocks of different machines are
 * never compared. There is no wait for a claim from the same machine, because its process can be
 * looked up.
 *
 * <p>A process that submits a job to a cluster and exits calls {@link #handOver}. The claim is not
 * renewed from then on, so a later process watches the other files in the directory instead. The
 * job deletes the claim with {@link #endIfSubmitted}.
 */
@Internal
public final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private static final String PREFIX = "run.lease-";

  private static final Timing TIMING =
      new Timing(Duration.ofSeconds(15), Duration.ofSeconds(60), Thread::sleep);

  /** The interval between renewals, and how long another process's claim is watched. */
  record Timing(Duration renewal, Duration watch, Sleeper sleeper) {}

  /** {@link Thread#sleep}, replaced in tests. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(long millis) throws InterruptedException;
  }

  /**
   * The content of a claim.
   *
   * @param machine boot id and process namespace of the machine; empty if unknown
   * @param process process id
   * @param processStarted start time of the process, because process ids are reused
   * @param since when the claim was created
   * @param renewals number of renewals
   * @param submitted whether the claim was handed over to a submitted job
   */
  record Claim(
      String host,
      String machine,
      long process,
      String processStarted,
      String since,
      long renewals,
      boolean submitted) {

    /** Stands for a damaged claim. A live holder rewrites it while it is being watched. */
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

    /** Returns whether its process can be looked up, which makes waiting unnecessary. */
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

    /** Process ids are unique only within one boot and one process namespace. */
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
  private final ScheduledExecutorService renewer;
  private Claim claim;
  private boolean released;

  private Lease(String path, Claim claim, Timing timing) {
    this.path = path;
    this.claim = claim;
    this.renewer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lease");
              thread.setDaemon(true);
              return thread;
            });
    long millis = timing.renewal().toMillis();
    renewer.scheduleAtFixedRate(this::renew, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the lease. Waits for up to a minute if there is a claim whose holder may have died.
   *
   * @param directory path that ends with a separator; need not exist
   * @param notice receives a line that explains the wait before it begins
   * @throws IllegalStateException if another process holds the lease
   */
  public static Lease take(String directory, Consumer<String> notice) throws IOException {
    return take(directory, Claim.ofThisProcess(), TIMING, notice);
  }

  @VisibleForTesting
  static Lease take(String directory, Claim claim, Timing timing, Consumer<String> notice)
      throws IOException {
    deleteStaleClaims(directory, timing, notice);
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

  /** Returns whether a file name is that of a claim, as opposed to content of the directory. */
  public static boolean isClaim(String name) {
    return name.startsWith(PREFIX);
  }

  /** Returns the path of the claim file. */
  public String path() {
    return path;
  }

  /**
   * Hands the claim over to a job that continues without this process. Afterwards, {@link #close}
   * does nothing.
   */
  public synchronized void handOver() throws IOException {
    renewer.shutdownNow();
    released = true;
    claim = claim.handedOver();
    write(path, claim);
  }

  /** Deletes a claim that was handed over to a job. The job calls this when it is done. */
  public static void endIfSubmitted(String path) throws IOException {
    if (AtomicFile.exists(path) && read(path).submitted()) {
      end(path);
    }
  }

  /** Deletes a claim, if it still exists. */
  public static void end(String path) throws IOException {
    FileSystems.delete(
        List.of(FileSystems.matchNewResource(path, /* isDirectory= */ false)),
        StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  /** Releases the lease, unless it was handed over. */
  @Override
  public void close() {
    renewer.shutdownNow();
    synchronized (this) {
      if (released) {
        return;
      }
      released = true;
    }
    try {
      end(path);
    } catch (IOException | RuntimeException e) {
      // The next process sees that the claim does not change and takes over.
      LOG.warn("{} could not be deleted: {}", path, e.getMessage());
    }
  }

  private synchronized void renew() {
    if (released) {
      return;
    }
    try {
      if (!AtomicFile.exists(path)) {
        // Both write the same bytes, so this process can continue.
        LOG.warn(
            "{} was deleted by a process that assumed this one had died; both now write to the"
                + " directory",
            path);
        released = true;
        return;
      }
      claim = claim.renewed();
      write(path, claim);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} could not be renewed: {}", path, e.getMessage());
    }
  }

  /** Deletes the claims of dead processes; throws if a process is alive. */
  private static void deleteStaleClaims(String directory, Timing timing, Consumer<String> notice)
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
            "%s is in use by %s; wait until it ends, or choose another directory",
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
        // Deleted since it was listed.
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
