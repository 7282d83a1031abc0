package io.tardiff.ehr.signals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Lines of a file one by one, none of them longer than memory can hold. */
final class BoundedLines implements AutoCloseable {
  /** The largest sets have 2 MB a line. */
  private static final int LIMIT = 1 << 26;

  private final BufferedReader reader;
  private long number;
  private boolean ended = true;
  private boolean tooLong;

  BoundedLines(InputStream in) {
    reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
  }

  /** The next line, without its end; null after the last one and after one that is too long. */
  @Nullable String next() throws IOException {
    if (tooLong) {
      return null;
    }
    StringBuilder line = new StringBuilder();
    ended = false;
    int c;
    while ((c = reader.read()) >= 0) {
      if (c == '\n') {
        ended = true;
        break;
      }
      line.append((char) c);
      if (line.length() > LIMIT) {
        tooLong = true;
        return null;
      }
    }
    if (c < 0 && line.isEmpty()) {
      ended = true;
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

  /** Number of the last line, from 1. */
  long number() {
    return number;
  }

  /** Whether the last line had an end; where it had none the file may break off within it. */
  boolean ended() {
    return ended;
  }

  /** Whether a line was too long to be one of a set. */
  boolean tooLong() {
    return tooLong;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
