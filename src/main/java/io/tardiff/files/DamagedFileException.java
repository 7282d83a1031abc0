package io.tardiff.files;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Thrown if a file of an artefact is missing or its content is not what was written. The message
 * names the file and says what to do.
 *
 * <p>This is a separate type because a step that finds its own output damaged rebuilds it, whereas
 * any other read failure fails the run.
 */
public final class DamagedFileException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private static final String REMEDY =
      ": restore it from a copy, or run the step that wrote it again";

  private DamagedFileException(String message) {
    // The cause repeats the message, so that reports of the root cause also name the file.
    super(message, new IOException(message));
  }

  /** Returns an exception for a file that exists but has the wrong content. */
  public static DamagedFileException damaged(String path, String what) {
    return new DamagedFileException(path + " is damaged: " + what + REMEDY);
  }

  /** Like {@link #damaged(String, String)}, with the decoder's exception as suppressed. */
  public static DamagedFileException damaged(String path, String what, Throwable decoder) {
    DamagedFileException damaged = damaged(path, what);
    damaged.addSuppressed(decoder);
    return damaged;
  }

  /** Returns an exception for a file that a manifest lists but that does not exist. */
  public static DamagedFileException missing(String path) {
    return new DamagedFileException(
        path + " is missing, although " + Manifest.FILE + " lists it" + REMEDY);
  }
}
