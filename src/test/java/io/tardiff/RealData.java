package io.tardiff;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data sets of real patients, which are no part of the project: in the directory that the system
 * property {@code tardiff.data} names.
 */
public final class RealData {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("tardiff.data", "../shared/data")).toAbsolutePath().normalize();

  private RealData() {}

  /** Where a data set, or a file of one, lies if it is here. */
  public static Path at(String name) {
    return DIRECTORY.resolve(name);
  }

  /** Skips the test, with a message that says why, where a data set is not here. */
  public static void require(Path path) {
    assumeTrue(
        Files.exists(path),
        DIRECTORY.relativize(path)
            + " is not on this machine (set -Dtardiff.data): nothing was tested");
  }
}
