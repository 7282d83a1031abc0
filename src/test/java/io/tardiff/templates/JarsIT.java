package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tardiff.templates.flink.ClusterLauncher;
import io.tardiff.templates.flink.FlinkCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the packaged jars must and must not contain. */
class JarsIT {
  private static JarFile open(String classifier) throws IOException {
    Path jar = Path.of("target/tardiff-beam-" + Version.get() + "-" + classifier + ".jar");
    assumeTrue(Files.exists(jar), jar + " is not there: mvn package makes it");
    return new JarFile(jar.toFile());
  }

  private static List<String> entries(JarFile jar, String... prefixes) {
    List<String> found = new ArrayList<>();
    for (String prefix : prefixes) {
      jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(prefix) && name.endsWith(".class"))
          .limit(3)
          .forEach(found::add);
    }
    return found;
  }

  private static String service(JarFile jar, String name) throws IOException {
    return new String(
        jar.getInputStream(jar.getEntry("META-INF/services/" + name)).readAllBytes(),
        StandardCharsets.UTF_8);
  }

  @Test
  void jobJarHasBeamsRunnerAndNothingOfFlink() throws IOException {
    try (JarFile jar = open("flink")) {
      assertThat(
          entries(
              jar,
              "org/apache/flink/",
              "org/tensorflow/",
              "org/bytedeco/",
              "com/google/protobuf/",
              "org/slf4j/",
              "org/apache/log4j/",
              "org/apache/logging/",
              "com/esotericsoftware/",
              "com/twitter/chill/",
              "org/apache/beam/runners/direct/"),
          is(empty()));
      assertThat(
          jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS),
          is(ClusterLauncher.class.getName()));
      assertThat(
          service(jar, "org.apache.beam.sdk.runners.PipelineRunnerRegistrar").strip(),
          is("org.apache.beam.runners.flink.FlinkRunnerRegistrar$Runner"));
      assertThat(jar.getEntry("io/tardiff/templates/flink/FlinkSession.class") != null, is(true));
    }
  }

  @Test
  void theRunnableJarHasNothingOfFlink() throws IOException {
    try (JarFile jar = open("direct")) {
      assertThat(
          entries(
              jar, "org/apache/flink/", "org/apache/beam/runners/flink/", "com/esotericsoftware/"),
          is(empty()));
      assertThat(
          service(jar, "org.apache.beam.sdk.runners.PipelineRunnerRegistrar").strip(),
          is("org.apache.beam.runners.direct.DirectRegistrar$Runner"));
    }
  }

  @Test
  void jarForFlinksLibIsTensorFlow() throws IOException {
    Path lib = Path.of("target/flink-lib");
    assumeTrue(Files.exists(lib), lib + " is not there: mvn package makes it");
    try (Stream<Path> files = Files.list(lib)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString().replaceFirst("-\\d.*", ""))
              .distinct()
              .toList();
      assertThat(
          names,
          hasItems(
              "tensorflow-core-api",
              "tensorflow-core-native",
              "ndarray",
              "javacpp",
              "protobuf-java"));
      assertThat(names.size(), is(5));
    }
    try (Stream<Path> files = Files.list(lib)) {
      // Its classes, and the native library of the platform.
      assertThat(
          files.filter(file -> file.toString().contains("tensorflow-core-native")).count(), is(2L));
    }
  }

  private static FlinkCluster.Outcome java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return FlinkCluster.run(Map.of(), command);
  }

  @Test
  void jobJarRunAloneExplainsItsUse() throws IOException {
    try (JarFile jar = open("flink")) {
      FlinkCluster.Outcome outcome = java("-jar", jar.getName(), "tardiff");
      assertThat(outcome.status(), is(1));
      assertThat(outcome.output(), containsString("flink run or templates/flink/"));

      Path logger =
          Path.of(
              LoggerFactory.class.getProtectionDomain().getCodeSource().getLocation().getPath());
      outcome =
          java(
              "-cp",
              jar.getName() + ":" + logger,
              Launcher.class.getName(),
              "ingest",
              "--source=simulated",
              "--output=target/never");
      assertThat(outcome.status(), is(2));
      assertThat(
          outcome.output(),
          containsString(
              "  --runner=FlinkRunner needs Flink's own jars on the class path: use flink run,"));
      assertThat(Files.exists(Path.of("target/never")), is(false));
    }
  }
}
