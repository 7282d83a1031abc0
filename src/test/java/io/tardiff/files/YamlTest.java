package io.tardiff.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  @TempDir Path directory;

  @Test
  void plainTreesAreRead() throws IOException {
    assertThat(Yaml.tree("a: {b: [1, 2]}\n").at("/a/b/1").asInt(), is(2));
    assertThat(Yaml.tree("").isMissingNode(), is(true));
    assertThat(Yaml.parse("f.yaml", "# nothing\n").size(), is(0));
  }

  private static String refused(String text) {
    return assertThrows(IllegalArgumentException.class, () -> Yaml.parse("f.yaml", text))
        .getMessage();
  }

  /** Expanding the aliases would give a billion strings. */
  @Test
  void aliasesAreRefused() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [ha, ha]\n");
    for (int i = 1; i < 30; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(
        refused(laughs.toString()), allOf(containsString("f.yaml"), containsString("aliases")));
    assertThat(refused("a: &x 1\nb: *x\n"), containsString("line 2"));
  }

  @ParameterizedTest
  @ValueSource(ints = {51, 100_000})
  void deepTreesAreRefused(int depth) {
    assertThat(refused("a: " + "[".repeat(depth)), containsString("f.yaml"));
    assertThat(refused("a: " + "{b: ".repeat(depth)), containsString("f.yaml"));
  }

  @Test
  void longNumbersAreTexts() throws IOException {
    assertThat(Yaml.tree("a: " + "1".repeat(1_000_000)).get("a").isTextual(), is(true));
  }

  @Test
  void largeFilesAreRefused() throws IOException {
    Path yaml = directory.resolve("large.yaml");
    Files.writeString(yaml, "a: " + "b".repeat(Bounds.YAML_BYTES));
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> Yaml.read(yaml.toString(), "dictionary"));
    assertThat(
        e.getCause().getMessage(),
        allOf(containsString("large.yaml"), containsString("larger than 1048576 bytes")));
    Path json = directory.resolve("model.json");
    Files.write(json, new byte[Bounds.ARTEFACT_JSON_BYTES + 1]);
    assertThat(
        assertThrows(IOException.class, () -> AtomicFile.readText(json.toString())).getMessage(),
        allOf(containsString("model.json"), containsString("larger than 16777216 bytes")));
  }
}
