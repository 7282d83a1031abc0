package io.tardiff.sharing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SharedInstancesTest {

  private static final class Model implements AutoCloseable {
    boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void isCreatedOnceAndClosedWithTheLastLease() {
    SharedInstances.Lease<Model> first = SharedInstances.acquire("test one", Model::new);
    SharedInstances.Lease<Model> second = SharedInstances.acquire("test one", Model::new);
    Model model = first.get();
    assertSame(model, second.get());
    first.close();
    first.close();
    assertFalse(model.closed, "closing a lease twice must not count twice");
    second.close();
    assertTrue(model.closed);
    try (SharedInstances.Lease<Model> third = SharedInstances.acquire("test one", Model::new)) {
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
                    SharedInstances.acquire(
                        "test many",
                        () -> {
                          created.incrementAndGet();
                          return new Model();
                        }))
            .toList();
    assertEquals(1, created.get());
    leases.forEach(SharedInstances.Lease::close);
    assertTrue(leases.get(0).get().closed);
  }

  @Test
  void failedCreationIsRetried() {
    assertThrows(
        IllegalStateException.class,
        () ->
            SharedInstances.acquire(
                "test failing",
                () -> {
                  throw new IllegalStateException("no");
                }));
    try (SharedInstances.Lease<Model> lease = SharedInstances.acquire("test failing", Model::new)) {
      assertFalse(lease.get().closed);
    }
  }
}
