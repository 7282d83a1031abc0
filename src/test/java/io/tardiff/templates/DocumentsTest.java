package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.tardiff.options.OptionCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages, sections, files, options and Maven executions named in the documents exist. */
class DocumentsTest {
  private static final Path README = Path.of("README.md");
  private static final Path MANUAL = Path.of("src/site/markdown");
  private static final Path INDEX = MANUAL.resolve("index.md");

  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--([A-Za-z][\\w-]*)");
  private static final Pattern EXECUTION = Pattern.compile("exec:(?:java|exec)@([\\w-]+)");
  private static final Pattern FILE =
      Pattern.compile("`((?:samples|src|templates|terraform)/[\\w./-]+)`");

  /** Programs with options of their own; a command extends over continued lines. */
  private static final Pattern FOREIGN_COMMAND =
      Pattern.compile("(?m)^ *(?:docker|gcloud|python|terraform|flink) (?:[^\\n]*\\\\\\n)*[^\\n]*");

  /** Options of this project's scripts, and of other programs named in text. */
  private static final Set<String> OTHER_OPTIONS =
      Set.of(
          "build-arg",
          "cluster",
          "dir",
          "environment_type",
          "flink-master",
          "wait",
          "restarts",
          "runs",
          "sampleIds",
          "service_port",
          "set",
          "help",
          "parameters",
          "project",
          "region");

  static List<Path> documents() throws IOException {
    List<Path> documents =
        new ArrayList<>(
            List.of(
                README, Path.of("CONTRIBUTING.md"), Path.of("CHANGES.md"), Path.of("SECURITY.md")));
    documents.addAll(pages());
    for (String root : List.of("templates", "terraform")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files
            .filter(file -> file.endsWith("README.md") && !file.toString().contains(".terraform"))
            .forEach(documents::add);
      }
    }
    return documents;
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(MANUAL)) {
      return files.sorted().toList();
    }
  }

  @Test
  void readmeIsShort() throws IOException {
    assertThat(Files.size(README), is(lessThanOrEqualTo(10_240L)));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksAreValid(Path document) throws IOException {
    assertThat(brokenLinks(document, Files.readString(document)), is(empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a](missing.md)", "[a](#nowhere)", "[a](options.md#nowhere)"})
  void aBrokenLinkIsFound(String text) throws IOException {
    assertThat(brokenLinks(INDEX, text).size(), is(1));
    assertThat(
        brokenLinks(INDEX, "[a](options.md#options) [b](https://beam.apache.org)").size(), is(0));
  }

  @Test
  void everyPageIsReachedFromTheIndex() throws IOException {
    Set<Path> reached = new HashSet<>();
    Deque<Path> next = new ArrayDeque<>(List.of(INDEX));
    while (!next.isEmpty()) {
      Path page = next.pop();
      if (reached.add(page)) {
        targets(page, Files.readString(page)).stream()
            .filter(target -> target.startsWith(MANUAL))
            .forEach(next::add);
      }
    }
    assertThat(pages().size(), is(greaterThan(10)));
    List<Path> unreached = pages().stream().filter(page -> !reached.contains(page)).toList();
    assertThat(unreached, is(empty()));
    assertThat(targets(README, Files.readString(README)), hasItem(INDEX));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void optionsExist(Path document) throws IOException {
    assertThat(unknownOptions(Files.readString(document)), is(empty()));
  }

  @Test
  void anOptionThatDoesNotExistIsFound() {
    assertThat(unknownOptions("Set `--emaDecay`, not `--emaDecoy`."), is(Set.of("emaDecoy")));
    assertThat(unknownOptions("```\nrun ingest \\\n  --inptu=a\n```"), is(Set.of("inptu")));
    assertThat(unknownOptions("```\ndocker push \\\n  --all-tags a\n```"), is(Set.of()));
    assertThat(
        unknownOptions("```\ndocker push a\nrun ingest --inptu=a\n```"), is(Set.of("inptu")));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void filesExist(Path document) throws IOException {
    List<String> missing =
        FILE.matcher(Files.readString(document))
            .results()
            .map(file -> file.group(1))
            .filter(file -> !Files.exists(Path.of(file)))
            .toList();
    assertThat(missing, is(empty()));
  }

  /** exec:java ignores a main class given on the command line and would run the launcher. */
  @Test
  void mavenCommandsAreValid() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    Set<String> named = new TreeSet<>();
    List<Path> sources = new ArrayList<>(documents());
    for (String root : List.of("src/main/java", "src/benchmarks/java", "samples/java")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files.filter(Files::isRegularFile).forEach(sources::add);
      }
    }
    List<String> benchmarks = new ArrayList<>();
    for (Path source : sources) {
      String text = Files.readString(source);
      assertThat(source.toString(), text.contains("exec.mainClass"), is(false));
      EXECUTION.matcher(text).results().forEach(execution -> named.add(execution.group(1)));
      Matcher benchmark = Pattern.compile("-Dbenchmark=(\\w+)").matcher(text);
      benchmark.results().forEach(name -> benchmarks.add(name.group(1)));
    }
    assertThat(named, hasItems("benchmark", "options", "sample"));
    for (String execution : named) {
      assertThat(execution, pom.contains("<id>" + execution + "</id>"));
    }
    assertThat(benchmarks, hasItems("SpeedBenchmark", "SelectionStudy"));
    for (String benchmark : benchmarks) {
      Path source = Path.of("src/benchmarks/java/io/tardiff/benchmarks", benchmark + ".java");
      assertThat(source.toString(), Files.exists(source));
    }
  }

  private static List<String> brokenLinks(Path document, String text) throws IOException {
    List<String> broken = new ArrayList<>();
    for (String link : links(text)) {
      int hash = link.indexOf('#');
      Path target = target(document, link);
      String page = hash == 0 ? text : "";
      if (!Files.exists(target)) {
        broken.add(link);
      } else if (hash >= 0) {
        page = hash == 0 ? text : Files.readString(target);
        if (!anchors(page).contains(link.substring(hash + 1))) {
          broken.add(link);
        }
      }
    }
    return broken;
  }

  private static List<Path> targets(Path document, String text) {
    return links(text).stream().map(link -> target(document, link)).toList();
  }

  private static List<String> links(String text) {
    return LINK.matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.startsWith("https://"))
        .toList();
  }

  private static Path target(Path document, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path root = Path.of("").toAbsolutePath();
    return path.isEmpty()
        ? document
        : root.relativize(document.toAbsolutePath().resolveSibling(path).normalize());
  }

  /** Returns the anchors that GitHub derives from headings. */
  private static Set<String> anchors(String text) {
    return HEADING
        .matcher(BLOCK.matcher(text).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\w -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Set<String> unknownOptions(String text) {
    Set<String> known = new HashSet<>(OTHER_OPTIONS);
    known.addAll(OptionCatalogue.beamOptions().keySet());
    for (Template<?> template : Launcher.TEMPLATES) {
      OptionCatalogue.of(template.optionsType()).all().forEach(option -> known.add(option.name()));
    }
    String ours =
        BLOCK
            .matcher(text)
            .replaceAll(block -> Matcher.quoteReplacement(withoutForeignCommands(block)));
    return OPTION
        .matcher(ours)
        .results()
        .map(option -> option.group(1))
        .filter(name -> !known.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String withoutForeignCommands(MatchResult block) {
    return FOREIGN_COMMAND.matcher(block.group()).replaceAll("");
  }
}
