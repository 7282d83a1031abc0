package io.tardiff.templates;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs {@code terraform} on a copy of the modules, because it writes to the directories it reads.
 *
 * <p>Providers come from the registry, or from the mirror of a CLI configuration given by {@code
 * -Dtardiff.terraform.cliConfig} or {@code TF_CLI_CONFIG_FILE}, or by a script that sets the
 * latter: {@code -Dtardiff.terraform.environment}, by default that of the directory {@code shared}
 * next to the project.
 */
public final class Terraform {
  private static final Path SCRIPT =
      Path.of(
          System.getProperty(
              "tardiff.terraform.environment", "../shared/tools/terraform-schema-provider/env.sh"));
  private static final String CLI_CONFIG = "TF_CLI_CONFIG_FILE";

  private final Path copy;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * The exit status and output of a command.
   *
   * @param output the whole output
   * @param results the output without warnings and errors
   */
  public record Result(int status, String output, String results) {}

  /** Copies the files that the modules read to a directory. */
  public Terraform(Path copy) throws IOException, InterruptedException {
    this.copy = copy;
    copy(Path.of("terraform"));
    copy(Path.of("templates"));
    environment.put("CHECKPOINT_DISABLE", "1");
    environment.put("TF_IN_AUTOMATION", "1");
    String cliConfig =
        System.getProperty(
            "tardiff.terraform.cliConfig", System.getenv().getOrDefault(CLI_CONFIG, ""));
    // The variable may name a file that does not exist.
    if (Files.exists(Path.of(cliConfig)) && !cliConfig.isEmpty()) {
      environment.put(CLI_CONFIG, cliConfig);
    } else if (Files.exists(SCRIPT)) {
      Result set =
          execute(
              Path.of("."), List.of("bash", "-c", ". \"$0\" >/dev/null && env", SCRIPT.toString()));
      assumeTrue(set.status() == 0, SCRIPT + " failed: " + set.output());
      for (String line : set.results().lines().toList()) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          environment.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
    }
  }

  /** Skips the test if Terraform is not installed. */
  public static void assumeIsThere() {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "terraform")));
    assumeTrue(there, "terraform is not on the PATH: the modules are not tested");
  }

  private void copy(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(p -> !p.toString().contains(".terraform")).toList()) {
        Path target = copy.resolve(path.toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /** Runs {@code terraform arguments} in a directory of the copy. */
  public Result run(String directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("terraform"));
    command.addAll(List.of(arguments));
    return execute(copy.resolve(directory), command);
  }

  private Result execute(Path directory, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(copy, "out", ".txt");
    Path err = Files.createTempFile(copy, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean ended = process.waitFor(8, MINUTES);
    process.destroyForcibly();
    String results = Files.readString(out);
    String output = results + Files.readString(err);
    assertThat(String.join(" ", command) + " ended:\n" + output, ended, is(true));
    return new Result(process.exitValue(), output, results);
  }
}
