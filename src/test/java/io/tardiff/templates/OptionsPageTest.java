package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/options.md");

  static List<Template<?>> templates() {
    return Launcher.TEMPLATES;
  }

  @Test
  void thePageAgreesWithTheDeclarations(@TempDir Path directory) throws Exception {
    String page = OptionsPage.page(Launcher.TEMPLATES);
    assertThat(
        PAGE + " differs from the options; regenerate it: mvn -q compile exec:java@options",
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        is(page));
    OptionsPage.main(new String[] {directory.resolve("page.md").toString()});
    assertThat(Files.readString(directory.resolve("page.md")), is(page));
    assertThrows(IllegalArgumentException.class, () -> OptionsPage.main(new String[0]));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void everyOptionOfATemplateIsListed(Template<?> template) {
    String page = OptionsPage.page(List.of(template));
    for (Option option : OptionCatalogue.of(template.optionsType()).all()) {
      assertThat(page, containsString("\n| `--" + option.name() + "`"));
      assertThat(page, containsString(option.description()));
    }
  }

  @Test
  void aGroupNamesTheTemplatesThatHaveIt() {
    String page = OptionsPage.page(Launcher.TEMPLATES);
    assertThat(page, containsString("## Source\n\nIn `tardiff`, `ingest`.\n"));
    // The same heading with other options is another group.
    assertThat(page, containsString("\nIn `train`, `evaluate`.\n\n"));
  }

  @Test
  void defaultsRequirementsAndPresetsAreShown() {
    String page = OptionsPage.page(Launcher.TEMPLATES);
    assertThat(page, containsString("| `--output` \\* | `directory` | required |"));
    assertThat(
        page,
        containsString(
            "| `--trainingSteps` | `integer` | `4000`; quickstart: `600`; paper: `60000` |"));
    assertThat(page, containsString("| `--selection` | `none`, `herding` | quickstart: `none` |"));
    assertThat(
        page,
        containsString(
            "| `--selectionTarget` | one or more of `train`, `tuning` | `train,tuning` |"));
    assertThat(page, containsString("| `--stratified` | `true`, `false` | `false` |"));
  }
}
