package io.tardiff.templates;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Terraform modules and examples: their format, their arguments against the providers' schemas,
 * and their own tests.
 *
 * <p>Skipped where {@code terraform} is not on the path. Providers come from the registry; where
 * that is out of reach, from the CLI configuration named by {@code -Dtardiff.terraform.cliConfig}
 * or {@code TF_CLI_CONFIG_FILE}, or by a script that sets the latter: {@code
 * -Dtardiff.terraform.environment}, by default that of the directory {@code shared} beside the
 * project.
 */
class TerraformTest {
  private static final Path ROOT = Path.of("terraform");
  private static final Path SCRIPT =
      Path.of(
          System.getProperty(
              "tardiff.terraform.environment",
              "../shared/tools/terraform-schema-provider/env.sh"));
  private static final String CLI_CONFIG = "TF_CLI_CONFIG_FILE";

  /** A copy, as Terraform writes beside the files it reads. */
  @TempDir private static Path copy;

  private static final Map<String, String> ENVIRONMENT = new HashMap<>();

  private record Result(int status, String output) {}

  @BeforeAll
  static void findTerraform() throws IOException, InterruptedException {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "terraform")));
    assumeTrue(there, "terraform is not on the PATH: the modules are not tested");
    copy(ROOT);
    copy(Path.of("templates"));
    String cliConfig = System.getProperty("tardiff.terraform.cliConfig", System.getenv(CLI_CONFIG));
    if (cliConfig != null) {
      ENVIRONMENT.put(CLI_CONFIG, cliConfig);
    } else if (Files.exists(SCRIPT)) {
      Result result =
          run(Path.of("."), "bash", "-c", ". \"$0\" >/dev/null && env", SCRIPT.toString());
      assumeTrue(result.status() == 0, SCRIPT + " failed: " + result.output());
      for (String line : result.output().split("\n")) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          ENVIRONMENT.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
    }
  }

  private static void copy(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(p -> !p.toString().contains(".terraform")).toList()) {
        Path target = copy.resolve(path.toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  static List<String> directories() throws IOException {
    try (Stream<Path> paths = Files.walk(ROOT)) {
      return paths
          .filter(path -> path.getFileName().toString().equals("main.tf"))
          .map(path -> path.getParent().toString())
          .sorted()
          .toList();
    }
  }

  private static Result terraform(String directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("terraform"));
    command.addAll(List.of(arguments));
    return run(copy.resolve(directory), command.toArray(String[]::new));
  }

  private static Result run(Path directory, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(copy, "out", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(ENVIRONMENT);
    builder.environment().put("CHECKPOINT_DISABLE", "1");
    builder.environment().put("TF_IN_AUTOMATION", "1");
    Process process = builder.start();
    boolean ended = process.waitFor(5, MINUTES);
    process.destroyForcibly();
    String text = Files.readString(out);
    assertThat(String.join(" ", command) + " ended:\n" + text, ended, is(true));
    return new Result(process.exitValue(), text);
  }

  /** Gets what the directory needs: modules, and providers unless the CLI configuration has them. */
  private static void prepare(String directory) throws IOException, InterruptedException {
    Result modules = terraform(directory, "get", "-no-color");
    assertThat(modules.output(), modules.status(), is(0));
    Result valid = terraform(directory, "validate", "-no-color");
    if (valid.status() != 0 && valid.output().contains("terraform init")) {
      Result init = terraform(directory, "init", "-backend=false", "-input=false", "-no-color");
      assumeTrue(
          init.status() == 0,
          "the providers of " + directory + " cannot be had, so it is not tested: " + init.output());
    }
  }

  @Test
  void filesAreFormatted() throws IOException, InterruptedException {
    Result result = terraform(ROOT.toString(), "fmt", "-check", "-recursive", "-diff", "-no-color");
    assertThat("terraform fmt -recursive terraform", result.output(), is(emptyString()));
    assertThat(result.status(), is(0));
  }

  @ParameterizedTest
  @MethodSource("directories")
  void argumentsAreThoseOfTheProviders(String directory) throws IOException, InterruptedException {
    prepare(directory);
    Result result = terraform(directory, "validate", "-no-color");
    assertThat(result.output(), result.status(), is(0));
  }

  @ParameterizedTest
  @MethodSource("directories")
  void testsPass(String directory) throws IOException, InterruptedException {
    prepare(directory);
    Result result = terraform(directory, "test", "-no-color");
    assertThat(result.output(), result.status(), is(0));
    assertThat(result.output(), containsString("0 failed"));
    // Terraform is content with a directory without tests.
    assertThat(result.output(), not(containsString("Success! 0 passed")));
  }

  @Test
  void everyModuleHasWhatAUserNeeds() throws IOException {
    assertThat(directories().size(), greaterThan(0));
    for (String directory : directories()) {
      boolean isModule = directory.contains("modules");
      List<String> wanted =
          isModule
              ? List.of("main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md", "tests")
              : List.of("main.tf", "variables.tf", "tests");
      for (String file : wanted) {
        assertThat(directory + "/" + file, Files.exists(Path.of(directory, file)), is(true));
      }
    }
  }

  /** A variable without a type or a description is one nobody can use. */
  @Test
  void everyVariableIsTypedAndDescribed() throws IOException {
    for (String directory : directories()) {
      String text = Files.readString(Path.of(directory, "variables.tf"));
      for (String block : text.split("(?m)^(?=variable )")) {
        if (block.startsWith("variable ")) {
          assertThat(block, containsString("\n  description = \""));
          assertThat(block, containsString("\n  type "));
        }
      }
    }
  }
}
