package io.tardiff.schematransforms;

import java.util.logging.Logger;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.expansion.service.ExpansionService;

/**
 * The main class of the jar for Beam YAML and Python: Beam's expansion service, with its arguments.
 *
 * <p>Beam's worker ends without closing its channels, which gRPC logs with a stack trace each. In a
 * pipeline that went well these would be the last that its author reads, so they are left out.
 */
@Internal
public final class ExpansionServiceLauncher {
  /** Kept, as a logger that nobody holds is forgotten together with its filter. */
  private static final Logger ORPHANS =
      Logger.getLogger(
          "org.apache.beam.vendor.grpc.v1p69p0.io.grpc.internal.ManagedChannelOrphanWrapper");

  private ExpansionServiceLauncher() {}

  /** Starts the service. */
  public static void main(String[] arguments) throws Exception {
    // Not a level: the worker's start resets those.
    ORPHANS.setFilter(logged -> false);
    ExpansionService.main(arguments);
  }
}
