package io.tardiff;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares the public API of the library with a listing, so that reviews show its changes. {@code
 * mvn test -Dtest=PublicApiTest -Dtardiff.api=write} rewrites the listing.
 */
class PublicApiTest {
  private static final Path LISTING = Path.of("src/test/resources/api/public-api.txt");
  private static final Path CLASSES = Path.of("target/classes");

  /** Not part of the listing: the templates are used from a command line. */
  private static final String TEMPLATES = "io.tardiff.templates.";

  @Test
  void matchesTheListing() throws Exception {
    List<String> api = api();
    if ("write".equals(System.getProperty("tardiff.api"))) {
      Files.createDirectories(LISTING.getParent());
      Files.write(LISTING, api);
    }
    TreeSet<String> added = new TreeSet<>(api);
    TreeSet<String> removed = new TreeSet<>(Files.readAllLines(LISTING));
    removed.removeAll(api);
    added.removeAll(Files.readAllLines(LISTING));
    assertThat(
        "the public API differs from "
            + LISTING
            + "; if that is intended, rewrite it with mvn test -Dtest=PublicApiTest"
            + " -Dtardiff.api=write\nadded: "
            + String.join("\n       ", added)
            + "\nremoved: "
            + String.join("\n         ", removed),
        api,
        is(Files.readAllLines(LISTING)));
  }

  /**
   * Returns one line per public type, each followed by its public and protected members, sorted.
   */
  private static List<String> api() throws Exception {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CLASSES.resolve("io/tardiff"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        String path = CLASSES.relativize(file).toString();
        String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
        if (name.startsWith(TEMPLATES) || name.endsWith("package-info")) {
          continue;
        }
        Class<?> type = Class.forName(name, /* initialize= */ false, loader());
        if (isVisible(type)) {
          lines.add(declaration(type));
          lines.addAll(members(type));
        }
      }
    }
    return lines;
  }

  private static ClassLoader loader() {
    return PublicApiTest.class.getClassLoader();
  }

  private static boolean isVisible(Class<?> type) {
    for (Class<?> t = type; t != null; t = t.getDeclaringClass()) {
      if ((t.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) == 0) {
        return false;
      }
    }
    return !type.isAnonymousClass() && !type.isLocalClass() && !type.isSynthetic();
  }

  private static String declaration(Class<?> type) {
    StringBuilder line = new StringBuilder(type.toGenericString());
    if (type.getGenericSuperclass() != null && type.getSuperclass() != Object.class) {
      line.append(" extends ").append(type.getGenericSuperclass().getTypeName());
    }
    Arrays.stream(type.getGenericInterfaces())
        .map(java.lang.reflect.Type::getTypeName)
        .sorted()
        .forEach(implemented -> line.append(" implements ").append(implemented));
    return line.toString();
  }

  private static TreeSet<String> members(Class<?> type) throws IOException {
    TreeSet<String> lines = new TreeSet<>();
    Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
        .flatMap(Arrays::stream)
        .map(Member.class::cast)
        .filter(member -> !member.isSynthetic())
        .filter(m -> (m.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
        .forEach(member -> lines.add("  " + text(member)));
    return lines;
  }

  private static String text(Member member) {
    AnnotatedElement element = (AnnotatedElement) member;
    String deprecated = element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
    String declared =
        member instanceof Field field
            ? field.toGenericString()
            : ((Executable) member).toGenericString();
    String owner = member.getDeclaringClass().getName() + ".";
    return deprecated + declared.replace(owner + member.getName(), member.getName());
  }
}
