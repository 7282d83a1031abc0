package io.tardiff.sharing;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Reference-counted instances, one per key and JVM, shared by all worker threads.
 *
 * <p>A graph takes seconds to build and its weights take memory, but a session can be run by many
 * threads at once. This is the project's only static mutable state.
 *
 * <pre>{@code
 * SharedInstances.Lease<Sampler> lease = SharedInstances.acquire(key, () -> Sampler.load(directory));
 * lease.get();     // in @ProcessElement
 * lease.close();   // in @Teardown
 * }</pre>
 */
public final class SharedInstances {
  private static final Map<String, Entry> ENTRIES = new HashMap<>();

  private SharedInstances() {}

  private static final class Entry {
    private final AutoCloseable value;
    private int users;

    private Entry(AutoCloseable value) {
      this.value = value;
    }
  }

  /** A lease on a shared instance, which is closed with its last lease. */
  public static final class Lease<V extends AutoCloseable> implements AutoCloseable {
    private final String key;
    private final V value;
    private boolean open = true;

    private Lease(String key, V value) {
      this.key = key;
      this.value = value;
    }

    public V get() {
      return value;
    }

    @Override
    public void close() {
      synchronized (ENTRIES) {
        if (open) {
          open = false;
          release(key);
        }
      }
    }
  }

  /** Leases the instance for {@code key}, creating it with {@code make} if there is none. */
  @SuppressWarnings("unchecked") // one key, one type: callers prefix the key with the class
  public static <V extends AutoCloseable> Lease<V> acquire(String key, Supplier<V> make) {
    synchronized (ENTRIES) {
      Entry entry = ENTRIES.get(key);
      if (entry == null) {
        entry = new Entry(make.get());
        ENTRIES.put(key, entry);
      }
      entry.users++;
      return new Lease<>(key, (V) entry.value);
    }
  }

  private static void release(String key) {
    Entry entry = ENTRIES.get(key);
    if (--entry.users == 0) {
      ENTRIES.remove(key);
      try {
        entry.value.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot close " + key, e);
      }
    }
  }
}
