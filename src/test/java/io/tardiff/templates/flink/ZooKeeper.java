package io.tardiff.templates.flink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServer;

/**
 * The ZooKeeper server that Flink brings along, in this process. A JobManager that uses it finds
 * its jobs again after a restart.
 */
final class ZooKeeper implements AutoCloseable {
  private static final int TICK_MILLIS = 1000;

  static {
    // It logs a stack trace for every process that ends.
    System.setProperty("org.slf4j.simpleLogger.log.org.apache.flink.shaded.zookeeper3", "error");
  }

  private final Path directory;
  private final ZooKeeperServer server;
  private final ServerCnxnFactory connections;

  /**
   * @param directory where it and Flink keep their state
   */
  ZooKeeper(Path directory) throws IOException {
    this.directory = directory;
    Path data = Files.createDirectories(directory.resolve("data"));
    connections =
        NIOServerCnxnFactory.createFactory(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* maxClientCnxns= */ 0);
    server = new ZooKeeperServer(data.toFile(), data.toFile(), TICK_MILLIS);
    try {
      connections.startup(server);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns Flink's settings that make it use this server, as {@code key=value}. */
  String[] settings() {
    return new String[] {
      "high-availability.type=zookeeper",
      "high-availability.zookeeper.quorum=127.0.0.1:" + connections.getLocalPort(),
      "high-availability.storageDir=" + directory.resolve("jobs").toUri()
    };
  }

  /**
   * Ends the session of a killed process, for which the next JobManager would otherwise wait a
   * minute.
   */
  void endSessionsWithoutConnection() {
    FlinkCluster.await(
        "the end of a connection",
        () -> {
          Set<Long> ended = new HashSet<>(server.getZKDatabase().getSessions());
          connections.getConnections().forEach(c -> ended.remove(c.getSessionId()));
          ended.forEach(server::closeSession);
          return !ended.isEmpty();
        });
  }

  @Override
  public void close() {
    connections.shutdown();
  }
}
