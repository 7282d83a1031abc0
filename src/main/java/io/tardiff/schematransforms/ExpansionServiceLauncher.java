package io.tardiff.schematransforms;

import java.util.logging.Logger;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.expansion.service.ExpansionService;

/**
 * Starts Beam's expansion service: the main class of the jar for Beam YAML and Python.
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

  /** Runs {@link ExpansionService} with the given arguments. */
  public static void main(String[] arguments) throws Exception {
    // A filter, because the worker resets the levels of all loggers when it starts.
    ORPHANS.setFilter(logged -> false);
    ExpansionService.main(arguments);
  }
}
