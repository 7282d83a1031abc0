package io.tardiff.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SharedSessionsTest {

  private static final class Model implements AutoCloseable {
    boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void isCreatedOnceAndClosedWithTheLastLease() {
    SharedSessions.Lease<Model> first = SharedSessions.acquire("test one", Model::new);
    SharedSessions.Lease<Model> second = SharedSessions.acquire("test one", Model::new);
    Model model = first.get();
    assertSame(model, second.get());
    first.close();
    first.close();
    assertFalse(model.closed, "closing a lease twice must not count twice");
    second.close();
    assertTrue(model.closed);
    try (SharedSessions.Lease<Model> third = SharedSessions.acquire("test one", Model::new)) {
      assertNotSame(model, third.get());
    }
  }

  @Test
  void manyThreadsCreateOne() {
    AtomicInteger created = new AtomicInteger();
    var leases =
        IntStream.range(0, 50)
            .parallel()
            .mapToObj(
                i ->
                    SharedSessions.acquire(
                        "test many",
                        () -> {
                          created.incrementAndGet();
                          return new Model();
                        }))
            .toList();
    assertEquals(1, created.get());
    leases.forEach(SharedSessions.Lease::close);
    assertTrue(leases.get(0).get().closed);
  }

  @Test
  void failedCreationIsRetried() {
    assertThrows(
        IllegalStateException.class,
        () ->
            SharedSessions.acquire(
                "test failing",
                () -> {
                  throw new IllegalStateException("no");
                }));
    try (SharedSessions.Lease<Model> lease = SharedSessions.acquire("test failing", Model::new)) {
      assertFalse(lease.get().closed);
    }
  }
}
