package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Printed output contains neither terminal control characters nor credentials. */
class ConsoleTest {
  private static final String HIDDEN = "PLANTED-7d1f";

  @TempDir Path directory;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream stream =
      Console.printable(new PrintStream(printed, true, StandardCharsets.UTF_8));

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private int launch(String... arguments) {
    return new Launcher(Launcher.TEMPLATES, stream, stream, Clock.systemUTC(), 100).run(arguments);
  }

  @Test
  void linesAreSanitised() {
    stream.printf("Größe %s%n", "a\u001b[2Jb\r");
    stream.println("https://user:" + HIDDEN + "@host");
    stream.print("no end");
    stream.flush();
    assertThat(
        printed().replace(System.lineSeparator(), "\n"),
        is("Größe a\\u001b[2Jb\\r\nhttps://***@host\nno end"));
  }

  @Test
  void onlyConsolePrints() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      List<String> printing =
          sources
              .filter(Files::isRegularFile)
              .filter(ConsoleTest::prints)
              .map(file -> file.getFileName().toString())
              .toList();
      assertThat(printing, is(List.of("Console.java")));
    }
  }

  private static boolean prints(Path source) {
    try {
      return Files.readString(source)
          .lines()
          .filter(line -> !line.strip().startsWith("*"))
          .anyMatch(line -> line.contains("System.out") || line.contains("System.err"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void namesHeadersAndMappingsAreEscaped() throws IOException {
    String attack = "\u001b]0;owned\u0007\u202e";
    Path input = Files.createDirectory(directory.resolve("in"));
    Files.writeString(input.resolve("vitals" + attack + ".csv"), "patient" + attack + ",b\n1,2\n");
    Path mapping = directory.resolve("mapping.yaml");
    Files.writeString(
        mapping,
        """
        tables:
          vitals%s: {files: '*.csv', subject: patient, stay: stay, time: charted, columns: {hr: HR}}
        """
            .formatted("\u202e"));
    for (String debug : List.of("--debug=false", "--debug=true")) {
      assertThat(
          launch(
              "ingest",
              "--source=tables",
              "--mapping=" + mapping,
              "--input=" + input,
              "--output=" + directory.resolve("out" + debug),
              debug),
          is(not(0)));
    }
    assertThat(launch("ingest", "--input=" + attack, "--source=" + attack), is(Launcher.USAGE));
    assertThat(launch("ingest" + attack), is(Launcher.USAGE));
    assertThat(
        printed(),
        allOf(
            containsString("\\u001b]0;owned\\u0007\\u202e"),
            not(containsString("\u001b")),
            not(containsString("\u0007")),
            not(containsString("\u202e"))));
  }

  @Test
  void credentialsAreRejectedAndNotPrinted() {
    for (String value :
        List.of(
            "s3://user:" + HIDDEN + "@bucket/data",
            "abfs://data/x?sig=" + HIDDEN,
            "jdbc:postgresql://host/icu?password=" + HIDDEN)) {
      for (String option : List.of("input", "output", "mapping", "concepts")) {
        assertThat(
            launch("ingest", "--source=tables", "--debug", "--" + option + "=" + value),
            is(Launcher.USAGE));
        assertThat(printed(), containsString("--" + option + " must hold no credentials"));
        printed.reset();
      }
    }
    // Runner options may contain credentials; messages must not show them.
    launch(
        "ingest",
        "--source=simulated",
        "--output=" + directory.resolve("out"),
        "--gcpTempLocation=gs://a/b?token=" + HIDDEN,
        "--targetParallelism=password=" + HIDDEN,
        "--jobName=a",
        "--jobName=secret=" + HIDDEN);
    assertThat(printed(), containsString("--targetParallelism"));
    assertThat(printed(), not(containsString(HIDDEN)));
  }
}
