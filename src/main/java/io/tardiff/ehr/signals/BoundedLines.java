package io.tardiff.ehr.signals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads a file line by line with a limit on the length of a line, so that it fits into memory. */
final class BoundedLines implements AutoCloseable {
  /** The largest sets have lines of 2 MB. */
  private static final int LIMIT = 1 << 26;

  private final BufferedReader reader;
  private long number;
  private boolean terminated = true;
  private boolean tooLong;

  BoundedLines(InputStream in) {
    reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
  }

  /**
   * Returns the next line without its line end; null after the last line or one that is too long.
   */
  @Nullable String next() throws IOException {
    if (tooLong) {
      return null;
    }
    StringBuilder line = new StringBuilder();
    terminated = false;
    int c;
    while ((c = reader.read()) >= 0) {
      if (c == '\n') {
        terminated = true;
        break;
      }
      line.append((char) c);
      if (line.length() > LIMIT) {
        tooLong = true;
        return null;
      }
    }
    if (c < 0 && line.isEmpty()) {
      terminated = true;
      return null;
    }
    number++;
    if (number == 1 && line.length() > 0 && line.charAt(0) == '\uFEFF') {
      line.deleteCharAt(0);
    }
    if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    return line.toString();
  }

  /** Number of the last line read, from 1. */
  long number() {
    return number;
  }

  /** Whether the last line read had a line end; if not, it may be truncated. */
  boolean terminated() {
    return terminated;
  }

  /** Whether a line exceeded the limit. */
  boolean tooLong() {
    return tooLong;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
