package io.tardiff.tensorflow;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One instance of a model per JVM, counted: many workers' threads use the same session.
 *
 * <p>A graph takes seconds to build and its weights take memory, while a session may be run by many
 * threads at once. This is the only state in statics of the project.
 *
 * <pre>{@code
 * SharedSessions.Lease<Sampler> lease = SharedSessions.acquire(key, () -> Sampler.load(directory));
 * lease.get();     // in @ProcessElement
 * lease.close();   // in @Teardown
 * }</pre>
 */
public final class SharedSessions {
  private static final Map<String, Entry> ENTRIES = new HashMap<>();

  private SharedSessions() {}

  private static final class Entry {
    private final AutoCloseable value;
    private int users;

    private Entry(AutoCloseable value) {
      this.value = value;
    }
  }

  /** A claim on a shared instance; the instance is closed with the last claim. */
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

  /** The instance for {@code key}, made by {@code make} if there is none yet. */
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
