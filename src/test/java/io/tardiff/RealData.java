package io.tardiff;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data sets of real patients, which are not part of the project, in the directory given by the
 * system property {@code tardiff.data}.
 */
public final class RealData {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("tardiff.data", "../shared/data")).toAbsolutePath().normalize();

  private RealData() {}

  /** Returns the path of a data set or one of its files, which may not exist. */
  public static Path at(String name) {
    return DIRECTORY.resolve(name);
  }

  /** Skips the test with a message if a data set is missing. */
  public static void require(Path path) {
    assumeTrue(
        Files.exists(path),
        DIRECTORY.relativize(path) + " does not exist (set -Dtardiff.data): skipped");
  }
}
