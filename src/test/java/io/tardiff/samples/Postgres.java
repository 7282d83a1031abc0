package io.tardiff.samples;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A temporary PostgreSQL server, from the programs of Debian's package. */
final class Postgres implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path directory;
  private final int port;

  private Postgres(Path programs, Path directory, int port) {
    this.programs = programs;
    this.directory = directory;
    this.port = port;
  }

  /** Starts a server, or skips the test if PostgreSQL is not installed. */
  static Postgres start() throws IOException, InterruptedException {
    Optional<Path> programs = programs();
    assumeTrue(programs.isPresent(), "PostgreSQL is not installed: no " + INSTALLED + "/*/bin");
    // Not the directory of the test, because another user needs access.
    Path directory = Files.createTempDirectory("tardiff-postgres");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Postgres server = new Postgres(programs.get(), directory, port);
    if (isRoot()) {
      Files.setOwner(
          directory,
          directory
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName("postgres"));
    }
    server.run("initdb", "-D", server.data(), "-U", "etl", "-A", "trust", "--no-sync");
    server.run(
        "pg_ctl",
        "-D",
        server.data(),
        "-l",
        directory.resolve("log").toString(),
        "-w",
        "-o",
        "-p " + port + " -c listen_addresses=127.0.0.1 -c fsync=off -k " + directory,
        "start");
    return server;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=etl";
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run("pg_ctl", "-D", data(), "-m", "immediate", "stop");
    List<Path> all;
    try (Stream<Path> paths = Files.walk(directory)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  /** Returns the programs of the newest installed version. */
  private static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      // PostgreSQL refuses to run as root.
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path output = directory.resolve(program + ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(2, MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException(program + " did not finish: " + Files.readString(output));
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(program + " failed: " + Files.readString(output));
    }
  }
}
