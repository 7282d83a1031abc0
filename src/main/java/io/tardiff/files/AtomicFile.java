package io.tardiff.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;

/**
 * Reads and writes whole files on any Beam file system.
 *
 * <p>A file is written under a temporary name in the same directory and renamed when complete. A
 * reader therefore sees the old file or the new one, never a partial one, and a bundle that runs
 * twice leaves the same file.
 */
@Internal
public final class AtomicFile {

  /**
   * Suffix that keeps the leftovers of a killed worker from matching any pattern of input files.
   */
  static final String TEMPORARY = ".tmp";

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /** Returns the path of {@code name} in {@code directory}, on the file system of the directory. */
  public static String resolve(String directory, String name) {
    return FileSystems.matchNewResource(directory, /* isDirectory= */ true)
        .resolve(name, StandardResolveOptions.RESOLVE_FILE)
        .toString();
  }

  /** Returns the last part of a path. */
  public static String name(String path) {
    return FileSystems.matchNewResource(path, /* isDirectory= */ false).getFilename();
  }

  /** Writes a file, replacing an existing one. */
  public static void write(String path, Content content) throws IOException {
    ResourceId target = FileSystems.matchNewResource(path, /* isDirectory= */ false);
    ResourceId temporary =
        FileSystems.matchNewResource(
            path + "." + UUID.randomUUID() + TEMPORARY, /* isDirectory= */ false);
    try {
      try (OutputStream out =
          Channels.newOutputStream(FileSystems.create(temporary, MimeTypes.BINARY))) {
        content.writeTo(out);
      }
      FileSystems.rename(List.of(temporary), List.of(target));
    } catch (IOException e) {
      // Messages such as "No space left on device" name no file.
      throw deleting(temporary, new IOException("cannot write " + path + ": " + e.getMessage(), e));
    } catch (RuntimeException e) {
      throw deleting(temporary, e);
    }
  }

  /**
   * Deletes the temporary file of a failed write. Returns the failure, with any failure of the
   * deletion suppressed in it.
   */
  private static <E extends Exception> E deleting(ResourceId temporary, E failure) {
    try {
      FileSystems.delete(List.of(temporary), StandardMoveOptions.IGNORE_MISSING_FILES);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Writes a UTF-8 text file, replacing an existing one. */
  public static void writeText(String path, String text) throws IOException {
    write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Opens a file; the caller closes it.
   *
   * @throws FileNotFoundException if there is no such file
   */
  public static InputStream open(String path) throws IOException {
    try {
      return Channels.newInputStream(
          FileSystems.open(FileSystems.matchNewResource(path, /* isDirectory= */ false)));
    } catch (IOException e) {
      // Java also throws this exception if the user may not read the file.
      if (e instanceof FileNotFoundException && !exists(path)) {
        throw e;
      }
      throw new IOException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a UTF-8 text file that this library wrote.
   *
   * @throws IOException if it is larger than {@link Bounds#ARTEFACT_JSON_BYTES}
   */
  public static String readText(String path) throws IOException {
    return readText(path, Bounds.ARTEFACT_JSON_BYTES);
  }

  static String readText(String path, int limit) throws IOException {
    try (InputStream in = open(path)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new IOException("cannot read " + path + ": it is larger than " + limit + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Returns whether a file exists. */
  public static boolean exists(String path) throws IOException {
    try {
      FileSystems.matchSingleFileSpec(path);
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }
}
