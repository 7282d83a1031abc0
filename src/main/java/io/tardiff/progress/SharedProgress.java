package io.tardiff.progress;

import io.tardiff.sharing.SharedInstances;

/**
 * A {@link Progress} that all worker threads of a JVM advance together, each through an instance of
 * its own.
 *
 * <pre>{@code
 * @Setup
 * public void setUp() {
 *   progress = SharedProgress.start("cutting " + directory, "Cutting windows", 0, "patients");
 * }
 *
 * @ProcessElement
 * public void process(...) {
 *   progress.advance(1);
 * }
 *
 * @Teardown
 * public void tearDown() {
 *   progress.close();
 * }
 * }</pre>
 *
 * <p>The phase ends when its total is reached, if that is known, because runners tear a step down
 * late, while others run; otherwise it ends with the last instance that is closed. Not thread-safe.
 */
public final class SharedProgress implements AutoCloseable {
  /** Units, and time, after which an instance tells the others. */
  private static final long STRIDE = 256;

  private static final long NANOS = 1_000_000_000L;

  private final SharedInstances.Lease<Progress> lease;
  private final long stride;
  private long pending;
  private long flushed = System.nanoTime();

  private SharedProgress(SharedInstances.Lease<Progress> lease, long stride) {
    this.lease = lease;
    this.stride = stride;
  }

  /**
   * Starts a phase, or joins it if another instance with the same key has started it.
   *
   * @param total as in {@link Progress#start}
   */
  public static SharedProgress start(String key, String phase, long total, String unit) {
    return new SharedProgress(
        SharedInstances.acquire(
            "progress|" + phase + "|" + key, () -> Progress.start(phase, total, unit)),
        total == 0 ? STRIDE : 1);
  }

  /** Adds {@code count} units done. */
  public void advance(long count) {
    pending += count;
    if (pending >= stride || System.nanoTime() - flushed >= NANOS) {
      flush();
    }
  }

  /** See {@link Progress#note}. */
  public void note(String format, Object... arguments) {
    lease.get().note(format, arguments);
  }

  /** See {@link Progress#working}. */
  public Progress.Working working(String what) {
    return lease.get().working(what);
  }

  private void flush() {
    Progress all = lease.get();
    if (pending > 0) {
      all.advance(pending);
      pending = 0;
      flushed = System.nanoTime();
    }
    if (all.isComplete()) {
      all.close();
    }
  }

  @Override
  public void close() {
    lease.get().addLate(pending);
    pending = 0;
    lease.close();
  }
}
