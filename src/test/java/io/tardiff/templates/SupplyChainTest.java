package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.tardiff.files.Bounds;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** Images, build and documents satisfy the promises in SECURITY.md. */
class SupplyChainTest {
  static List<Path> dockerfiles() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("templates"))) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().endsWith("Dockerfile")).toList();
      assertThat(found.size(), is(greaterThanOrEqualTo(3)));
      return found;
    }
  }

  private static List<String> arguments(Path dockerfile, String instruction) throws IOException {
    return Files.readAllLines(dockerfile).stream()
        .filter(line -> line.startsWith(instruction + " "))
        .map(line -> line.substring(instruction.length()).strip())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void imagesDoNotRunAsRoot(Path dockerfile) throws IOException {
    List<String> users = arguments(dockerfile, "USER");
    assertThat(users.isEmpty(), is(false));
    String last = users.get(users.size() - 1);
    if (last.startsWith("${")) {
      String name = last.substring(2, last.length() - 1);
      last =
          arguments(dockerfile, "ARG").stream()
              .filter(argument -> argument.startsWith(name + "="))
              .map(argument -> argument.substring(name.length() + 1))
              .findFirst()
              .orElse("");
    }
    assertThat(List.of("", "0", "root").contains(last), is(false));
  }

  /** Users can then pin a base image by its digest. */
  @ParameterizedTest
  @MethodSource("dockerfiles")
  void baseImagesAreBuildArguments(Path dockerfile) throws IOException {
    assertThat(arguments(dockerfile, "FROM"), everyItem(startsWith("${")));
    assertThat(Files.readString(dockerfile), containsString("@sha256:..."));
    assertThat(arguments(dockerfile, "ARG").toString(), not(containsString("BASE=flink:latest")));
  }

  private static String pom(String path) throws Exception {
    Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
    return XPathFactory.newInstance().newXPath().evaluate(path, pom);
  }

  @Test
  void everyBuildWritesABillOfMaterials() throws Exception {
    String plugin = "/project/build/plugins/plugin[artifactId='cyclonedx-maven-plugin']";
    assertThat(pom(plugin + "//phase"), is("package"));
    assertThat(pom(plugin + "//goal"), is("makeBom"));
  }

  @Test
  void dependenciesAreChecked() throws Exception {
    String profile = "/project/profiles/profile[id='dependencies']/build";
    assertThat(pom(profile + "/defaultGoal"), is("validate"));
    assertThat(
        pom(profile + "//plugin[artifactId='license-maven-plugin']//goal"), is("add-third-party"));
    assertThat(
        pom(profile + "//plugin[artifactId='versions-maven-plugin']//goal[1]"),
        is("display-dependency-updates"));
  }

  /** The WebJar of ECharts declares another licence than ECharts itself. */
  @Test
  void licenceOfTheChartLibraryIsTheRightOne() throws Exception {
    assertThat(
        Files.readString(Path.of("src/license/override-THIRD-PARTY.properties")).strip(),
        is("org.webjars--echarts--" + pom("/project/properties/echarts.version") + "=Apache-2.0"));
  }

  /** The manual lists the value of every bound in the code. */
  @Test
  void everyBoundIsDocumented() throws Exception {
    String page = Files.readString(Path.of("src/site/markdown/limits-and-privacy.md"));
    String bounds = page.substring(page.indexOf("## Bounds"), page.indexOf("## Logs"));
    List<String> missing = new ArrayList<>();
    for (Field field : Bounds.class.getFields()) {
      long value = ((Number) field.get(null)).longValue();
      String name = field.getName();
      String shown;
      if (name.endsWith("_BYTES")) {
        shown = value < Bounds.MIB ? value / 1024 + " KiB" : number(value / Bounds.MIB) + " MiB";
      } else {
        shown = name.equals("RECORD_MIB") ? value + " MiB" : number(value);
      }
      if (!name.equals("MIB") && !bounds.matches("(?s).*[^\\d,]" + shown + "[^\\d,].*")) {
        missing.add(name + " = " + shown);
      }
    }
    assertThat(missing, is(List.of()));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Each row of the tables of failures names tests that exist. */
  @Test
  void everyFailureHasATest() throws IOException {
    Map<String, Path> classes;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      classes =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .collect(
                  Collectors.toMap(
                      file -> file.getFileName().toString().replace(".java", ""),
                      file -> file,
                      (one, another) -> one));
    }
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String line : Files.readAllLines(Path.of("src/site/markdown/failures.md"))) {
      if (!line.startsWith("| ") || line.startsWith("| fault ")) {
        continue;
      }
      rows++;
      String[] cells = line.split("\\|");
      String last = cells[cells.length - 1].strip();
      for (String test : last.split(",")) {
        String[] name = test.strip().replace("`", "").split("\\.");
        Path source = classes.get(name[0]);
        if (source == null
            || name.length > 1 && !Files.readString(source).contains("void " + name[1] + "(")) {
          wrong.add(line);
        }
      }
    }
    assertThat(wrong, is(List.of()));
    assertThat(rows, is(greaterThanOrEqualTo(60)));
  }
}
