package io.tardiff.templates;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/** Queries the class path of the program. */
public final class ClassPath {
  private ClassPath() {}

  /** Returns whether a class exists, without initialising it. */
  public static boolean has(String name) {
    try {
      Class.forName(name, /* initialize= */ false, ClassPath.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      return false;
    }
  }

  /** Returns the jar this program runs from, or its directory of classes. */
  public static Optional<Path> own() {
    try {
      return Optional.of(
          Path.of(ClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
