package io.tardiff;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks the names of metrics, and that all of them are documented. */
class MetricsTest {
  private static final Path PAGE = Path.of("src/site/markdown/metrics.md");

  private static final Pattern METRIC =
      Pattern.compile(
          "Metrics\\s*\\.(?:counter|gauge|distribution)\\(\\s*([^,]+),\\s*(\"[^\"]*\"|[^)]*\\))\\s*\\)");

  @Test
  void namesAreConsistentAndDocumented() throws IOException {
    String page = Files.readString(PAGE);
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (Path file : sources()) {
      Matcher metric = METRIC.matcher(Files.readString(file));
      while (metric.find()) {
        found++;
        String namespace = metric.group(1).strip();
        String name = metric.group(2).strip();
        if (!namespace.matches("\"tardiff\\.[a-z][a-z0-9_.]*\"( \\+ [a-zA-Z.()]+)?")) {
          wrong.add(file + ": namespace " + namespace);
        } else if (!page.contains("`" + namespace.split("\"", -1)[1])) {
          wrong.add(file + ": " + namespace + " is not in " + PAGE);
        }
        if (name.startsWith("\"") && !name.matches("\"[a-z][a-zA-Z]*\"")) {
          wrong.add(file + ": name " + name);
        } else if (name.startsWith("\"") && !page.contains("`" + name.replace("\"", "") + "`")) {
          wrong.add(file + ": " + name + " is not in " + PAGE);
        }
      }
    }
    assertThat(found, greaterThan(25));
    assertThat(wrong, is(empty()));
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  @Test
  void everyReasonToSkipAFhirResourceIsDocumented() throws IOException {
    String page = Files.readString(PAGE);
    Matcher reason =
        Pattern.compile("[A-Z_]+\\(\"([a-zA-Z]+)\", ")
            .matcher(Files.readString(Path.of("src/main/java/io/tardiff/ehr/fhir/Skip.java")));
    int found = 0;
    while (reason.find()) {
      found++;
      assertThat(page, containsString("`" + reason.group(1) + "`"));
    }
    assertThat(found, greaterThan(5));
  }
}
