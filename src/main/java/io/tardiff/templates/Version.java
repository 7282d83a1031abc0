package io.tardiff.templates;

import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The version of the program, set by the build. */
public final class Version {
  private Version() {}

  public static String get() {
    try {
      return Resources.toString(
              Resources.getResource(Version.class, "version.txt"), StandardCharsets.UTF_8)
          .strip();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the version of the program", e);
    }
  }
}
