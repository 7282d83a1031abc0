package io.tardiff.files;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A file of an artefact is missing or is not what was written. The message names the file and says
 * what to do.
 *
 * <p>It is its own type because a step that finds it in its own output makes that output again,
 * where any other failure to read ends the run.
 */
public final class DamagedFileException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private static final String REMEDY =
      ": restore it from a copy, or run the step that wrote it again";

  private DamagedFileException(String message) {
    // The cause repeats the message, so that whoever looks for the root finds the file too.
    super(message, new IOException(message));
  }

  /** The file at {@code path} is there and wrong. */
  public static DamagedFileException damaged(String path, String what) {
    return new DamagedFileException(path + " is damaged: " + what + REMEDY);
  }

  /** The same, with what a decoder made of it. */
  public static DamagedFileException damaged(String path, String what, Throwable decoder) {
    DamagedFileException damaged = damaged(path, what);
    damaged.addSuppressed(decoder);
    return damaged;
  }

  /** A manifest lists the file at {@code path}, which is not there. */
  public static DamagedFileException missing(String path) {
    return new DamagedFileException(
        path + " is missing, although " + Manifest.FILE + " lists it" + REMEDY);
  }
}
