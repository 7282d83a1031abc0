package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
 * <p>Skipped if {@code terraform} is not on the path. {@link Terraform} describes where providers
 * come from.
 */
class TerraformTest {
  private static final Path ROOT = Path.of("terraform");
  @TempDir private static Path copy;

  private static Terraform terraform;

  @BeforeAll
  static void findTerraform() throws IOException, InterruptedException {
    Terraform.assumeIsThere();
    terraform = new Terraform(copy);
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

  /**
   * Downloads the modules and providers of the directory, unless the CLI configuration has them,
   * and validates it.
   */
  private static Terraform.Result prepare(String directory)
      throws IOException, InterruptedException {
    Terraform.Result modules = terraform.run(directory, "get", "-no-color");
    assertThat(modules.output(), modules.status(), is(0));
    Terraform.Result valid = terraform.run(directory, "validate", "-no-color");
    assumeTrue(
        !(valid.output().contains("development overrides")
            && valid.output().contains("does not support resource type")),
        "the provider that stands in for that of "
            + directory
            + " lacks one of its resources, so it is not tested: "
            + valid.output());
    if (valid.status() != 0 && valid.output().contains("terraform init")) {
      Terraform.Result init =
          terraform.run(directory, "init", "-backend=false", "-input=false", "-no-color");
      assumeTrue(
          init.status() == 0,
          "the providers of "
              + directory
              + " cannot be had, so it is not tested: "
              + init.output());
      valid = terraform.run(directory, "validate", "-no-color");
    }
    return valid;
  }

  @Test
  void filesAreFormatted() throws IOException, InterruptedException {
    Terraform.Result result =
        terraform.run(ROOT.toString(), "fmt", "-check", "-recursive", "-diff", "-no-color");
    assertThat("terraform fmt -recursive terraform", result.results(), is(emptyString()));
    assertThat(result.status(), is(0));
  }

  @ParameterizedTest
  @MethodSource("directories")
  void argumentsMatchTheProvidersAndTestsPass(String directory)
      throws IOException, InterruptedException {
    Terraform.Result valid = prepare(directory);
    assertThat(valid.output(), valid.status(), is(0));
    Terraform.Result tested = terraform.run(directory, "test", "-no-color");
    assertThat(tested.output(), tested.status(), is(0));
    assertThat(tested.output(), containsString("0 failed"));
    // Terraform succeeds on a directory without tests.
    assertThat(tested.output(), not(containsString("Success! 0 passed")));
  }

  @Test
  void everyModuleIsDocumented() throws IOException {
    assertThat(directories().size(), greaterThan(0));
    for (String directory : directories()) {
      boolean isModule = directory.contains("modules");
      List<String> wanted =
          isModule
              ? List.of(
                  "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md", "tests")
              : List.of("main.tf", "variables.tf", "tests");
      for (String file : wanted) {
        assertThat(directory + "/" + file, Files.exists(Path.of(directory, file)), is(true));
      }
    }
  }

  /** A variable without a type or description is hard to use. */
  @Test
  void everyVariableIsTypedAndDescribed() throws IOException {
    for (String directory : directories()) {
      String text = Files.readString(Path.of(directory, "variables.tf"));
      for (String block : Splitter.onPattern("(?m)^(?=variable )").split(text)) {
        if (block.startsWith("variable ")) {
          assertThat(block, containsString("\n  description = \""));
          assertThat(block, containsString("\n  type "));
        }
      }
    }
  }
}
