package io.tardiff.templates;

/** What the program was started with. */
final class ClassPath {
  private ClassPath() {}

  /** Whether there is a class of that name, without initialising it. */
  static boolean has(String name) {
    try {
      Class.forName(name, /* initialize= */ false, ClassPath.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      return false;
    }
  }
}
