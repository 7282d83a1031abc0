package io.tardiff.templates;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/** What the program was started with. */
public final class ClassPath {
  private ClassPath() {}

  /** Whether there is a class of that name, without initialising it. */
  public static boolean has(String name) {
    try {
      Class.forName(name, /* initialize= */ false, ClassPath.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      return false;
    }
  }

  /** Where this program is: the jar it runs from, or a directory of classes. */
  public static Optional<Path> own() {
    try {
      return Optional.of(
          Path.of(ClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
