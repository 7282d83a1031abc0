package io.tardiff.schematransforms;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import org.apache.beam.fn.harness.ExternalWorkerService;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.expansion.service.ExpansionService;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.PortablePipelineOptions;

/**
 * Starts Beam's expansion service, or with {@code workers host:port} the Java workers of a machine
 * in a cluster: the main class of the jar for Beam YAML and Python.
 *
 * <p>The workers are started on request, in one process, so that TensorFlow is loaded once. A
 * runner without Docker finds them at an address that is the same on all of its machines.
 *
 * <p>Beam's worker stops without closing its gRPC channels, and gRPC logs a stack trace for each of
 * them. They look like failures of a pipeline that in fact succeeded, so they are not logged.
 */
@Internal
public final class ExpansionServiceLauncher {
  /** Held strongly, because the log manager may otherwise discard the logger and its filter. */
  private static final Logger ORPHANS =
      Logger.getLogger(
          "org.apache.beam.vendor.grpc.v1p69p0.io.grpc.internal.ManagedChannelOrphanWrapper");

  private ExpansionServiceLauncher() {}

  /**
   * Runs {@link ExpansionService} with the given arguments, or {@link ExternalWorkerService} if the
   * first one is {@code workers}.
   */
  public static void main(String[] arguments) throws Exception {
    // A filter, because the worker resets the levels of all loggers when it starts.
    ORPHANS.setFilter(logged -> false);
    if (arguments.length > 0 && arguments[0].equals("workers")) {
      serveWorkers(Arrays.copyOfRange(arguments, 1, arguments.length));
    } else {
      ExpansionService.main(arguments);
    }
  }

  private static void serveWorkers(String[] arguments) throws Exception {
    if (arguments.length != 1 || !arguments[0].matches("[^\\s:/]+:\\d{1,5}")) {
      throw new IllegalArgumentException(
          "workers needs an address as host:port, was " + String.join(" ", arguments));
    }
    PortablePipelineOptions options = PipelineOptionsFactory.as(PortablePipelineOptions.class);
    options.setDefaultEnvironmentType("EXTERNAL");
    options.setDefaultEnvironmentConfig(arguments[0]);
    var unused = new ExternalWorkerService(options).start();
    new CountDownLatch(1).await();
  }
}
